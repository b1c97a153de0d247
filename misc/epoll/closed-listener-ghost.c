/*
 * epoll/closed-listener-ghost: an epoll goes on reporting a closed descriptor while a copy is open.
 *
 * What is registered is the open file, under the number it had. close() takes it from the epoll
 * only with the last reference; while there is a copy, made by dup(), fork() or in flight over a
 * Unix-domain socket, the event comes under a number that is closed. It cannot be taken off any
 * more: EPOLL_CTL_DEL looks for the number in the table of descriptors, where it is not (EBADF), or
 * is another file by now, and under the copy's number it was never registered (ENOENT). Only the
 * end of the copy ends it, or a descriptor with the same file under the same number.
 *
 * So a server that forks, or passes its listener on, takes a descriptor out of its epoll by
 * EPOLL_CTL_DEL before it closes it. One that gets events for a number it has closed has such a
 * ghost; for a listener that spins at full speed, since the event comes again and again.
 */
#include <fcntl.h>
#include <poll.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"

static int epoll;

/* The number that an event comes under: the listener's, though it is closed. */
static void tell_event(const char *name, int number)
{
	struct epoll_event event = {0};
	int count = must(epoll_wait(epoll, &event, 1, 0));

	fact_text(name, "%s",
		  count == 0                ? "none"
		  : event.data.fd == number ? "IN under the closed number"
					    : "another");
}

static void scene(void)
{
	int listener = listen_loopback(1), copy = must(fcntl(listener, F_DUPFD_CLOEXEC, 0));
	struct epoll_event event = {.events = EPOLLIN, .data.fd = listener};

	epoll = must(epoll_create1(EPOLL_CLOEXEC));
	must(epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event));
	must(close(listener));
	fact(epoll_ctl(epoll, EPOLL_CTL_DEL, listener, &event), "delete the closed number");
	fact(epoll_ctl(epoll, EPOLL_CTL_DEL, copy, &event), "delete the copy's number");

	int client = connect_loopback(copy);

	await_poll(copy, POLLIN);
	tell_event("event", listener);
	tell_event("event again", listener);
	if (client != listener)
		die("the closed number was not taken again");
	fact(epoll_ctl(epoll, EPOLL_CTL_DEL, listener, &event),
	     "delete the number of another file");
	tell_event("event after that", listener);

	must(dup3(copy, listener, O_CLOEXEC));
	fact(epoll_ctl(epoll, EPOLL_CTL_DEL, listener, &event), "delete the old file and number");
	tell_event("event after that", listener);
	must(epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event));
	must(close(listener));
	tell_event("event of another ghost", listener);
	must(close(copy));
	tell_event("event after the last close", listener);
}

int main(void)
{
	return over_both_families(scene);
}
