/*
 * reuseport/bind-matrix: with SO_REUSEPORT on both any two addresses share a port; without, those
 * that do not overlap.
 *
 * Two sockets bind the same port, the wildcard and a specific address in every order. Without
 * SO_REUSEPORT the wildcard overlaps with everything: EADDRINUSE, whoever was first; two specific
 * addresses that differ do not meet. With it on both every pair binds. It is the same for TCP
 * listeners and for UDP; and an IPv6 wildcard that takes IPv4, too, overlaps with IPv4's, unless
 * IPV6_V6ONLY is set.
 *
 * So an address that is bound besides a wildcard needs the option on both, or a wildcard that is
 * split up into addresses; and a dual-stack server needs IPV6_V6ONLY if it binds IPv4 by itself.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/variants.h"

enum address { ANY4, LO4, OTHER4, ANY6, DUAL6, LO6, ADDRESSES };
static const char *const names[] = {"0.0.0.0",   "127.0.0.1", "127.0.0.2",
				    "v6only ::", "dual ::",   "::1"};
static int type;

static int make_socket(enum address address, bool share)
{
	int fd = must(socket(address >= ANY6 ? AF_INET6 : AF_INET, type | SOCK_CLOEXEC, 0));

	set_option(fd, SOL_SOCKET, SO_REUSEPORT, share);
	if (address >= ANY6)
		set_option(fd, IPPROTO_IPV6, IPV6_V6ONLY, address == ANY6);
	return fd;
}

static int bind_it(int fd, enum address address, int port)
{
	struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port)};

	if (address == LO4 || address == OTHER4)
		v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK + (address == OTHER4));
	if (address == LO6)
		v6.sin6_addr = in6addr_loopback;
	if (address >= ANY6)
		return bind(fd, (struct sockaddr *)&v6, sizeof(v6));
	return bind(fd, (struct sockaddr *)&v4, sizeof(v4));
}

/* Whether the second binds where the first is. */
static bool share(enum address one, enum address two, bool reuseport)
{
	int first = make_socket(one, reuseport), second = make_socket(two, reuseport);

	must(bind_it(first, one, 0));
	if (type == SOCK_STREAM)
		must(listen(first, 1));

	bool bound = bind_it(second, two, local_port(first)) == 0;

	must(close(first));
	must(close(second));
	return bound;
}

static void scene(void)
{
	for (int reuseport = 0; reuseport < 2; reuseport++)
		for (enum address one = 0; one < ADDRESSES; one++) {
			char refused[128] = "", *at = refused;

			for (enum address two = 0; two < ADDRESSES; two++)
				if (!share(one, two, reuseport))
					at += snprintf(at, (size_t)(refused + sizeof(refused) - at),
						       "%s%s", at > refused ? ", " : "",
						       names[two]);
			fact_text(reuseport ? "SO_REUSEPORT on both" : "without", "%s refuses %s",
				  names[one], *refused ? refused : "nobody");
		}
}

int main(void)
{
	static const struct variant variants[] = {{"TCP", SOCK_STREAM}, {"UDP", SOCK_DGRAM}};

	return play_variants(variants, 2, &type, scene);
}
