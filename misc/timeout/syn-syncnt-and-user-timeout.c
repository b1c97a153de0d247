/*
 * timeout/syn-syncnt-and-user-timeout: how long, and how often, connect() tries in vain.
 *
 * The listener's socket drops what it receives, so that SYNs vanish. TCP_SYNCNT counts repetitions
 * of the first SYN, each after twice the time of the one before: 1 s, 2 s, 4 s; with 1 connect()
 * fails after three seconds, with 2 after seven. Newer kernels send the first few repetitions one
 * second apart (net.ipv4.tcp_syn_linear_timeouts, 4 by default) and keep to the same total time, so
 * that more of them fit. For TCP_USER_TIMEOUT see timeout/syn-user-timeout.
 *
 * So the default, six repetitions, is over two minutes; and what a count means in seconds, or in
 * SYNs, depends on the kernel. Limit the time instead.
 */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/info.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/timers.h"

static int begin(int listener, int count)
{
	int fd = must(socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));

	set_option(fd, IPPROTO_TCP, TCP_SYNCNT, count);
	fact(connect_to(fd, listener), "client connect");
	return fd;
}

static void end(int fd, const char *what, long since, long least)
{
	await_poll(fd, POLLOUT);
	fact_lasted(what, since, least);
	fact_errno("client SO_ERROR", get_option(fd, SOL_SOCKET, SO_ERROR));
	fact(1 + tcp_counts(fd).repeated, "client SYNs");
	must(close(fd));
}

static void scene(void)
{
	int listener = listen_loopback(1);
	long since = milliseconds();

	drop_input(listener, true);

	int one = begin(listener, 1), two = begin(listener, 2);

	end(one, "TCP_SYNCNT 1", since, 2900);
	end(two, "TCP_SYNCNT 2", since, 6900);
}

int main(void)
{
	return over_both_families(scene);
}
