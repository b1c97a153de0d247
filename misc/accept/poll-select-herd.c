/*
 * accept/poll-select-herd: a connection wakes everybody who waits for it in select() or poll().
 *
 * Both calls put their process on the listener's list of waiters without the exclusive mark that
 * accept() leaves there, for they only promise to tell who is readable, and it is readable for
 * all. So the kernel walks the whole list. In the first scene nobody accepts before all whom the
 * kernel has woken came back (lib/crew.h): all four do, one gets the connection, three EAGAIN.
 *
 * In the second somebody else takes the connection at once. A worker that is slow to run then finds
 * the listener no longer readable and goes back to sleep inside select(), unseen by itself; but a
 * sleep is a voluntary context switch. Either way each connection costs every worker one.
 *
 * So a pool of workers around select() or poll() does the work of a wake-up N times for each
 * connection, and needs a listener that does not block: with a blocking one those who come too
 * late hang in accept() while the other connections they serve wait. Block in accept() itself, or
 * take EPOLLEXCLUSIVE or SO_REUSEPORT, which all wake one.
 */
#include <poll.h>
#include <stdbool.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/crew.h"
#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"

enum { WORKERS = 4, CONNECTIONS = 3 };

static bool by_select; /* set before the workers are made */

static void wait_for_it(struct worker *me)
{
	struct pollfd entry = {.fd = me->listener, .events = POLLIN};
	fd_set set;

	FD_ZERO(&set);
	FD_SET(me->listener, &set);
	if (by_select)
		must(select(me->listener + 1, &set, NULL, NULL, NULL));
	else
		must(poll(&entry, 1, -1));
}

/* Wait, and wait again: another takes the connections. */
static void only_wait(struct worker *me)
{
	for (;;) {
		about_to_block(me);
		wait_for_it(me);
		came_back(me);
	}
}

static void visit(const struct crew *crew, int listener)
{
	int client = connect_loopback(listener);

	await_poll(listener, POLLIN);
	/* This comes back when the kernel is through with the handshake, waking included. */
	must(close(must(accept4(listener, NULL, NULL, SOCK_CLOEXEC))));
	await_all_blocked(crew);
	for (int i = 0; i < crew->size; i++)
		await_off_cpu(crew->workers[i].tid);
	must(close(client));
}

static void play(const char *name)
{
	struct herd herd;
	struct crew crew;

	herd_start(&herd, WORKERS, wait_for_it);
	for (int i = 0; i < CONNECTIONS; i++)
		fact(herd_connect(&herd), "%s woken", name);
	fact(crew_won(&herd.crew), "%s accepted", name);
	fact(crew_lost(&herd.crew), "%s EAGAIN", name);
	crew_dismiss(&herd.crew);

	int listener = listen_loopback(WORKERS);

	crew_start(&crew, WORKERS, PROCESSES, only_wait, listener);
	for (int i = 0; i < WORKERS; i++) /* so that later no page is missing: that sleeps, too */
		visit(&crew, listener);

	long switches = crew_switches(&crew);

	for (int i = 0; i < CONNECTIONS; i++)
		visit(&crew, listener);
	fact(crew_switches(&crew) - switches, "%s voluntary switches", name);
	crew_dismiss(&crew);
}

static void scene(void)
{
	by_select = true;
	play("select");
	by_select = false;
	play("poll");
}

int main(void)
{
	return over_both_families(scene);
}
