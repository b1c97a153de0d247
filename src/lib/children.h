/*
 * children: the processes a server started: their pids, their deaths, their end.
 *
 * The parent has called stop_by_interrupt(): SIGCHLD is blocked but where it waits. One SIGCHLD
 * may stand for many children, so children_reap() waits for all that are to be had.
 */
#ifndef CSDESIGN_CHILDREN_H
#define CSDESIGN_CHILDREN_H

#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>

/* A slot a child; pids[slot] is 0 where there is none. All zero: no slots. */
struct children {
	pid_t *pids;
	int slots;
	int alive;
};

/* A slot that is free; the table grows as needed. */
int children_slot(struct children *children);

/* fork() into that slot: 0 in the child, which from now on stops when its parent says so and dies
 * when its parent does; -1 with errno as fork(2) has it. */
pid_t children_fork(struct children *children, int slot);

/* Take one child that has ended: its slot, and *status as waitpid(2) gives it; -1 when nobody has
 * ended (any more). Never blocks. */
int children_reap(struct children *children, int *status);

/* "SIGKILL", "exit status 3". The text lives until the next call. */
const char *children_fate(int status);

/* Ask all of them to finish. */
void children_stop(const struct children *children);

/* Wait until all have ended; kill them when the grace is over. Returns how many did not exit with
 * status 0. `outside` comes from stop_by_interrupt(). */
int children_wait(struct children *children, const sigset_t *outside);

#endif
