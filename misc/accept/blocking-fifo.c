/*
 * accept/blocking-fifo: who waits longest in accept() gets the next connection.
 *
 * Those who block in accept() stand in a queue, whatever their pids or ages. Four workers block on
 * one listener, one after the other. Each tells its number to whom it accepted and then serves
 * until the client closes, so the first four connections occupy all. The clients then leave in a
 * scrambled order, each one's worker being seen asleep in accept() before the next leaves: from now
 * on the order of arrival differs from that of birth and of pids, and the next four connections
 * must follow it. Processes, threads, and AF_UNIX listeners of both kinds alike.
 *
 * So with clients that come one at a time N workers serve in turn, each exactly every Nth, and none
 * is idle for long; all N keep their memory warm where one might have done. It is a rule of the
 * queue, not a promise of fairness under load: see serve/prefork-even-split.
 */
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/crew.h"
#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/proc.h"
#include "lib/unix.h"

enum { WORKERS = 4 };

static void serve(struct worker *me)
{
	for (;;) {
		char name = (char)('0' + me->number);

		about_to_block(me);
		int fd = must(accept4(me->listener, NULL, NULL, SOCK_CLOEXEC));

		came_back(me);
		send_all(fd, &name, 1);
		must_n(recv(fd, &name, 1, 0)); /* until the client closes */
		must(close(fd));
	}
}

/* Connect as often as there are workers, keep the connections, and say who took each. */
static void fill(int listener, int clients[], char order[], const char *fact)
{
	int domain = get_option(listener, SOL_SOCKET, SO_DOMAIN);
	int type = get_option(listener, SOL_SOCKET, SO_TYPE);

	for (int i = 0; i < WORKERS; i++) {
		clients[i] = must(socket(domain, type | SOCK_CLOEXEC, 0));
		must(connect_to(clients[i], listener));
		recv_all(clients[i], &order[i], 1);
	}
	fact_text(fact, "%.*s", WORKERS, order);
}

static void play(const char *who, int listener, enum crew_kind kind)
{
	static const int leaving[WORKERS] = {2, 0, 3, 1};
	int clients[WORKERS];
	char order[WORKERS], fact[64];
	struct crew crew;

	crew_start(&crew, WORKERS, kind, serve, listener);
	snprintf(fact, sizeof(fact), "%s as they were started", who);
	fill(listener, clients, order, fact);
	for (int i = 0; i < WORKERS; i++) {
		must(close(clients[leaving[i]]));
		await_blocked(&crew.workers[order[leaving[i]] - '0']);
	}
	snprintf(fact, sizeof(fact), "%s as they came back", who);
	fill(listener, clients, order, fact);
	crew_dismiss(&crew);
}

static void scene(void)
{
	play("processes", listen_loopback(WORKERS), PROCESSES);
	play("threads", listen_loopback(WORKERS), THREADS);
}

int main(void)
{
	if (!counts_switches())
		impossible("no voluntary_ctxt_switches in /proc/PID/status to tell who waits");

	int status = over_both_families(scene);

	if (status != 0)
		return status;
	play("processes at AF_UNIX", unix_listener(SOCK_STREAM, WORKERS), PROCESSES);
	play("processes at AF_UNIX SEQPACKET", unix_listener(SOCK_SEQPACKET, WORKERS), PROCESSES);
	return 0;
}
