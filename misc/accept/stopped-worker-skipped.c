/*
 * accept/stopped-worker-skipped: a stopped or killed worker gets no connection, and loses none.
 *
 * SIGSTOP takes a process out of the call it sleeps in, so one that waited in accept() leaves the
 * listener's queue; when it is continued the call starts anew, at the end of the queue. In
 * epoll_wait() it leaves its epoll, which keeps its place on the listener's list but has nobody to
 * wake, and EPOLLEXCLUSIVE then passes it over; when it is continued the call ends with EINTR, and
 * the worker, waiting again, is the first as before. One that is killed while it waits is gone from
 * either, and the connections stand in the listener's queue, not in the worker's.
 *
 * Three workers wait; the first in line is stopped, continued, and at last killed, and each
 * connection tells by whom it was accepted.
 *
 * So a worker of a preforked server may be stopped, traced or killed while it is idle and no client
 * notices; a worker that hangs with a listener of its own is another matter
 * (reuseport/hung-member), as is one that is killed with a connection in its hands.
 */
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "lib/crew.h"
#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"

enum { WORKERS = 3, CONNECTIONS = 4 };

static bool by_epoll; /* set before the workers are made */

static void work(struct worker *me)
{
	struct epoll_event event = {.events = EPOLLIN | EPOLLEXCLUSIVE};
	int epoll = must(epoll_create1(EPOLL_CLOEXEC)), woken = 1;
	char name = (char)('0' + me->number);

	if (by_epoll)
		must(epoll_ctl(epoll, EPOLL_CTL_ADD, me->listener, &event));
	for (;;) {
		about_to_block(me);
		if (by_epoll)
			woken = epoll_wait(epoll, &event, 1, -1);
		if (woken == -1 && errno == EINTR)
			continue;
		int fd = must(accept4(me->listener, NULL, NULL, SOCK_CLOEXEC));

		came_back(me);
		send_all(fd, &name, 1);
		must(close(fd));
	}
}

static void connect_some(const char *call, const char *when, struct crew *crew, int sleeping)
{
	char order[CONNECTIONS + 1] = "", name[64], byte;

	for (int i = 0; i < CONNECTIONS; i++) {
		int client = connect_loopback(crew->workers[0].listener);

		recv_all(client, &order[i], 1);
		must_n(recv(client, &byte, 1, 0)); /* until the worker closes */
		for (int j = WORKERS - sleeping; j < WORKERS; j++)
			await_blocked(&crew->workers[j]);
		must(close(client));
	}
	snprintf(name, sizeof(name), "%s accepted with worker 0 %s", call, when);
	fact_text(name, "%s", order);
}

static void play(const char *call)
{
	struct crew crew;
	pid_t first;

	crew_start(&crew, WORKERS, PROCESSES, work, listen_loopback(WORKERS));
	first = crew.workers[0].tid;
	must(kill(first, SIGSTOP));
	while (thread_state(first) != 'T')
		nap();
	connect_some(call, "stopped", &crew, WORKERS - 1);
	must(kill(first, SIGCONT));
	await_blocked(&crew.workers[0]);
	connect_some(call, "continued", &crew, WORKERS);
	must(kill(first, SIGKILL));
	reap(first);
	connect_some(call, "killed", &crew, WORKERS - 1);

	struct crew rest = {WORKERS - 1, PROCESSES, crew.workers + 1};

	crew_dismiss(&rest);
}

static void scene(void)
{
	if (!counts_switches())
		impossible("no voluntary_ctxt_switches in /proc/PID/status to tell who waits");
	by_epoll = false;
	play("accept");
	by_epoll = true;
	play("epoll_wait");
}

int main(void)
{
	return over_both_families(scene);
}
