/*
 * accept/blocking-fifo: who waits longest in accept() gets the next connection.
 *
 * Four workers block in accept() on one listener, one after the other. Each tells its number to
 * whom it accepted and then serves until the client closes, so the first four connections occupy
 * all. The clients then leave in a scrambled order, each one's worker being seen asleep in accept()
 * before the next leaves: from now on the order of arrival differs from that of birth and of pids,
 * and the next four connections must follow it. Processes, threads and an AF_UNIX listener alike.
 */
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "lib/crew.h"
#include "lib/fact.h"
#include "lib/must.h"
#include "lib/net.h"

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
static void fill(int family, int listener, int clients[], char order[], const char *fact)
{
	for (int i = 0; i < WORKERS; i++) {
		clients[i] = must(socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));
		must(connect_to(clients[i], listener));
		recv_all(clients[i], &order[i], 1);
	}
	fact_text(fact, "%.*s", WORKERS, order);
}

static void play(const char *who, int family, int listener, enum crew_kind kind)
{
	static const int leaving[WORKERS] = {2, 0, 3, 1};
	int clients[WORKERS];
	char order[WORKERS], fact[64];
	struct crew crew;

	crew_start(&crew, WORKERS, kind, serve, listener);
	snprintf(fact, sizeof(fact), "%s as they were started", who);
	fill(family, listener, clients, order, fact);
	for (int i = 0; i < WORKERS; i++) {
		must(close(clients[leaving[i]]));
		await_blocked(&crew.workers[order[leaving[i]] - '0']);
	}
	snprintf(fact, sizeof(fact), "%s as they came back", who);
	fill(family, listener, clients, order, fact);
	crew_dismiss(&crew);
}

static int listen_abstract(void)
{
	struct sockaddr_un name = {.sun_family = AF_UNIX, .sun_path = "\0blocking-fifo"};
	int fd = must(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));

	must(bind(fd, (struct sockaddr *)&name, sizeof(name))); /* this world's own: unix(7) */
	must(listen(fd, WORKERS));
	return fd;
}

int main(void)
{
	play("processes", AF_INET, listen_loopback(WORKERS), PROCESSES);
	play("processes at AF_UNIX", AF_UNIX, listen_abstract(), PROCESSES);
	play("threads", AF_INET, listen_loopback(WORKERS), THREADS);
	return 0;
}
