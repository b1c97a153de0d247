/*
 * accept/socket-options-inherited: a connection has the options of its listener, but for two.
 *
 * When a handshake begins the kernel makes the connection's socket as a copy of the listener, so
 * what was set there is set here: options of the socket level, of TCP and of IP alike. It must be
 * so for some: the window is negotiated before anybody can call accept(), so SO_RCVBUF set later
 * comes too late. Two are not for connections: SO_PRIORITY is what the packets of this socket
 * deserve and begins anew, and TCP_DEFER_ACCEPT says something about listeners.
 *
 * Each option is set on the listener to a value that a new socket does not have; whether the
 * accepted one shows the same is the fact.
 *
 * So a server sets what all its connections need once, on the listener, before listen(): it saves
 * the calls and the moment in which they do not hold yet. It must not rely on this elsewhere:
 * POSIX says nothing about it, and flags of the descriptor do not pass on
 * (accept/fd-flags-not-inherited).
 */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"

static const struct {
	const char *name;
	int level, option;
	int value; /* an int, or what a structure begins with */
	socklen_t size;
} options[] = {
	{"SO_KEEPALIVE", SOL_SOCKET, SO_KEEPALIVE, 1, 4},
	{"SO_LINGER", SOL_SOCKET, SO_LINGER, 1, sizeof(struct linger)},
	{"SO_RCVBUF", SOL_SOCKET, SO_RCVBUF, 20000, 4},
	{"SO_SNDBUF", SOL_SOCKET, SO_SNDBUF, 20000, 4},
	{"SO_OOBINLINE", SOL_SOCKET, SO_OOBINLINE, 1, 4},
	{"SO_RCVLOWAT", SOL_SOCKET, SO_RCVLOWAT, 7, 4},
	{"SO_REUSEADDR", SOL_SOCKET, SO_REUSEADDR, 1, 4},
	{"SO_REUSEPORT", SOL_SOCKET, SO_REUSEPORT, 1, 4},
	{"SO_RCVTIMEO", SOL_SOCKET, SO_RCVTIMEO, 7, sizeof(struct timeval)},
	{"SO_SNDTIMEO", SOL_SOCKET, SO_SNDTIMEO, 7, sizeof(struct timeval)},
	{"SO_ZEROCOPY", SOL_SOCKET, SO_ZEROCOPY, 1, 4},
	{"TCP_NODELAY", IPPROTO_TCP, TCP_NODELAY, 1, 4},
	{"TCP_CORK", IPPROTO_TCP, TCP_CORK, 1, 4},
	{"TCP_KEEPIDLE", IPPROTO_TCP, TCP_KEEPIDLE, 7, 4},
	{"TCP_KEEPINTVL", IPPROTO_TCP, TCP_KEEPINTVL, 7, 4},
	{"TCP_KEEPCNT", IPPROTO_TCP, TCP_KEEPCNT, 7, 4},
	{"TCP_SYNCNT", IPPROTO_TCP, TCP_SYNCNT, 7, 4},
	{"TCP_LINGER2", IPPROTO_TCP, TCP_LINGER2, 7, 4},
	{"TCP_QUICKACK", IPPROTO_TCP, TCP_QUICKACK, 0, 4},
	{"TCP_USER_TIMEOUT", IPPROTO_TCP, TCP_USER_TIMEOUT, 7777, 4},
	{"TCP_NOTSENT_LOWAT", IPPROTO_TCP, TCP_NOTSENT_LOWAT, 7777, 4},
	{"IP_TOS, IPV6_TCLASS", IPPROTO_IP, IP_TOS, 16, 4},
	{"IP_TOS, IPV6_TCLASS", IPPROTO_IPV6, IPV6_TCLASS, 16, 4},
	{"IP_TTL, IPV6_UNICAST_HOPS", IPPROTO_IP, IP_TTL, 7, 4},
	{"IP_TTL, IPV6_UNICAST_HOPS", IPPROTO_IPV6, IPV6_UNICAST_HOPS, 7, 4},
	{"SO_PRIORITY", SOL_SOCKET, SO_PRIORITY, 5, 4},
	{"TCP_DEFER_ACCEPT", IPPROTO_TCP, TCP_DEFER_ACCEPT, 7, 4},
};
enum { OPTIONS = sizeof(options) / sizeof(options[0]), LARGEST = 16 };

static bool shows_same(int a, int b, int level, int option)
{
	char values[2][LARGEST] = {{0}};
	socklen_t sizes[2] = {LARGEST, LARGEST};

	must(getsockopt(a, level, option, values[0], &sizes[0]));
	must(getsockopt(b, level, option, values[1], &sizes[1]));
	return memcmp(values[0], values[1], LARGEST) == 0;
}

/* Set the option, and tell whether it then reads other than that of a new socket. */
static bool takes(int fd, int plain, int i)
{
	int value[LARGEST / sizeof(int)] = {options[i].value}, seen[LARGEST];
	socklen_t size = sizeof(seen);

	must(setsockopt(fd, options[i].level, options[i].option, value, options[i].size));
	return getsockopt(fd, options[i].level, options[i].option, seen, &size) == 0 &&
	       !shows_same(fd, plain, options[i].level, options[i].option);
}

static bool applies(int i)
{
	return options[i].level != (family == AF_INET ? IPPROTO_IPV6 : IPPROTO_IP);
}

static void scene(void)
{
	int listener = must(socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));
	int plain = must(socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));
	bool taken[OPTIONS];

	for (int i = 0; i < OPTIONS; i++)
		taken[i] = applies(i) && takes(listener, plain, i);
	/* The world's default is reno. */
	if (setsockopt(listener, IPPROTO_TCP, TCP_CONGESTION, "cubic", 5) == -1)
		impossible("TCP_CONGESTION cubic: %s", errno_name(errno));

	must(listen(listener, 1)); /* the kernel binds it to a port: ip(7) */

	struct sockaddr_storage address;
	socklen_t length = loopback_address(local_port(listener), &address);

	must(connect(plain, (struct sockaddr *)&address, length));
	send_all(plain, "", 1); /* which TCP_DEFER_ACCEPT waits for */

	int accepted = must(accept4(listener, NULL, NULL, SOCK_CLOEXEC));

	for (int i = 0; i < OPTIONS; i++)
		if (applies(i))
			fact_text(options[i].name, "%s",
				  !taken[i] ? "cannot be set"
				  : shows_same(listener, accepted, options[i].level,
					       options[i].option)
					  ? "inherited"
					  : "not inherited");
	fact_text("TCP_CONGESTION", "%s",
		  shows_same(listener, accepted, IPPROTO_TCP, TCP_CONGESTION) ? "inherited"
									      : "not inherited");
}

int main(void)
{
	return over_both_families(scene);
}
