/*
 * timers: scenes in which the kernel must not lose its patience, and how long it had some.
 *
 * TCP pushes out after 200 ms what TCP_CORK, MSG_MORE or Nagle's rule hold back, and repeats what
 * was not acknowledged: the least retransmission timeout rules all of them. A machine that is slow
 * or busy may need longer than that between two calls of a probe, and another wire would be seen.
 */
#ifndef CSDESIGN_TIMERS_H
#define CSDESIGN_TIMERS_H

/* Connections of this network namespace to the loopback address of the family (family.h) made from
 * now on wait at least `seconds`, as `ip route change local 127.0.0.1 dev lo table local rto_min`
 * would have it (ip-route(8)). Needs CAP_NET_ADMIN there, which a world gives; impossible where the
 * kernel knows no such message. Tell the world's deadline from it: choose more. */
void tcp_timers_at_least(int seconds);

/* Now, on a clock that nobody sets. */
long milliseconds(void);

/* A fact about a timer of the kernel: "WHAT, at least LEAST ms: yes", where that long has passed
 * since `since`; "no, 17" otherwise. A least bound only: a slow machine may make anything longer.
 * Choose it well below what the kernel promises: its timers count ticks, and begin early by those
 * that an emulated machine has missed, as many as 20. */
void fact_lasted(const char *what, long since, long least);

#endif
