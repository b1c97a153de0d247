/*
 * serve/fdpass-worker-death: clients passed to a worker that dies are let go at once.
 *
 * A dispatcher accepts and passes connections to its workers (SCM_RIGHTS) and closes its copies.
 * The first worker is killed before it has received two of them: they are in its channel's queue,
 * open in no process, and go with it. The client that had sent nothing sees FIN, the one whose
 * request nobody read gets RST; neither hangs. A client of the second worker is served as if
 * nothing had happened. The next client that the dispatcher passes to the dead worker is refused by
 * sendmsg() with EPIPE; it still has it, and passes it to the other.
 *
 * That needs one thing of the dispatcher: it closed its copy of each worker's end of the channel
 * after fork(). With a copy kept the queue would live, and its clients wait for ever.
 *
 * So a dispatcher handles EPIPE by choosing another worker, and counts on no answer for what it
 * passed before. serv-prefork-pass chooses otherwise: it keeps both ends on purpose, and the worker
 * that replaces a dead one finds the queue.
 */
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/cargo.h"
#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/proc.h"
#include "lib/scm.h"

static int listener;

struct worker {
	pid_t pid;
	int channel; /* the dispatcher's end */
};

static _Noreturn void serve(int channel, struct gate *go)
{
	gate_wait(go);
	for (;;) {
		int fd;
		size_t count = 1;
		char text[16];

		if (must_n(recv_fds(channel, text, 1, &fd, &count, NULL)) == 0)
			exit(0);
		recv_all(fd, text, 5);
		send_all(fd, "served", 6);
		must_n(recv(fd, text, 1, 0)); /* the client ends it */
		must(close(fd));
	}
}

static struct worker start_worker(struct gate *go)
{
	struct worker worker;
	int channel[2];

	must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, channel));
	worker.pid = must_fork();
	worker.channel = channel[0];
	if (worker.pid == 0) {
		must(close(channel[0]));
		serve(channel[1], go);
	}
	must(close(channel[1]));
	return worker;
}

/* A client, accepted: ends[SERVER] is the dispatcher's. */
static void visit(int ends[2])
{
	ends[CLIENT] = connect_loopback(listener);
	ends[SERVER] = must(accept4(listener, NULL, NULL, SOCK_CLOEXEC));
}

static void pass(const struct worker *worker, const int ends[2])
{
	must_n(send_fds(worker->channel, "x", 1, &ends[SERVER], 1));
	must(close(ends[SERVER]));
}

static void be_served(const char *name, int client)
{
	char text[16];

	send_all(client, "hello", 5);
	fact(recv(client, text, sizeof(text), 0), "%s recv", name);
	must(close(client));
}

static void scene(void)
{
	int silent[2], asking[2], other[2], late[2];
	char byte;
	struct gate never, go;

	listener = listen_loopback(4);
	gate_make(&never);
	gate_make(&go);
	struct worker first = start_worker(&never), second = start_worker(&go);

	gate_open(&go);
	visit(silent);
	pass(&first, silent);
	visit(asking);
	pass(&first, asking);
	send_all(asking[CLIENT], "hello", 5);
	await_acked(asking[CLIENT]); /* it is in the queue of a socket in the queue */
	fact(recv(silent[CLIENT], &byte, 1, MSG_DONTWAIT), "silent client recv");

	must(kill(first.pid, SIGKILL));
	reap(first.pid);
	fact(recv(silent[CLIENT], &byte, 1, 0), "silent client recv, its worker killed");
	must(close(silent[CLIENT]));
	fact(recv(asking[CLIENT], &byte, 1, 0), "asking client recv, its worker killed");

	visit(other);
	pass(&second, other);
	be_served("client of the other worker,", other[CLIENT]);

	visit(late);
	fact(send_fds(first.channel, "x", 1, &late[SERVER], 1), "dispatcher sendmsg to the dead");
	pass(&second, late);
	be_served("late client", late[CLIENT]);
	must(close(second.channel));
	fact(reap(second.pid), "other worker exit status");
}

int main(void)
{
	need_queue_released();
	return over_both_families(scene);
}
