/*
 * serve/prefork-dispatch-uneven: workers that wait by select() or epoll do not take turns.
 *
 * The queue that makes accept() fair (serve/prefork-even-split) is not there for workers that wait
 * until the listener is readable and then run for the connection: each connection wakes all, and
 * whoever calls accept() first has it; the others get EAGAIN. Who that is, the scheduler decides.
 * The probe decides in its place: all four are seen to have come back from waiting before it lets
 * one run, then the next. The same one wins six times in a row, and when the order is turned round
 * the one at the other end does: the kernel does not even out what the workers get.
 *
 * So with a shared listener in select() or epoll expect idle workers beside busy ones, and wake-ups
 * for nothing. Let workers block in accept(), give each a listener of its own (SO_REUSEPORT), or
 * let one process accept and pass.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/crew.h"
#include "lib/fact.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/proc.h"

enum { WORKERS = 4, CONNECTIONS = 6 };

static struct gate gates[WORKERS];

static void by_select(int listener)
{
	fd_set set;

	FD_ZERO(&set);
	FD_SET(listener, &set);
	must(select(listener + 1, &set, NULL, NULL, NULL));
}

static void by_epoll(int listener)
{
	static int epoll = -1; /* each process has its own */
	struct epoll_event event = {.events = EPOLLIN};

	if (epoll == -1) {
		epoll = must(epoll_create1(EPOLL_CLOEXEC));
		must(epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event));
	}
	must(epoll_wait(epoll, &event, 1, -1));
}

static void (*wait_for_client)(int listener);

static void work(struct worker *me)
{
	for (;;) {
		about_to_block(me);
		wait_for_client(me->listener);
		came_back(me);
		gate_wait(&gates[me->number]);

		int fd = accept4(me->listener, NULL, NULL, SOCK_CLOEXEC);

		if (fd == -1 && errno != EAGAIN)
			die("accept4: %s", errno_name(errno));
		if (fd != -1)
			must(close(fd));
		*(fd == -1 ? &me->lost : &me->won) += 1;
	}
}

/* One connection, for which the workers run in this order. */
static void visit(struct crew *crew, bool backwards)
{
	long back = crew_returned(crew) + WORKERS;
	int client = connect_loopback(crew->workers[0].listener);

	while (crew_returned(crew) != back)
		nap();
	for (int i = 0; i < WORKERS; i++) {
		long through = crew_won(crew) + crew_lost(crew) + 1;

		gate_open(&gates[backwards ? WORKERS - 1 - i : i]);
		while (crew_won(crew) + crew_lost(crew) != through)
			nap();
	}
	await_all_blocked(crew);
	must(close(client));
}

static void tell(const char *name, struct crew *crew)
{
	char won[64] = "", lost[64] = "";

	for (int i = 0; i < WORKERS; i++) {
		struct worker *worker = &crew->workers[i];

		sprintf(won + strlen(won), "%s%ld", i ? " " : "", worker->won);
		sprintf(lost + strlen(lost), "%s%ld", i ? " " : "", worker->lost);
		worker->won = worker->lost = 0;
	}
	fact_text(name, "accepted %s, EAGAIN %s", won, lost);
}

static void play(const char *name, void (*wait)(int listener))
{
	int listener = listen_loopback(1);
	struct crew crew;

	set_nonblocking(listener, true);
	wait_for_client = wait;
	crew_start(&crew, WORKERS, PROCESSES, work, listener);
	for (int backwards = 0; backwards < 2; backwards++) {
		for (int i = 0; i < CONNECTIONS; i++)
			visit(&crew, backwards);
		tell(name, &crew);
	}
	crew_dismiss(&crew);
}

int main(void)
{
	for (int i = 0; i < WORKERS; i++)
		gate_make(&gates[i]);
	play("select", by_select);
	play("epoll", by_epoll);
	return 0;
}
