#include "zerocopy.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "must.h"
#include "net.h"

void zerocopy_enable(int fd)
{
	int on = 1;

	if (setsockopt(fd, SOL_SOCKET, SO_ZEROCOPY, &on, sizeof(on)) == -1)
		impossible("SO_ZEROCOPY: %s", errno_name(errno));
}

void zerocopy_await(int fd)
{
	if (!await_acked(fd))
		impossible("SIOCOUTQ does not tell what was acknowledged");
	/* What waits for the socket's lock comes after the ACK that is being worked on. */
	tcp_state(fd);
}

bool zerocopy_notice(int fd, struct sock_extended_err *notice)
{
	union {
		struct cmsghdr header;
		char bytes[256];
	} control;
	struct msghdr message = {.msg_control = control.bytes,
				 .msg_controllen = sizeof(control.bytes)};

	if (recvmsg(fd, &message, MSG_ERRQUEUE | MSG_DONTWAIT) == -1)
		return false;

	struct cmsghdr *header = CMSG_FIRSTHDR(&message);

	if (!header || !((header->cmsg_level == SOL_IP && header->cmsg_type == IP_RECVERR) ||
			 (header->cmsg_level == SOL_IPV6 && header->cmsg_type == IPV6_RECVERR)))
		die("no notification came with the error queue's message");
	memcpy(notice, CMSG_DATA(header), sizeof(*notice));
	return true;
}
