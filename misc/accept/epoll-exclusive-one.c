/*
 * accept/epoll-exclusive-one: EPOLLEXCLUSIVE lets a connection wake one of an idle herd.
 *
 * The scene of accept/epoll-private-herd but for the flag, given when the listener is added. It
 * makes epoll wait as accept() does: its entry in the listener's list of waiters is exclusive, and
 * the kernel stops at the first such one that wakes somebody. epoll_ctl(2) promises "one or more",
 * and rightly so: a worker that is awake already cannot swallow a wake-up, so under load more than
 * one may come. When all are idle, which is seen before each connection here, it is one, and nobody
 * gets EAGAIN. Those passed over did not even wake inside the kernel: their count of voluntary
 * switches stands still.
 *
 * So EPOLLEXCLUSIVE is the cure for the herd where each worker has an epoll of its own; accept()
 * must be ready for EAGAIN all the same, and nobody should expect turns:
 * accept/epoll-exclusive-skew shows who gets the connections.
 */
#include <sys/epoll.h>

#include "lib/crew.h"
#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"

enum { WORKERS = 4, CONNECTIONS = 6 };

static void wait_by_epoll(struct worker *me)
{
	wait_in_own_epoll(me, EPOLLEXCLUSIVE);
}

static void scene(void)
{
	long switches[WORKERS], others = 0;
	struct herd herd;

	herd_start(&herd, WORKERS, wait_by_epoll);
	for (int i = 0; i < WORKERS; i++)
		switches[i] = voluntary_switches(herd.crew.workers[i].tid);
	for (int i = 0; i < CONNECTIONS; i++)
		fact(herd_connect(&herd), "workers woken");
	fact(crew_won(&herd.crew), "workers accepted");
	fact(crew_lost(&herd.crew), "workers EAGAIN");
	for (int i = 0; i < WORKERS; i++)
		if (herd.crew.workers[i].returned == 0)
			others += voluntary_switches(herd.crew.workers[i].tid) - switches[i];
	fact(others, "others voluntary switches");
	crew_dismiss(&herd.crew);
}

int main(void)
{
	return over_both_families(scene);
}
