/*
 * accept/epoll-shared-lifo: of those who wait in one epoll the last to come is the first to go.
 *
 * A waiter in epoll_wait() goes to the head of that epoll's own list, exclusively, and an event
 * wakes the first. Edge triggered it is one wake-up an event: the same worker, back from its
 * connection, is the head again, gets every spaced one, and the others sleep. In a burst, whose
 * workers are held before they accept, the order is that of arrival backwards.
 *
 * Level triggered the one who takes an event puts it back while the listener is readable, and wakes
 * the next on its way out, who does the same. How many wake for one connection is then a race
 * between the first accept() and that chain; here nobody accepts before the chain has ended, so it
 * reaches all, and all but one get EAGAIN.
 *
 * So threads that share one epoll share it edge triggered or with EPOLLONESHOT, or are woken in
 * vain; and they are busy from the top of a stack: with little to do one thread does it all, warm
 * in its cache, and how busy each is says nothing of how many are needed.
 */
#include <stdbool.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "lib/crew.h"
#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"

enum { WORKERS = 4, SPACED = 8 };

static int epoll; /* made before the workers: all inherit the same one */
static uint32_t trigger;

static void wait_by_epoll(struct worker *me)
{
	static bool registered;
	struct epoll_event event = {.events = EPOLLIN | trigger};

	if (!registered && me->number == 0)
		must(epoll_ctl(epoll, EPOLL_CTL_ADD, me->listener, &event));
	registered = true;
	must(epoll_wait(epoll, &event, 1, -1));
}

static void spaced(struct herd *herd)
{
	char order[SPACED + 1] = "";
	long woken = 0;

	for (int i = 0; i < SPACED; i++) {
		woken += herd_connect(herd);
		for (int j = 0; j < WORKERS; j++) {
			if (herd->crew.workers[j].won == 0)
				continue;
			order[i] = (char)('0' + j);
			herd->crew.workers[j].won = 0;
		}
	}
	fact(woken, "edge triggered woken by %d spaced connections", SPACED);
	fact_text("edge triggered spaced connections went to", "%s", order);
}

static void burst(struct herd *herd)
{
	char order[WORKERS + 1] = "";
	int clients[WORKERS];
	long before[WORKERS], woken = 0;

	for (int i = 0; i < WORKERS; i++) {
		for (int j = 0; j < WORKERS; j++)
			before[j] = herd->crew.workers[j].returned;
		woken += herd_knock(herd, &clients[i]);
		for (int j = 0; j < WORKERS; j++)
			if (herd->crew.workers[j].returned > before[j])
				order[i] = (char)('0' + j);
	}
	fact(woken, "edge triggered woken by a burst of %d", WORKERS);
	fact_text("edge triggered burst woke in this order", "%s", order);
	herd_run(herd);
	fact(crew_lost(&herd->crew), "edge triggered EAGAIN");
	for (int i = 0; i < WORKERS; i++)
		must(close(clients[i]));
}

static void scene(void)
{
	struct herd herd;

	trigger = EPOLLET;
	epoll = must(epoll_create1(EPOLL_CLOEXEC));
	herd_start(&herd, WORKERS, wait_by_epoll);
	spaced(&herd);
	burst(&herd);
	crew_dismiss(&herd.crew);

	trigger = 0;
	epoll = must(epoll_create1(EPOLL_CLOEXEC));
	herd_start(&herd, WORKERS, wait_by_epoll);
	fact(herd_connect(&herd), "level triggered woken by one connection");
	fact(crew_won(&herd.crew), "level triggered accepted");
	fact(crew_lost(&herd.crew), "level triggered EAGAIN");
	crew_dismiss(&herd.crew);
}

int main(void)
{
	return over_both_families(scene);
}
