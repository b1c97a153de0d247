/*
 * scm/max-253: one message holds at most 253 descriptors, on every type of Unix-domain socket.
 *
 * The kernel's limit is SCM_MAX_FD; one more is refused as a whole, and nothing is queued. An empty
 * list is no error either: its message arrives without a control message.
 */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/must.h"
#include "lib/proc.h"
#include "lib/scm.h"

static void send_many(int type, const char *name)
{
	int via[2], fds[SCM_ROOM], none = -1, before;
	int flags = MSG_CMSG_CLOEXEC | MSG_DONTWAIT;
	size_t count = SCM_ROOM;
	char byte;

	must(socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, via));
	for (int i = 0; i < SCM_ROOM; i++)
		fds[i] = via[0]; /* it is the number that counts */

	before = open_descriptors();
	fact(send_fds(via[0], "", 1, fds, SCM_FDS + 1), "%s send of %d", name, SCM_FDS + 1);
	fact(recv(via[1], &byte, 1, MSG_DONTWAIT), "%s recv", name);

	fact(send_fds(via[0], "", 1, fds, SCM_FDS), "%s send of %d", name, SCM_FDS);
	fact(recv_fds(via[1], &byte, 1, fds, &count, &flags), "%s recv", name);
	fact((long)count, "%s descriptors in the message", name);
	fact(open_descriptors() - before, "%s descriptors opened", name);
	fact(!!(flags & MSG_CTRUNC), "%s MSG_CTRUNC", name);
	while (count > 0)
		must(close(fds[--count]));

	fact(send_fds(via[0], "", 1, &none, 0), "%s send of 0", name);

	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control;
	struct iovec iov = {.iov_base = &byte, .iov_len = 1};
	struct msghdr message = {.msg_iov = &iov,
				 .msg_iovlen = 1,
				 .msg_control = control.bytes,
				 .msg_controllen = sizeof(control.bytes)};

	fact(recvmsg(via[1], &message, MSG_DONTWAIT), "%s recv", name);
	fact((long)message.msg_controllen, "%s bytes of control messages", name);
	must(close(via[0]));
	must(close(via[1]));
}

int main(void)
{
	send_many(SOCK_STREAM, "stream");
	send_many(SOCK_DGRAM, "dgram");
	send_many(SOCK_SEQPACKET, "seqpacket");
	return 0;
}
