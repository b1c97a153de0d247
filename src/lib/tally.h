/*
 * tally: what each child or thread of a pool did.
 *
 * Each has a cell on a cache line of its own, in memory that the parent shares with it, so a cell
 * survives who wrote it. Every field has one writer, and so the counts are exact without a lock.
 */
#ifndef CSDESIGN_TALLY_H
#define CSDESIGN_TALLY_H

#include <stdatomic.h>
#include <stdbool.h>

struct tally {
	_Alignas(64) atomic_ulong connections;
	atomic_bool busy; /* it is serving one */
};

/* Cells, all zero, shared with the children made from now on. */
struct tally *tally_make(int count);

/* One connection more. One writer: no read-modify-write is needed. */
static inline void tally_count(struct tally *tally)
{
	atomic_store_explicit(&tally->connections,
			      atomic_load_explicit(&tally->connections, memory_order_relaxed) + 1,
			      memory_order_relaxed);
}

static inline void tally_busy(struct tally *tally, bool busy)
{
	atomic_store_explicit(&tally->busy, busy, memory_order_relaxed);
}

/* Print `child 0: 52` and so on, `who` being "child" or "thread", then the total. */
void tally_report(const struct tally *tallies, int count, const char *who);

#endif
