/*
 * epoll/edge-retrigger: EPOLLET reports what happens, not what there is.
 *
 * An edge-triggered event comes when the file wakes its waiters, which a socket does for each
 * arrival; and once when it is registered, or modified by EPOLL_CTL_MOD, if it is ready then. What
 * is left unread makes no event. But more data does, even where there was data before: the edge is
 * the arrival, not the change from empty to not empty. Readiness for writing is told along with it,
 * for one event tells all that holds at that moment. The end of a connection is an arrival like any
 * other: the reset is reported once, with all its marks, and never again.
 *
 * So with EPOLLET a server reads until EAGAIN, or remembers that it has not; and it looks at
 * EPOLLERR and EPOLLHUP at once, for they will not be repeated. EPOLL_CTL_MOD with the same events
 * asks for one more report.
 */
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"

static int epoll;

/* `timeout` of -1 where an event must come. EPOLLIN and the like are POLLIN and the like. */
static void tell_event(const char *name, int timeout)
{
	struct epoll_event event = {0};
	int count = must(epoll_wait(epoll, &event, 1, timeout));

	fact_text(name, "%s", count ? poll_mask((int)event.events) : "no event");
}

static void scene(void)
{
	int ends[2];
	char text[8];

	tcp_pair(ends);
	epoll = must(epoll_create1(EPOLL_CLOEXEC));

	struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET};

	must(epoll_ctl(epoll, EPOLL_CTL_ADD, ends[SERVER], &event));
	tell_event("registered", 0);
	tell_event("again", 0);
	send_all(ends[CLIENT], "hello", 5);
	tell_event("5 bytes arrived", -1);
	tell_event("again", 0);
	must_n(recv(ends[SERVER], text, 2, 0));
	tell_event("2 of them read", 0);
	send_all(ends[CLIENT], "world", 5);
	tell_event("5 more arrived", -1);
	tell_event("again", 0);
	must(epoll_ctl(epoll, EPOLL_CTL_MOD, ends[SERVER], &event));
	tell_event("modified, 8 unread", 0);
	tell_event("again", 0);
	recv_all(ends[SERVER], text, 8);
	must(epoll_ctl(epoll, EPOLL_CTL_MOD, ends[SERVER], &event));
	tell_event("modified, all read", 0);
	tell_event("again", 0);

	set_linger_zero(ends[CLIENT]);
	must(close(ends[CLIENT]));
	await_hangup(ends[SERVER]);
	tell_event("reset", -1);
	tell_event("again", 0);
	must(epoll_ctl(epoll, EPOLL_CTL_MOD, ends[SERVER], &event));
	tell_event("modified", 0);
	tell_event("again", 0);
}

int main(void)
{
	return over_both_families(scene);
}
