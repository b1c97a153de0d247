/*
 * children: the processes a server started: their pids, their deaths, their end.
 *
 * SIGCHLD is blocked, and a descriptor says that it came (signalfd(2)): a parent waits for it as
 * for any other, in one poll(), and cannot miss it. One SIGCHLD may stand for many children, so
 * children_reap() is called until nobody is to be had.
 */
#ifndef CSDESIGN_CHILDREN_H
#define CSDESIGN_CHILDREN_H

#include <poll.h>
#include <stdbool.h>
#include <sys/types.h>

/* A slot a child; pids[slot] is 0 where there is none. All zero: no slots. The children themselves
 * do not have the table. */
struct children {
	pid_t *pids;
	int slots;
	int alive;
};

/* Block SIGCHLD and make the descriptor. To be called before the first fork. */
void children_watch(void);

/* poll() of `count` entries, the last of which this function fills in: its revents are not 0 where
 * children may have ended. Returns how many entries are ready, the last one included; 0 where
 * `timeout` ms went by or a signal came: then no entry's revents are set. */
int children_poll(struct pollfd *entries, int count, int timeout);

/* Make room for so many, which are more than before. */
void children_room(struct children *children, int slots);

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

/* Like children_reap(), but wait for one; -1 when there are no more. Once the grace is over all are
 * killed. */
int children_await(struct children *children, int *status);

#endif
