#include "timers.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "fact.h"
#include "family.h"
#include "must.h"

/* A message to rtnetlink(7), and where its next attribute goes. */
struct request {
	struct nlmsghdr header;
	struct rtmsg route;
	char attributes[128];
};

static void add(struct request *request, unsigned short type, const void *value, size_t size)
{
	struct rtattr attribute = {.rta_len = (unsigned short)RTA_LENGTH(size), .rta_type = type};
	char *next = (char *)request + request->header.nlmsg_len;

	memcpy(next, &attribute, sizeof(attribute));
	memcpy(next + sizeof(attribute), value, size);
	request->header.nlmsg_len += (unsigned)RTA_SPACE(size);
}

/* The route the kernel made when `lo` came up. */
static struct request loopback_route(unsigned short type, unsigned short flags)
{
	struct in_addr four = {.s_addr = htonl(INADDR_LOOPBACK)};
	unsigned lo = if_nametoindex("lo");
	bool six = family == AF_INET6;
	const void *address = six ? (const void *)&in6addr_loopback : (const void *)&four;
	size_t size = six ? sizeof(in6addr_loopback) : sizeof(four);
	struct request request = {.header = {.nlmsg_len = NLMSG_LENGTH(sizeof(struct rtmsg)),
					     .nlmsg_type = type,
					     .nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | flags},
				  .route = {.rtm_family = (unsigned char)family,
					    .rtm_dst_len = (unsigned char)(8 * size),
					    .rtm_table = RT_TABLE_LOCAL,
					    .rtm_protocol = RTPROT_KERNEL,
					    .rtm_scope = six ? RT_SCOPE_UNIVERSE : RT_SCOPE_HOST,
					    .rtm_type = RTN_LOCAL}};

	add(&request, RTA_DST, address, size);
	if (!six)
		add(&request, RTA_PREFSRC, address, size);
	add(&request, RTA_OIF, &lo, sizeof(lo));
	return request;
}

static void ask(int fd, const struct request *request)
{
	struct {
		struct nlmsghdr header;
		struct nlmsgerr result;
		char request[512];
	} answer;

	must_n(send(fd, request, request->header.nlmsg_len, 0));
	must_n(recv(fd, &answer, sizeof(answer), 0));
	if (answer.header.nlmsg_type == NLMSG_ERROR && answer.result.error == -EOPNOTSUPP)
		impossible("routes cannot be changed, and TCP's timers not be made to wait");
	if (answer.header.nlmsg_type != NLMSG_ERROR || answer.result.error)
		die("rto_min of the route to loopback: %s", errno_name(-answer.result.error));
}

void tcp_timers_at_least(int seconds)
{
	/* The lock makes it a command to TCP, and not a memory of earlier times. */
	const struct {
		struct rtattr header;
		uint32_t value;
	} metrics[] = {{{.rta_len = sizeof(metrics[0]), .rta_type = RTAX_LOCK}, 1U << RTAX_RTO_MIN},
		       {{.rta_len = sizeof(metrics[0]), .rta_type = RTAX_RTO_MIN},
			(uint32_t)seconds * 1000}};
	int fd = must(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE));
	struct request route;

	/* Of IPv6 the kernel's route has a metric that no message can name: it has to go first. */
	if (family == AF_INET6) {
		route = loopback_route(RTM_DELROUTE, 0);
		ask(fd, &route);
	}
	route = loopback_route(RTM_NEWROUTE, NLM_F_CREATE | NLM_F_REPLACE);
	add(&route, RTA_METRICS, metrics, sizeof(metrics));
	ask(fd, &route);
	must(close(fd));
}

long milliseconds(void)
{
	struct timespec now;

	must(clock_gettime(CLOCK_MONOTONIC, &now));
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void fact_lasted(const char *what, long since, long least)
{
	long lasted = milliseconds() - since;
	char name[128];

	snprintf(name, sizeof(name), "%s, at least %ld ms", what, least);
	if (lasted >= least)
		fact_text(name, "yes");
	else
		fact_text(name, "no, %ld", lasted);
}
