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

/* children_poll() for a parent with something else to wait for: afterwards children that died have
 * been taken back, and others made in their place. */
void pool_poll(struct pool *pool, struct pollfd *entries, int count);

/* The work of a parent that has no other: mend the pool until the listener is shut down. */
void pool_supervise(struct pool *pool, int listener);

/* Tell the children to finish, wait for them, and print the statistics. */
void pool_finish(struct pool *pool);

#endif
