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
	void (*wake)(pid_t pid); /* in the scene: what the call waits for; NULL: it is killed */
	void (*before)(void);    /* in the process, before the call; NULL for nothing */
};

/* A fact, "NAME: EINTR", or "NAME: goes on, then 1": what SIGUSR1 does to the call, caught by a
 * handler with these flags (0 or SA_RESTART). */
void fact_interrupted(const struct blocking *blocking, int flags);

/* For each of `count` calls both: without flags, then "NAME, SA_RESTART: ...". */
void facts_interrupted(const struct blocking *calls, size_t count);

/* Whose thread the signal is sent to, where the process has two: one makes the call, the other is
 * asleep and waits for nothing. */
enum interrupted {
	ONLY_THREAD,  /* kill(), and there is no other */
	CALLER,       /* tgkill(); the main thread is the other */
	MAIN_THREAD,  /* kill(), which the kernel hands to the main thread: the other */
	OTHER_THREAD, /* tgkill() to the other; the caller is the main thread */
};

/* What it does to the call: "EINTR", "goes on", or "sleeps on" where the thread was not even woken.
 * The process is then killed. The text lives until the next call. */
const char *interrupt(const struct blocking *blocking, int flags, enum interrupted whom);

/* fact_interrupted(), of a SIGSTOP and a SIGCONT that nobody has a handler for. */
void fact_stopped(const struct blocking *blocking);

#endif
