/*
 * signal/restart-table: with SA_RESTART the calls that wait on a socket go on after a handler as if
 * nothing had been; without it each ends with EINTR.
 *
 * Every call is asleep, in a process of its own, when the signal comes. With SA_RESTART it is then
 * seen asleep in the same call again, and what it waits for is made to happen: its result is that
 * of a call that was never interrupted. Only what may wait for ever is like this; what has a
 * timeout or waits for several things is not: signal/socket-timeouts-disable-restart and
 * signal/multiplexers-never-restart. Calls on other descriptors are in signal/restart-descriptors,
 * on locks and children in signal/restart-waits.
 *
 * So a program whose handlers all have SA_RESTART can leave out EINTR around these. To get out of
 * one by a signal is what a handler without it is for.
 */
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "lib/interrupt.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/stuck.h"

static int tcp[2], pair[2], listener, full, connecting;
static struct sockaddr_un address;
static socklen_t length;
static char byte;

static long call_recvmsg(void)
{
	struct iovec iov = {&byte, 1};
	struct msghdr message = {.msg_iov = &iov, .msg_iovlen = 1};

	return recvmsg(tcp[SERVER], &message, 0);
}

static long call_recvmmsg(void)
{
	struct iovec iov = {&byte, 1};
	struct mmsghdr message = {.msg_hdr = {.msg_iov = &iov, .msg_iovlen = 1}};

	return recvmmsg(tcp[SERVER], &message, 1, 0, NULL);
}

static void wake_tcp(pid_t pid)
{
	(void)pid;
	send_all(tcp[CLIENT], "", 1);
}

static long call_unix_recv(void)
{
	return recv(pair[0], &byte, 1, 0);
}

static void wake_unix_recv(pid_t pid)
{
	(void)pid;
	send_all(pair[1], "", 1);
}

static long call_unix_accept(void)
{
	return accept(listener, NULL, NULL) == -1 ? -1 : 0;
}

static void connect_unix(int to)
{
	connecting = must(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
	length = sizeof(address);
	must(getsockname(to, (struct sockaddr *)&address, &length));
}

static void wake_unix_accept(pid_t pid)
{
	(void)pid;
	connect_unix(listener);
	must(connect(connecting, (struct sockaddr *)&address, length));
}

static void prepare_unix_connect(void)
{
	connect_unix(full);
}

static long call_unix_connect(void)
{
	return connect(connecting, (struct sockaddr *)&address, length);
}

static void wake_unix_connect(pid_t pid)
{
	(void)pid;
	must(close(must(accept(full, NULL, NULL))));
}

/* Bound to an abstract name of the kernel's choice. */
static int listen_unix(int backlog)
{
	struct sockaddr name = {.sa_family = AF_UNIX};
	int fd = must(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));

	must(bind(fd, &name, sizeof(name.sa_family)));
	must(listen(fd, backlog));
	return fd;
}

int main(void)
{
	static const struct blocking others[] = {
		{"recvmsg", call_recvmsg, wake_tcp, NULL},
		{"recvmmsg", call_recvmmsg, wake_tcp, NULL},
		{"recv, AF_UNIX", call_unix_recv, wake_unix_recv, NULL},
		{"accept, AF_UNIX", call_unix_accept, wake_unix_accept, NULL},
		{"connect, AF_UNIX", call_unix_connect, wake_unix_connect, prepare_unix_connect},
	};

	stuck_set_up(0);
	tcp_pair(tcp);
	must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair));
	listener = listen_unix(8);
	full = listen_unix(0); /* one may wait there nevertheless */
	prepare_unix_connect();
	must(connect(connecting, (struct sockaddr *)&address, length));

	facts_interrupted(stuck, STUCKS);
	facts_interrupted(others, sizeof(others) / sizeof(others[0]));
	return 0;
}
