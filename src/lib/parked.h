/*
 * parked: one call that blocks, made in a thread of its own, while the scene goes on.
 *
 * park() returns when the thread is seen asleep in that call and in no other (crew.h says how), so
 * what the scene does next happens to a call that blocks.
 */
#ifndef CSDESIGN_PARKED_H
#define CSDESIGN_PARKED_H

#include <pthread.h>
#include <stdbool.h>

#include "crew.h"

struct parked {
	long (*call)(int fd);
	int fd, err;
	long result;
	pthread_t thread;
	struct worker worker;
	long switches;
};

/* Start call(fd), which makes one system call that blocks and returns its result. The struct must
 * stay where it is until parked_result(). */
void park(struct parked *parked, long (*call)(int fd), int fd);

/* The same, but the call may turn out not to block: then false, when it has returned. */
bool try_to_park(struct parked *parked, long (*call)(int fd), int fd);

/* Whether anything has woken the thread since park(): to be asked when what might wake it is done.
 * Where switches are not counted (gVisor) only a return is noticed. */
bool parked_was_woken(struct parked *parked);

/* Wait until the call returns; its result, errno set. */
long parked_result(struct parked *parked);

#endif
