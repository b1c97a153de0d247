/*
 * serve/hot-restart: a server is replaced, and no client notices.
 *
 * The old server passes its listener to its successor (SCM_RIGHTS), closes it, finishes whom it
 * serves and exits. Clients come all the time: before, some of whom the old one has accepted and
 * others who wait in the queue; while the listener is in flight and no process has it open; after.
 * The queue belongs to the socket, and the socket never goes: all connect, all are served, each
 * once, those in the queue by the successor.
 *
 * So pass the listener, or let the successor inherit it, rather than bind again: between close()
 * and the next bind() clients are refused, and those in the queue are reset. SO_REUSEPORT does not
 * help by itself: see serve/hot-restart-reuseport.
 */
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/proc.h"
#include "lib/scm.h"

enum { EACH = 2, PHASES = 4 };

/* Accept so many clients, then answer each with a letter and close. */
static void serve(int listener, int clients, char letter)
{
	int fds[EACH * PHASES];

	for (int i = 0; i < clients; i++)
		fds[i] = must(accept4(listener, NULL, NULL, SOCK_CLOEXEC));
	for (int i = 0; i < clients; i++) {
		send_all(fds[i], &letter, 1);
		must(close(fds[i]));
	}
}

static _Noreturn void succeed(int via, struct gate *go)
{
	int listener;
	size_t count = 1;
	char byte;

	gate_wait(go);
	must_n(recv_fds(via, &byte, 1, &listener, &count, NULL));
	serve(listener, EACH * (PHASES - 1), 'n');
	exit(0);
}

/* EACH clients more; returns how many connect() refused. */
static int visit(int *clients, const struct sockaddr_storage *address, socklen_t length)
{
	int refused = 0;

	for (int i = 0; i < EACH; i++) {
		clients[i] = must(socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));
		refused += connect(clients[i], (const struct sockaddr *)address, length) != 0;
	}
	return refused;
}

static void answers(const char *name, const int *clients)
{
	char text[EACH + 1] = "", byte;

	for (int i = 0; i < EACH; i++)
		if (recv(clients[i], &text[i], 1, 0) != 1 || recv(clients[i], &byte, 1, 0) != 0)
			text[i] = '-';
	fact_text(name, "%s", text);
}

static void scene(void)
{
	int via[2], clients[PHASES][EACH], listener = listen_loopback(EACH * PHASES), refused;
	struct sockaddr_storage address;
	socklen_t length = sizeof(address);
	struct gate go;

	must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, via));
	gate_make(&go);
	must(getsockname(listener, (struct sockaddr *)&address, &length));
	pid_t successor = must_fork();

	if (successor == 0) {
		must(close(listener));
		succeed(via[1], &go);
	}
	must(close(via[1]));

	refused = visit(clients[0], &address, length);
	serve(listener, EACH, 'o');
	refused += visit(clients[1], &address, length);
	must_n(send_fds(via[0], "x", 1, &listener, 1));
	must(close(listener));
	refused += visit(clients[2], &address, length);
	gate_open(&go);
	refused += visit(clients[3], &address, length);
	fact(refused, "clients refused, of 8");
	answers("served by the old", clients[0]);
	answers("queued when it went", clients[1]);
	answers("come while no process had it", clients[2]);
	answers("come after", clients[3]);
	fact(reap(successor), "successor exit status");
}

int main(void)
{
	return over_both_families(scene);
}
