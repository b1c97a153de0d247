/*
 * conn: one connection, from its first request to its end: the protocol, for every server.
 *
 * A client sends a count and a newline, gets that many bytes of the pattern, and may ask again
 * until it ends the stream. conn_advance() takes one turn: on a socket that blocks it blocks, on
 * one that does not it goes as far as it can. Whatever ends a connection early is told in one
 * line on stderr and concerns that connection only.
 */
#ifndef CSDESIGN_CONN_H
#define CSDESIGN_CONN_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "request.h"

/* What the options say about every connection. */
struct rules {
	uint64_t limit;       /* bytes a request may ask for */
	bool read_is_request; /* the end of a read ends a request, as a newline does */
	int patience;         /* seconds a connection may stand still; 0: for ever */
};

/* What the connection waits for, now that its turn is over. */
enum want { WANT_READ, WANT_WRITE, WANT_CLOSE };

/* A few hundred bytes: replies are sent out of the pattern, so their size costs no memory. */
struct conn {
	int fd;
	const struct rules *rules;
	bool moved; /* the last turn moved at least a byte, or saw the end */
	bool ended; /* the client will send no more */
	struct request request;
	uint64_t size, sent;  /* of the reply */
	unsigned taken, held; /* input[taken] to input[held - 1] are not parsed yet */

	struct conn *older, *newer; /* for crowd.c, and so are these: */
	time_t moved_at;
	bool late; /* it stood still for too long */
	enum want want;
	unsigned slot; /* the server's own: where it keeps this connection */

	char input[256]; /* last: conn_start() leaves it as it is */
};

void conn_start(struct conn *conn, int fd, const struct rules *rules);

/* Take one turn: read once if there is nothing to do, then answer, but at most so much that
 * others get theirs: a reply of 1 GiB takes thousands of turns. With WANT_CLOSE it is over, and
 * what was wrong, if anything, was said; the caller closes. */
enum want conn_advance(struct conn *conn);

/* A whole connection on a socket that blocks, until WANT_CLOSE. SO_RCVTIMEO and SO_SNDTIMEO,
 * inherited from the listener, are what keeps `patience` here. */
void conn_serve(int fd, const struct rules *rules);

/* `prog: ADDRESS port PORT: what`; an address that is already gone is left out. */
void conn_complain(const struct conn *conn, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
