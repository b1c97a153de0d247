/*
 * threads: the connections that threads serve, so that they can be finished at the end.
 *
 * A thread blocks in recv() and send(); the main thread reaches it through its connection, which
 * it shuts down for reading. That must not hit a descriptor which was closed, and opened again as
 * something else: hence the list and its lock.
 */
#ifndef CSDESIGN_THREADS_H
#define CSDESIGN_THREADS_H

#include <stdbool.h>

/* A thread's entry: its connection, or -1. */
struct hand {
	int fd;
	struct hand *prev, *next;
};

/* Start a detached thread that runs run(arg), with a small stack and all signals blocked; `hand`
 * is entered first, so that a thread counts from the moment on it was asked for. 0, or an errno. */
int threads_start(struct hand *hand, void *(*run)(void *), void *arg);

/* The thread serves this connection from now on. */
void threads_hold(struct hand *hand, int fd);

/* No more: it will be closed next. */
void threads_release(struct hand *hand);

/* The last thing a thread does. `hand` may be freed after it. */
void threads_leave(struct hand *hand);

/* After stop_requested(): let the threads finish and leave, until the grace is over. Returns how
 * many connections are not finished. */
int threads_finish(void);

#endif
