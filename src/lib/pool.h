/*
 * pool: children made beforehand, all doing the same work. Whoever dies is replaced, and the loss
 * of the connection it served is told.
 */
#ifndef CSDESIGN_POOL_H
#define CSDESIGN_POOL_H

#include "children.h"
#include "tally.h"

struct pool {
	struct children children;
	int size;
	struct tally *tallies; /* one a slot: they go on in the child that replaces another */
	/* What a child does until stop_requested(). */
	void (*work)(int child, struct tally *tally);
};

/* Make `size` children. */
void pool_start(struct pool *pool, int size);

/* Take back children that died, make others in their place. To be called after each wait. */
void pool_mend(struct pool *pool);

/* How long a wait may take at most, for ppoll(): NULL, unless fork() failed and must be tried
 * again. */
const struct timespec *pool_patience(const struct pool *pool);

/* The work of a parent that has no other: mend the pool until the listener is shut down. */
void pool_supervise(struct pool *pool, int listener);

/* Tell the children to finish, wait for them, and print the statistics. */
void pool_finish(struct pool *pool);

#endif
