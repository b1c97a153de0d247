/*
 * mptcp/linger-zero: close() with a zero linger time resets an MPTCP connection, all of it.
 *
 * Multipath TCP is one stream over any number of TCP connections, its subflows. To abort it, it
 * does not do to reset one of them, for the other end would go on over the rest; the option
 * MP_FASTCLOSE says that the whole connection has gone, and travels with the RST here. The peer
 * reads ECONNRESET and then 0, and its send() is EPIPE with SIGPIPE, as with plain TCP. A close()
 * without the linger time is the contrast: the peer reads 0.
 *
 * So a server may use IPPROTO_MPTCP in the place of TCP, as the kernel falls back where the peer
 * knows only that, and need not treat resets in another way.
 */
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/proc.h"

#ifndef IPPROTO_MPTCP
#define IPPROTO_MPTCP 262
#endif

static int mptcp_socket(void)
{
	int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_MPTCP);

	if (fd == -1)
		impossible("IPPROTO_MPTCP: %s", errno_name(errno));
	return fd;
}

static void mptcp_pair(int ends[2])
{
	struct sockaddr_storage address;
	socklen_t length = loopback_address(0, &address);
	int listener = mptcp_socket();
	char byte;

	must(bind(listener, (struct sockaddr *)&address, length));
	must(listen(listener, 1));
	ends[CLIENT] = mptcp_socket();
	must(connect_to(ends[CLIENT], listener));
	ends[SERVER] = must(accept4(listener, NULL, NULL, SOCK_CLOEXEC));
	must(close(listener));
	/* Both have to have heard from each other, or it may still become plain TCP. */
	send_all(ends[CLIENT], "a", 1);
	recv_all(ends[SERVER], &byte, 1);
	send_all(ends[SERVER], "b", 1);
	recv_all(ends[CLIENT], &byte, 1);
}

static void scene(void)
{
	int ends[2];
	char byte;

	mptcp_pair(ends);
	set_linger_zero(ends[SERVER]);
	must(close(ends[SERVER]));
	fact(recv(ends[CLIENT], &byte, 1, 0), "client recv");
	fact(recv(ends[CLIENT], &byte, 1, 0), "client recv again");
	fact(send(ends[CLIENT], "x", 1, 0), "client send");
	fact(signals_counted(), "client SIGPIPE");
	must(close(ends[CLIENT]));
}

int main(void)
{
	count_signal(SIGPIPE, 0);
	return over_both_families(scene);
}
