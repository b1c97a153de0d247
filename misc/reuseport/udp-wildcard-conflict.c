/*
 * reuseport/udp-wildcard-conflict: a UDP port taken at any address is taken for the wildcard.
 *
 * The wildcard address receives for all addresses, so bind() to it must fail with EADDRINUSE while
 * anybody has the port at one of them; and [::] stands for those of IPv4 as well, unless
 * IPV6_V6ONLY is set. How many have it must not matter. It did: for the conflict the kernel looks
 * at all sockets with that port while they are few, at most ten, and beyond that into a table by
 * address and port, where those bound to other addresses than the wildcard are not. From 2.6.33
 * until a fix of March 2026 the bind succeeded then, and the newcomer got what nobody else had
 * asked for.
 *
 * So a UDP server that binds each address by itself could not rely on EADDRINUSE against a second
 * instance that takes the wildcard; it notices by a lock, not by bind().
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/ipv6.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/proc.h"

enum { FEW = 3, MANY = 12 };

/* 127.0.0.N is there; fd00::N has to be made, for IPv6 has but one loopback address. */
static socklen_t address_number(int n, int port, struct sockaddr_storage *out)
{
	socklen_t length = loopback_address(port, out);
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)out;

	if (family == AF_INET) {
		((struct sockaddr_in *)out)->sin_addr.s_addr =
			htonl(INADDR_LOOPBACK + (in_addr_t)n);
		return length;
	}
	memset(&in6->sin6_addr, 0, sizeof(in6->sin6_addr));
	in6->sin6_addr.s6_addr[0] = 0xfd;
	in6->sin6_addr.s6_addr[15] = (uint8_t)n;
	return length;
}

static void make_addresses(void)
{
	int fd = must(socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0));
	static struct in6_ifreq request; /* static: valgrind looks for IPv4's longer one */

	request.ifr6_prefixlen = 128;
	request.ifr6_ifindex = (int)if_nametoindex("lo");
	for (int n = 1; n <= MANY; n++) {
		struct sockaddr_storage address;

		address_number(n, 0, &address);
		request.ifr6_addr = ((struct sockaddr_in6 *)&address)->sin6_addr;
		if (ioctl(fd, SIOCSIFADDR, &request) == -1)
			impossible("SIOCSIFADDR: %s", errno_name(errno));
	}
	must(close(fd));
}

/* bind() a new socket of `domain` to its wildcard address and the port. */
static int bind_wildcard(int domain, int v6only, int port)
{
	struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_port = htons((in_port_t)port)};
	struct sockaddr_in four = {.sin_family = AF_INET, .sin_port = htons((in_port_t)port)};
	int fd = must(socket(domain, SOCK_DGRAM | SOCK_CLOEXEC, 0));

	if (domain == AF_INET)
		return bind(fd, (struct sockaddr *)&four, sizeof(four));
	set_option(fd, IPPROTO_IPV6, IPV6_V6ONLY, v6only);
	return bind(fd, (struct sockaddr *)&six, sizeof(six));
}

static void await_address(void)
{
	if (errno != EADDRNOTAVAIL)
		die("bind: %s", errno_name(errno));
	nap();
}

static void play(int count)
{
	struct sockaddr_storage address;
	int port = 0;

	for (int n = 1; n <= count; n++) {
		int fd = must(socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0));
		socklen_t length = address_number(n, port, &address);

		/* A new address of IPv6 is there a moment after it was made. */
		while (bind(fd, (struct sockaddr *)&address, length) == -1)
			await_address();
		port = local_port(fd);
	}
	fact(bind_wildcard(family, 1, port), "%d addresses: bind of the wildcard", count);
	fact(bind_wildcard(AF_INET6, 0, port), "%d addresses: bind of [::] for both", count);
	fact(bind_wildcard(family == AF_INET ? AF_INET6 : AF_INET, 1, port),
	     "%d addresses: bind of the other family's wildcard", count);
}

static void scene(void)
{
	if (family == AF_INET6)
		make_addresses();
	play(FEW);
	play(MANY);
}

int main(void)
{
	return over_both_families(scene);
}
