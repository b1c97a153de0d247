/*
 * crowd: the connections of a server that serves many at once in one thread.
 *
 * What select(), poll() and epoll have in common: sockets that do not block, a turn for each that
 * is ready, no memory for who is slow. How a server waits, and where it keeps what it waits for,
 * is its own; the loop is
 *
 *	while (crowd_goes_on(&crowd)) {
 *		wait for crowd_listening() and for each connection's `want`, at most
 *crowd_patience(); crowd_accept() if the listener is ready; crowd_advance(), and if it wants
 *WANT_CLOSE crowd_close(), for each that is ready;
 *	}
 *
 * Nothing is closed behind the server's back: a connection that must end is shut down, so that it
 * becomes ready and ends in its turn.
 */
#ifndef CSDESIGN_CROWD_H
#define CSDESIGN_CROWD_H

#include <stdbool.h>
#include <time.h>

#include "conn.h"
#include "server.h"

struct crowd {
	int listener;
	const struct rules *rules;
	sigset_t outside;          /* the signal mask to wait with */
	unsigned long connections; /* accepted since the start */
	unsigned present;
	struct conn *oldest, *newest; /* in the order they moved last */
	long full_until;              /* milliseconds; after a shortage in accept() */
	bool finishing;               /* the listener is closed */
};

/* Listen, catch the signals, say that it is ready. */
void crowd_start(struct crowd *crowd, const struct server *server);

/* False when the server was asked to stop and everybody has left, or the grace is over. Connections
 * that stood still for too long are shut down here. */
bool crowd_goes_on(struct crowd *crowd);

/* Whether to wait for the listener: not while there are no descriptors for more. */
bool crowd_listening(const struct crowd *crowd);

/* How long to wait at most: milliseconds, -1 for ever. */
int crowd_patience(const struct crowd *crowd);

/* A new connection that wants WANT_READ, or NULL. */
struct conn *crowd_accept(struct crowd *crowd);

/* Give it its turn. Returns conn->want. */
enum want crowd_advance(struct crowd *crowd, struct conn *conn);

/* Close and forget it. */
void crowd_close(struct crowd *crowd, struct conn *conn);

/* Close whoever is left and say so, and print the statistics. */
void crowd_report(struct crowd *crowd);

#endif
