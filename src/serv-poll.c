/*
 * serv-poll: one process, many clients, poll().
 *
 * One array says who is waited for and what for, and poll() writes beside it what is ready
 * (UNP 6.10). It grows as clients come, without select()'s end; but each turn still hands the
 * whole array to the kernel. Entry 0 is the listener; a negative descriptor is passed over.
 */
#include <poll.h>
#include <stdlib.h>

#include "lib/crowd.h"
#include "lib/must.h"
#include "lib/stop.h"

static struct {
	struct pollfd *polls; /* polls[slot] stands for conns[slot] */
	struct conn **conns;
	unsigned used, room;
} table;

static void enter(struct conn *conn)
{
	unsigned slot = table.used++;

	if (slot == table.room) {
		table.room = table.room ? 2 * table.room : 64;
		table.polls = must_ptr(reallocarray(table.polls, table.room, sizeof(*table.polls)));
		table.conns =
			must_ptr(reallocarray(table.conns, table.room, sizeof(struct conn *)));
	}
	table.polls[slot] = (struct pollfd){.events = POLLIN, .fd = conn ? conn->fd : -1};
	table.conns[slot] = conn;
	if (conn)
		conn->slot = slot;
}

/* The last entry moves into the gap. */
static void leave(unsigned slot)
{
	unsigned last = --table.used;

	table.polls[slot] = table.polls[last];
	table.conns[slot] = table.conns[last];
	table.conns[slot]->slot = slot;
}

static void serve(struct crowd *crowd, struct conn *conn)
{
	enum want want = crowd_advance(crowd, conn);

	table.polls[conn->slot].events = want == WANT_READ ? POLLIN : POLLOUT;
	if (want == WANT_CLOSE) {
		leave(conn->slot);
		crowd_close(crowd, conn);
	}
}

int main(int argc, char **argv)
{
	struct server server =
		server_options(argc, argv, NO_POOL, "One process, many clients: poll().");
	struct crowd crowd;

	server_raise_descriptors();
	crowd_start(&crowd, &server);
	enter(NULL);

	while (crowd_goes_on(&crowd)) {
		table.polls[0].fd = crowd_listening(&crowd) ? crowd.listener : -1;
		if (stop_wait(poll(table.polls, table.used, crowd_patience(&crowd))) < 1)
			continue; /* interrupted, it need not have cleared what it said before */

		/* Downwards: whoever moves into a gap has had its turn. */
		for (unsigned slot = table.used - 1; slot > 0; slot--)
			if (table.polls[slot].revents != 0)
				serve(&crowd, table.conns[slot]);
		if (table.polls[0].revents != 0) {
			struct conn *conn = crowd_accept(&crowd);

			if (conn)
				enter(conn);
		}
	}
	crowd_report(&crowd);
	free(table.polls);
	free(table.conns);
	return 0;
}
