#include "timers.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdint.h>
#include <sys/socket.h>
#include <unistd.h>

#include "must.h"

/* One attribute with a value of four bytes, as netlink lays it out (netlink(7)). */
struct attribute {
	struct rtattr header;
	uint32_t value;
};
#define ATTRIBUTE(number, content)                                                                 \
	{                                                                                          \
		.header = {.rta_len = sizeof(struct attribute), .rta_type = (number)},             \
		.value = (content)                                                                 \
	}

void tcp_timers_at_least(int seconds)
{
	/* The route the kernel made when `lo` came up, with one thing more. The lock is what
	 * makes TCP take the metric for a command, and not for a memory of earlier times. */
	struct {
		struct nlmsghdr header;
		struct rtmsg route;
		struct attribute destination, source, device;
		struct rtattr metrics;
		struct attribute lock, rto_min;
	} request = {
		.header = {.nlmsg_len = sizeof(request),
			   .nlmsg_type = RTM_NEWROUTE,
			   .nlmsg_flags = NLM_F_REQUEST | NLM_F_REPLACE | NLM_F_ACK},
		.route = {.rtm_family = AF_INET,
			  .rtm_dst_len = 32,
			  .rtm_table = RT_TABLE_LOCAL,
			  .rtm_protocol = RTPROT_KERNEL,
			  .rtm_scope = RT_SCOPE_HOST,
			  .rtm_type = RTN_LOCAL},
		.destination = ATTRIBUTE(RTA_DST, htonl(INADDR_LOOPBACK)),
		.source = ATTRIBUTE(RTA_PREFSRC, htonl(INADDR_LOOPBACK)),
		.device = ATTRIBUTE(RTA_OIF, if_nametoindex("lo")),
		.metrics = {.rta_len = sizeof(struct rtattr) + 2 * sizeof(struct attribute),
			    .rta_type = RTA_METRICS},
		.lock = ATTRIBUTE(RTAX_LOCK, 1U << RTAX_RTO_MIN),
		.rto_min = ATTRIBUTE(RTAX_RTO_MIN, (uint32_t)seconds * 1000),
	};
	struct {
		struct nlmsghdr header;
		struct nlmsgerr result;
		char request[512];
	} answer;
	int fd = must(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE));

	must_n(send(fd, &request, sizeof(request), 0));
	must_n(recv(fd, &answer, sizeof(answer), 0));
	if (answer.header.nlmsg_type == NLMSG_ERROR && answer.result.error == -EOPNOTSUPP)
		impossible("routes cannot be changed, and TCP's timers not be made to wait");
	if (answer.header.nlmsg_type != NLMSG_ERROR || answer.result.error)
		die("rto_min of the route to 127.0.0.1: %s", errno_name(-answer.result.error));
	must(close(fd));
}
