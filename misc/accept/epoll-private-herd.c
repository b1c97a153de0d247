/*
 * accept/epoll-private-herd: with an epoll of its own each, every worker wakes for one connection.
 *
 * Each worker registers the shared listener in its own epoll and sleeps in epoll_wait(). An epoll
 * is one more waiter on the listener's list, without the exclusive mark, so the kernel tells all of
 * them, and each wakes whoever sleeps in it. Nobody accepts before the kernel has woken all whom it
 * will wake (lib/crew.h), so the count is exact: all come back, one gets the connection, the others
 * EAGAIN. Edge triggering changes nothing: it rules when one epoll reports again, not how many
 * hear of an event. accept/poll-select-herd is the same for the older calls.
 *
 * So a listener that is shared this way must be non-blocking, or a worker that comes too late hangs
 * in accept() with all the clients it serves; and with many workers the herd costs more than the
 * work. One flag more, EPOLLEXCLUSIVE, ends it: accept/epoll-exclusive-one.
 */
#include <sys/epoll.h>

#include "lib/crew.h"
#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"

enum { WORKERS = 4, CONNECTIONS = 3 };

static uint32_t trigger; /* 0 (level) or EPOLLET; set before the workers are made */

static void wait_by_epoll(struct worker *me)
{
	wait_in_own_epoll(me, trigger);
}

static void play(const char *name)
{
	struct herd herd;

	herd_start(&herd, WORKERS, wait_by_epoll);
	for (int i = 0; i < CONNECTIONS; i++)
		fact(herd_connect(&herd), "%s woken", name);
	fact(crew_won(&herd.crew), "%s accepted", name);
	fact(crew_lost(&herd.crew), "%s EAGAIN", name);
	crew_dismiss(&herd.crew);
}

static void scene(void)
{
	trigger = 0;
	play("level triggered");
	trigger = EPOLLET;
	play("edge triggered");
}

int main(void)
{
	return over_both_families(scene);
}
