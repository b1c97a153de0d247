#include "family.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

#include "must.h"
#include "variants.h"

int family = AF_INET;

static socklen_t address(const struct in6_addr *six, in_addr_t four, int port,
			 struct sockaddr_storage *out)
{
	struct sockaddr_in in = {.sin_family = AF_INET,
				 .sin_addr.s_addr = htonl(four),
				 .sin_port = htons((uint16_t)port)};
	struct sockaddr_in6 in6 = {
		.sin6_family = AF_INET6, .sin6_addr = *six, .sin6_port = htons((uint16_t)port)};

	memset(out, 0, sizeof(*out));
	if (family == AF_INET6)
		memcpy(out, &in6, sizeof(in6));
	else
		memcpy(out, &in, sizeof(in));
	return family == AF_INET6 ? sizeof(in6) : sizeof(in);
}

socklen_t loopback_address(int port, struct sockaddr_storage *out)
{
	return address(&in6addr_loopback, INADDR_LOOPBACK, port, out);
}

socklen_t any_address(int port, struct sockaddr_storage *out)
{
	return address(&in6addr_any, INADDR_ANY, port, out);
}

static void need_ipv6(void)
{
	int fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd == -1)
		impossible("no IPv6: socket: %s", errno_name(errno));
	must(close(fd));
}

int over_both_families(void (*scene)(void))
{
	static const struct variant families[] = {{"over IPv4", AF_INET}, {"over IPv6", AF_INET6}};

	need_ipv6();
	return play_variants(families, 2, &family, scene);
}

static void (*ways[2])(void);
static int way;

static void play_one_way(void)
{
	ways[way]();
}

int over_both(void (*first)(void), void (*second)(void), const char *name)
{
	const struct variant variants[] = {{"the scene", 0}, {name, 1}};

	ways[0] = first;
	ways[1] = second;
	return play_variants(variants, 2, &way, play_one_way);
}
