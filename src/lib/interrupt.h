/*
 * interrupt: a call that blocks, in a process of its own, and what a signal does to it there.
 *
 * The signal comes when that process is seen asleep in the call and in no other (crew.h says how).
 * Then it either comes back with EINTR, or is seen to go to sleep in it again; in that case what
 * it waits for is made to happen.
 */
#ifndef CSDESIGN_INTERRUPT_H
#define CSDESIGN_INTERRUPT_H

#include <stddef.h>
#include <sys/types.h>

struct blocking {
	const char *name;
	long (*call)(void);      /* in the process, bare: its result is the subject */
	void (*wake)(pid_t pid); /* in the scene: what the call waits for */
	void (*before)(void);    /* in the process, before the call; NULL for nothing */
};

/* A fact, "NAME: EINTR", or "NAME: goes on, then 1": what SIGUSR1 does to the call, caught by a
 * handler with these flags (0 or SA_RESTART). */
void fact_interrupted(const struct blocking *blocking, int flags);

/* For each of `count` calls both: without flags, then "NAME, SA_RESTART: ...". */
void facts_interrupted(const struct blocking *calls, size_t count);

/* The same, of a SIGSTOP and a SIGCONT that nobody has a handler for. */
void fact_stopped(const struct blocking *blocking);

#endif
