/*
 * accept/epoll-exclusive-skew: EPOLLEXCLUSIVE prefers the epoll that was registered first.
 *
 * An epoll joins the listener's list of waiters once, when the listener is added to it, and keeps
 * its place; accept() leaves the list with each connection and comes back at its end. The kernel
 * walks the list from the start and stops at the first exclusive waiter that wakes somebody; an
 * epoll in which nobody sleeps wakes nobody and is passed over. So as long as the first worker is
 * back in time it gets every connection. The burst is forced: whoever woke is held before it
 * accepts, the next connection finds the one behind it, and so on in the order of registration.
 * (That the last one in is the first one out, as is often told, is true of several who wait in one
 * epoll: accept/epoll-shared-lifo.)
 *
 * So workers behind EPOLLEXCLUSIVE are loaded one after the other rather than evenly, which is
 * kind to caches and unkind to long connections: the first worker collects them. Who wants an even
 * split blocks in accept(), which takes turns, or gives each worker a listener with SO_REUSEPORT.
 */
#include <sys/epoll.h>
#include <unistd.h>

#include "lib/crew.h"
#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"

enum { WORKERS = 4, SPACED = 8 };

static void wait_by_epoll(struct worker *me)
{
	wait_in_own_epoll(me, EPOLLEXCLUSIVE);
}

static void scene(void)
{
	char order[WORKERS + 1] = "";
	int clients[WORKERS];
	struct herd herd;

	herd_start(&herd, WORKERS, wait_by_epoll);
	for (int i = 0; i < SPACED; i++)
		herd_connect(&herd);
	for (int i = 0; i < WORKERS; i++)
		fact(herd.crew.workers[i].won, "worker %d spaced connections", i);

	for (int i = 0; i < WORKERS; i++) {
		long before[WORKERS];

		for (int j = 0; j < WORKERS; j++)
			before[j] = herd.crew.workers[j].returned;
		fact(herd_knock(&herd, &clients[i]), "burst woken");
		for (int j = 0; j < WORKERS; j++)
			if (herd.crew.workers[j].returned > before[j])
				order[i] = (char)('0' + j);
	}
	fact_text("burst woke in this order", "%s", order);
	herd_run(&herd);
	fact(crew_won(&herd.crew) - SPACED, "burst accepted");
	crew_dismiss(&herd.crew);
	for (int i = 0; i < WORKERS; i++)
		must(close(clients[i]));
}

int main(void)
{
	return over_both_families(scene);
}
