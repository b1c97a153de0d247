/*
 * serv-epoll-edge: one process, many clients, edge-triggered epoll.
 *
 * The kernel tells once that something came, not that something is there (epoll(7) EPOLLET), and
 * each descriptor is registered once, for both directions. In return the server must remember who
 * is ready: it takes turns with all of them, and forgets one only after a turn in which nothing
 * moved, which is to say EAGAIN. It sleeps in epoll_wait() when nobody is left. The listener is
 * treated the same: it is ready until accept() says EAGAIN.
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>

#include "lib/crowd.h"
#include "lib/must.h"
#include "lib/stop.h"

enum { EVENTS = 64 };

/* Who may have something to read, or room to write; conn->slot is its place here, counted from 1.
 */
static struct {
	struct conn **conns;
	size_t count, room;
} ready;

static void add_ready(struct conn *conn)
{
	if (conn->slot > 0)
		return;
	if (ready.count == ready.room) {
		ready.room = ready.room ? 2 * ready.room : EVENTS;
		/* NOLINTNEXTLINE(bugprone-sizeof-expression): an array of pointers, indeed */
		ready.conns = must_ptr(realloc(ready.conns, ready.room * sizeof(*ready.conns)));
	}
	ready.conns[ready.count++] = conn;
	conn->slot = (unsigned)ready.count;
}

/* The last one takes its place. */
static void remove_ready(struct conn *conn)
{
	struct conn *last = ready.conns[--ready.count];

	ready.conns[conn->slot - 1] = last;
	last->slot = conn->slot;
	conn->slot = 0;
}

static void watch(int epoll, int fd, unsigned events, struct conn *conn)
{
	struct epoll_event event = {.events = events | EPOLLET, .data.ptr = conn};

	must(epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event));
}

/* A turn for each that was ready when it began; backwards, for who is removed is replaced by one
 * that has had its turn. */
static void take_turns(struct crowd *crowd)
{
	for (size_t i = ready.count; i-- > 0;) {
		struct conn *conn = ready.conns[i];
		enum want want = crowd_advance(crowd, conn);

		if (want == WANT_CLOSE || !conn->moved)
			remove_ready(conn);
		if (want == WANT_CLOSE)
			crowd_close(crowd, conn);
	}
}

/* Accept once; true as long as there may be more. */
static bool take_client(struct crowd *crowd, int epoll)
{
	errno = 0;
	struct conn *conn = crowd_accept(crowd);

	if (!conn)
		return errno != EAGAIN;
	watch(epoll, conn->fd, EPOLLIN | EPOLLOUT, conn);
	add_ready(conn);
	return true;
}

int main(int argc, char **argv)
{
	struct server server =
		server_options(argc, argv, NO_POOL, "One process, many clients: edge-triggered.");
	struct epoll_event events[EVENTS];
	bool clients_wait = false;
	struct crowd crowd;

	server_raise_descriptors();
	crowd_start(&crowd, &server);

	int epoll = must(epoll_create1(EPOLL_CLOEXEC));

	watch(epoll, crowd.listener, EPOLLIN, NULL);
	while (crowd_goes_on(&crowd)) {
		bool accepting = clients_wait && crowd_listening(&crowd) && !crowd.finishing;
		int patience = accepting || ready.count > 0 ? 0 : crowd_patience(&crowd);
		int told = stop_wait(epoll_wait(epoll, events, EVENTS, patience));

		for (int i = 0; i < told; i++) {
			if (events[i].data.ptr)
				add_ready(events[i].data.ptr);
			else
				clients_wait = true;
		}
		take_turns(&crowd);
		if (clients_wait && crowd_listening(&crowd) && !crowd.finishing)
			clients_wait = take_client(&crowd, epoll);
	}
	crowd_report(&crowd);
	free(ready.conns);
	return 0;
}
