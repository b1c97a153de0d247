/*
 * scm/listener-pass: a listening socket goes on listening while it changes hands.
 *
 * The sender passes its listener to another process and closes it. The queue of connections
 * belongs to the socket, not to a process: who connected before the hand-over, or while nobody
 * had the listener open, is accepted by the receiver, in that order. The port is given up with the
 * last reference, here with the receiver's exit: then connect() is refused. The receiver was forked
 * before there was a listener, so it inherited none.
 *
 * So a server can be restarted without refusing a single client: hand the listener to the
 * successor before the old one closes it, never close and bind again.
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

static _Noreturn void receive_and_serve(int via, struct gate *go)
{
	int listener = -1;
	size_t count = 1;
	char text[16] = "";

	gate_wait(go);
	must_n(recv_fds(via, text, 1, &listener, &count, NULL));
	for (int client = 0; client < 2; client++) {
		int fd = must(accept4(listener, NULL, NULL, SOCK_CLOEXEC));
		ssize_t length = must_n(recv(fd, text, sizeof(text) - 1, 0));

		text[length] = '\0';
		fact_text("receiver accept", "%s", text);
		send_all(fd, text, (size_t)length);
	}
	exit(0);
}

static void scene(void)
{
	int via[2];
	char text[16];
	struct gate go;
	struct sockaddr_storage address;
	socklen_t length = sizeof(address);

	must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, via));
	gate_make(&go);

	pid_t receiver = must_fork();

	if (receiver == 0)
		receive_and_serve(via[1], &go);
	must(close(via[1]));

	int listener = listen_loopback(8);
	int early = connect_loopback(listener);
	int late = must(socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));
	int tardy = must(socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));

	send_all(early, "early", 5);
	must(getsockname(listener, (struct sockaddr *)&address, &length));
	must_n(send_fds(via[0], "", 1, &listener, 1));
	must(close(listener));
	fact(connect(late, (struct sockaddr *)&address, length), "late client connect");
	send_all(late, "late", 4);

	gate_open(&go);
	if (reap(receiver) != 0)
		die("the receiver failed");
	fact(recv(early, text, sizeof(text), 0), "early client recv");
	fact(recv(late, text, sizeof(text), 0), "late client recv");
	fact(connect(tardy, (struct sockaddr *)&address, length), "tardy client connect");
}

int main(void)
{
	return over_both_families(scene);
}
