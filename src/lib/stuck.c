#include "stuck.h"

#include <errno.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "family.h"
#include "must.h"
#include "net.h"

static int timeout;
static int ends[2], pair[2], listener, deaf, connecting;

static void set_timeouts(int fd)
{
	struct timeval seconds = {.tv_sec = timeout};

	must(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &seconds, sizeof(seconds)));
	must(setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &seconds, sizeof(seconds)));
}

static long call_recv(void)
{
	char byte;

	return recv(ends[SERVER], &byte, 1, 0);
}

static void wake_recv(pid_t pid)
{
	(void)pid;
	send_all(ends[CLIENT], "", 1);
}

static void fill(void)
{
	static const char chunk[4096];

	while (send(pair[0], chunk, sizeof(chunk), MSG_DONTWAIT) > 0)
		continue;
	if (errno != EAGAIN)
		die("send: %s", errno_name(errno));
}

static long call_send(void)
{
	return send(pair[0], "", 1, 0);
}

static void wake_send(pid_t pid)
{
	static char chunk[65536];

	(void)pid;
	while (recv(pair[1], chunk, sizeof(chunk), MSG_DONTWAIT) > 0)
		continue;
}

/* The new descriptor's number is nothing to report. */
static long call_accept(void)
{
	return accept(listener, NULL, NULL) == -1 ? -1 : 0;
}

static void wake_accept(pid_t pid)
{
	(void)pid;
	must(close(connect_loopback(listener)));
}

static void new_socket(void)
{
	connecting = must(socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));
	set_timeouts(connecting);
}

static long call_connect(void)
{
	return connect_to(connecting, deaf);
}

/* The SYN comes again a second after the first. */
static void wake_connect(pid_t pid)
{
	(void)pid;
	drop_input(deaf, false);
}

const struct blocking stuck[STUCKS] = {
	[STUCK_RECV] = {"recv", call_recv, wake_recv, NULL},
	[STUCK_SEND] = {"send", call_send, wake_send, fill},
	[STUCK_ACCEPT] = {"accept", call_accept, wake_accept, NULL},
	[STUCK_CONNECT] = {"connect", call_connect, wake_connect, new_socket},
};

void stuck_set_up(int seconds)
{
	timeout = seconds;
	tcp_pair(ends);
	set_timeouts(ends[SERVER]);
	must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair));
	set_timeouts(pair[0]);
	listener = listen_loopback(8);
	set_timeouts(listener);
	deaf = listen_loopback(8);
	drop_input(deaf, true);
}
