#include "pool.h"

#include <errno.h>
#include <unistd.h>

#include "must.h"
#include "stop.h"

static bool make_child(struct pool *pool, int child)
{
	pid_t pid = children_fork(&pool->children, child);

	if (pid == 0) {
		pool->work(child, &pool->tallies[child]);
		_exit(0);
	}
	return pid != -1;
}

void pool_start(struct pool *pool, int size)
{
	children_watch();
	pool->size = size;
	pool->tallies = tally_make(size);
	children_room(&pool->children, size);
	for (int child = 0; child < size; child++)
		if (!make_child(pool, child))
			die("fork: %s", errno_name(errno));
}

static void tell_loss(struct pool *pool, int child, int status)
{
	struct tally *tally = &pool->tallies[child];

	/* Whom the end of the grace meets idle is no loss. */
	if (status != 0 && (tally->busy || !stop_requested()))
		complain("child %d: %s%s", child, children_fate(status),
			 tally->busy ? "; the connection it served is gone" : "");
	tally_busy(tally, false);
}

static void mend(struct pool *pool)
{
	int child, status;

	while ((child = children_reap(&pool->children, &status)) != -1)
		tell_loss(pool, child, status);
	if (stop_requested()) /* they end because of that */
		return;
	for (child = 0; pool->children.alive < pool->size && child < pool->size; child++)
		if (pool->children.pids[child] == 0 && !make_child(pool, child)) {
			complain("fork: %s; child %d is missing", errno_name(errno), child);
			return;
		}
}

void pool_poll(struct pool *pool, struct pollfd *entries, int count)
{
	/* Where fork() failed it is tried again soon. */
	bool missing = pool->children.alive < pool->size;

	children_poll(entries, count, missing ? 100 : -1);
	if (missing || entries[count - 1].revents)
		mend(pool);
}

void pool_supervise(struct pool *pool, int listener)
{
	/* POLLHUP need not be asked for. */
	struct pollfd entries[2] = {{.fd = listener}};

	while (!stop_requested())
		pool_poll(pool, entries, 2);
}

void pool_finish(struct pool *pool)
{
	int child, status;

	children_stop(&pool->children);
	while ((child = children_await(&pool->children, &status)) != -1)
		tell_loss(pool, child, status);
	tally_report(pool->tallies, pool->size, "child");
}
