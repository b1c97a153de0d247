/*
 * peer: a TCP peer without a stack. A probe plays it by hand, one segment after the other, against
 * a socket of the kernel: the script is C, calls and segments in the order in which they happen.
 *
 *   struct peer peer;
 *   int listener = listen_loopback(1);
 *
 *   peer_open(&peer);
 *   peer_sends_to(&peer, listener, "S 0 mss 1000");
 *   peer_expects(&peer, "S. 0 seq 0 ack 1");
 *   peer_sends(&peer, ". 0");
 *   int fd = must(accept(listener, NULL, NULL));
 *   peer_sends(&peer, "R 0 seq 100");
 *   peer_hears(&peer, "RST in the window draws");   prints the fact "...: . 0 seq 1 ack 1"
 *
 * A line is that of segment.h. Numbers are relative, as in tests/pcap/README.md: a SYN is 0, its
 * sender's first byte is 1; a negative one is from before. What a line to send leaves out is what a
 * good peer would say: the next sequence number, an ACK of all that was heard, a window of 65535,
 * and timestamps when both SYNs had them. Payload is the alphabet, from the first byte of the
 * stream on. Of what is heard PSH is not shown: where the kernel puts it is an accident.
 *
 * A raw socket (raw(7)) sends and hears, on loopback, over the family being played (family.h). So
 * that the kernel's own TCP does not answer in its place, the peer's port belongs to a listener
 * whose filter drops all that arrives. This needs CAP_NET_RAW, which a world gives, no module and
 * no device. What a segment draws has been heard or never will be: all happens on one CPU, to which
 * peer_open() ties the process, where loopback keeps the order and a datagram from the process to
 * itself comes last. Only timers act later: for them there is peer_awaits().
 */
#ifndef CSDESIGN_PEER_H
#define CSDESIGN_PEER_H

#include <stdbool.h>
#include <stdint.h>

#include "segment.h"

struct peer {
	uint16_t port; /* its own, in host order: the kernel chose it */

	/* For the scene to change. */
	uint32_t isn;     /* initial sequence number, before the SYN is sent */
	unsigned shows;   /* COLUMN()s of peer_hears(): SEQ and ACKNO; more on demand */
	bool hears_again; /* whether it hears repetitions of what it heard; else they are passed
			     over */

	/* Its own. */
	int raw, silent, loop;
	uint16_t to;        /* the kernel's port */
	uint32_t their_isn; /* what the kernel's numbers count from */
	uint32_t next;      /* relative: what it will send next */
	uint32_t heard;     /* relative: what it has heard up to */
	uint32_t val;       /* its clock: the latest timestamp it has sent */
	uint32_t ecr;       /* the last timestamp it has heard */
	bool knows, answered, offered, stamps;
};

/* A peer with a port of its own. Impossible where raw sockets or socket filters are. */
void peer_open(struct peer *peer);

/* Its whole end: from now on the kernel itself answers for the port, which no other peer gets. */
void peer_close(struct peer *peer);

/* Let a segment arrive at the kernel's socket: when this returns, TCP has acted on it. The first
 * one says to whom: the port a socket is bound to. */
void peer_sends(struct peer *peer, const char *format, ...) __attribute__((format(printf, 2, 3)));
void peer_sends_to(struct peer *peer, int fd, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* A fact, "NAME: . 0 seq 1 ack 1": the next segment that the kernel has sent; "nothing" if there is
 * none. peer_awaits() waits for one: of a timer. */
void peer_hears(struct peer *peer, const char *name, ...) __attribute__((format(printf, 2, 3)));
void peer_awaits(struct peer *peer, const char *name, ...) __attribute__((format(printf, 2, 3)));

/* For setting the scene: the next segment of the kernel, which is waited for, must have these flags
 * and bytes, and what else the line says; else death, with both lines. */
void peer_expects(struct peer *peer, const char *line);

/* The same, bare: the next segment, whose numbers are relative. False where none comes for so long;
 * -1 waits for ever. */
bool peer_listens(struct peer *peer, int milliseconds, struct segment *heard);

/* Handshakes; `options` are those of the peer's SYN, "mss 1000 sackok", or "". The peer connects to
 * a listener, and the kernel accepts; or the kernel connects to the peer. They return the kernel's
 * end, established. */
int peer_connect(struct peer *peer, int listener, const char *options);
int peer_accept(struct peer *peer, const char *options);

/* The peer begins anew, from the same port: its numbers count from `further` beyond the old ones,
 * and the kernel's from its next SYN. */
void peer_forgets(struct peer *peer, int further);

/* For connect(): the peer's address. */
socklen_t peer_address(const struct peer *peer, struct sockaddr_storage *out);

#endif
