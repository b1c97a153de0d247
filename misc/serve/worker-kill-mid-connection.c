/*
 * serve/worker-kill-mid-connection: who is served by a worker that is killed sees an end, not
 * silence.
 *
 * Two workers of one listener are killed with SIGKILL while each serves a client, and a third
 * client waits in the queue. The kernel closes a dead process's sockets as close() would: the first
 * worker had read all that its client sent, so that client sees end of file (FIN); the second had
 * not, so its client gets ECONNRESET (RST), for what it sent was lost. The one in the queue belongs
 * to nobody yet: the worker that is left accepts and serves it.
 *
 * So a client must take an early end of file for a failure, unless the protocol says where an
 * answer ends, and both ends for a reason to try again. And it is the parent's part to replace a
 * worker; until then the others go on.
 */
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/proc.h"

static int listener;
static struct gate has_read, go;

static int visit(void)
{
	int client = connect_loopback(listener);

	send_all(client, "hello", 5);
	return client;
}

/* Accept one client and read `bytes` of what it sent; then wait to be killed. All workers are made
 * before the first client: a child made later would have a copy of it, and its end would not show.
 */
static pid_t start_worker(struct gate *start, size_t bytes)
{
	gate_make(start);
	pid_t worker = must_fork();

	if (worker == 0) {
		char text[16];

		gate_wait(start);
		int fd = must(accept4(listener, NULL, NULL, SOCK_CLOEXEC));

		recv_all(fd, text, bytes);
		gate_open(&has_read);
		for (;;)
			pause();
	}
	return worker;
}

/* A client, which this worker takes. */
static int visit_worker(struct gate *start)
{
	int client = visit();

	gate_open(start);
	gate_wait(&has_read);
	return client;
}

static void kill_worker(pid_t worker)
{
	must(kill(worker, SIGKILL));
	reap(worker);
}

static _Noreturn void serve_one(void)
{
	char text[16];

	gate_wait(&go);
	int fd = must(accept4(listener, NULL, NULL, SOCK_CLOEXEC));

	recv_all(fd, text, 5);
	send_all(fd, "served", 6);
	must_n(recv(fd, text, 1, 0)); /* the client ends it */
	exit(0);
}

static void scene(void)
{
	char text[16];
	struct gate starts[2];

	listener = listen_loopback(4);
	gate_make(&has_read);
	gate_make(&go);

	pid_t last = must_fork();

	if (last == 0)
		serve_one();
	pid_t first = start_worker(&starts[0], 5), second = start_worker(&starts[1], 2);
	int drained = visit_worker(&starts[0]), unread = visit_worker(&starts[1]);
	int queued = visit();

	kill_worker(first);
	fact(recv(drained, text, 1, 0), "client of a worker that had read all, recv");
	must(close(drained));
	kill_worker(second);
	fact(recv(unread, text, 1, 0), "client of a worker that had not, recv");
	fact(recv(queued, text, 1, MSG_DONTWAIT), "client in the queue, recv");
	gate_open(&go);
	fact(recv(queued, text, sizeof(text), 0), "client in the queue, recv");
	must(close(queued));
	reap(last);
}

int main(void)
{
	return over_both_families(scene);
}
