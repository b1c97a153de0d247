/*
 * rst/sock-destroy: whoever may administer the network can abort any connection of it.
 *
 * The message SOCK_DESTROY of sock_diag, which `ss -K` sends, names a socket by its addresses and
 * ports, not by a descriptor. The kernel resets the connection for its peer and leaves an error of
 * its own to the process that owns it: ECONNABORTED, that is, ended by this host and not by the
 * peer. It needs CAP_NET_ADMIN in the socket's network namespace, and a kernel that was built with
 * CONFIG_INET_DIAG_DESTROY.
 *
 * So ECONNABORTED on a connection is to be treated as ECONNRESET is. And connections of a server
 * that hangs can be ended without ending the server: Android does it when a network goes away.
 */
#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"

/* Ask the kernel to destroy a socket of ours; returns the error it answers with, 0 for none. */
static int destroy(int fd)
{
	struct {
		struct nlmsghdr header;
		struct inet_diag_req_v2 socket;
	} request = {.header = {.nlmsg_len = sizeof(request),
				.nlmsg_type = SOCK_DESTROY,
				.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK},
		     .socket = {.sdiag_family = (unsigned char)family,
				.sdiag_protocol = IPPROTO_TCP,
				.idiag_states = ~0U,
				.id = {.idiag_cookie = {INET_DIAG_NOCOOKIE, INET_DIAG_NOCOOKIE}}}};
	struct {
		struct nlmsghdr header;
		struct nlmsgerr result;
	} answer;
	union {
		struct sockaddr any;
		struct sockaddr_in in; /* its port is where in6 has it */
		struct sockaddr_in6 in6;
	} own = {.in6 = {0}}, peer = {.in6 = {0}};
	socklen_t size = sizeof(own);
	int diag = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);

	if (diag == -1)
		impossible("NETLINK_SOCK_DIAG: %s", errno_name(errno));
	must(getsockname(fd, &own.any, &size));
	must(getpeername(fd, &peer.any, &size));
	request.socket.id.idiag_sport = own.in6.sin6_port;
	request.socket.id.idiag_dport = peer.in6.sin6_port;
	if (family == AF_INET6) {
		memcpy(request.socket.id.idiag_src, &own.in6.sin6_addr, 16);
		memcpy(request.socket.id.idiag_dst, &peer.in6.sin6_addr, 16);
	} else {
		request.socket.id.idiag_src[0] = own.in.sin_addr.s_addr;
		request.socket.id.idiag_dst[0] = peer.in.sin_addr.s_addr;
	}
	must_n(send(diag, &request, sizeof(request), 0));
	must_n(recv(diag, &answer, sizeof(answer), MSG_TRUNC));
	must(close(diag));
	return -answer.result.error;
}

static void scene(void)
{
	int ends[2], err;
	char byte;

	tcp_pair(ends);
	err = destroy(ends[SERVER]);
	if (err == EOPNOTSUPP || err == ENOENT)
		impossible("SOCK_DESTROY: %s (CONFIG_INET_DIAG_DESTROY)", errno_name(err));
	fact_errno("kernel SOCK_DESTROY", err);

	fact_text("server state", "%s", tcp_state(ends[SERVER]));
	fact_text("server poll", "%s",
		  poll_mask(await_poll(ends[SERVER], POLLIN | POLLOUT | POLLRDHUP)));
	fact(recv(ends[SERVER], &byte, 1, 0), "server recv");
	fact(recv(ends[SERVER], &byte, 1, 0), "server recv again");
	fact(recv(ends[CLIENT], &byte, 1, 0), "client recv");
	fact(recv(ends[CLIENT], &byte, 1, 0), "client recv again");
}

int main(void)
{
	return over_both_families(scene);
}
