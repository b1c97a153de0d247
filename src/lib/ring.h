/*
 * ring: Unix-domain sockets that only hold each other, and the collector that finds them.
 */
#ifndef CSDESIGN_RING_H
#define CSDESIGN_RING_H

/* Make `pairs` pairs of the type that is played (variants.h), queue the receiving end of each in
 * that of the one before it, and close all. `cargo` is queued in the first of them, too, unless it
 * is -1; the caller's own copy stays open. */
void orphan_ring(int pairs, int cargo);

/* How many Unix-domain sockets this network namespace has (/proc/net/unix). */
int unix_sockets(void);

/* Give the collector a reason to look, and time: to be called in a loop, for it may be at work just
 * then for somebody else, with an older view. */
void wake_collector(void);

/* Impossible where there is no collector: where a ring is there still after 10 s. */
void need_collector(void);

#endif
