/*
 * scm/max-253: one message holds at most 253 descriptors, on every type of Unix-domain socket.
 *
 * The kernel's limit is SCM_MAX_FD; one more is refused as a whole, and nothing is queued. An empty
 * list is no error either: its message arrives without a control message.
 *
 * So send more in several messages. And a receiver that must lose none, whatever its peer sends,
 * gives room for all 253.
 */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/cargo.h"
#include "lib/fact.h"
#include "lib/must.h"
#include "lib/proc.h"
#include "lib/scm.h"
#include "lib/variants.h"

static void scene(void)
{
	int via[2], fds[SCM_ROOM], none = -1, before;
	int flags = MSG_CMSG_CLOEXEC | MSG_DONTWAIT;
	size_t count = SCM_ROOM;
	char byte;

	unix_pair(via);
	for (int i = 0; i < SCM_ROOM; i++)
		fds[i] = via[SENDER]; /* it is the number that counts */

	before = open_descriptors();
	fact(send_fds(via[SENDER], "", 1, fds, SCM_FDS + 1), "sender %d", SCM_FDS + 1);
	fact(recv(via[RECEIVER], &byte, 1, MSG_DONTWAIT), "receiver");

	fact(send_fds(via[SENDER], "", 1, fds, SCM_FDS), "sender %d", SCM_FDS);
	fact(recv_fds(via[RECEIVER], &byte, 1, fds, &count, &flags), "receiver");
	fact((long)count, "receiver descriptors in the message");
	fact(open_descriptors() - before, "receiver descriptors opened");
	fact(!!(flags & MSG_CTRUNC), "receiver MSG_CTRUNC");
	close_all(fds, count);

	fact(send_fds(via[SENDER], "", 1, &none, 0), "sender 0");

	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control;
	struct iovec iov = {.iov_base = &byte, .iov_len = 1};
	struct msghdr message = {.msg_iov = &iov,
				 .msg_iovlen = 1,
				 .msg_control = control.bytes,
				 .msg_controllen = sizeof(control.bytes)};

	fact(recvmsg(via[RECEIVER], &message, MSG_DONTWAIT), "receiver");
	fact((long)message.msg_controllen, "receiver bytes of control messages");
}

int main(void)
{
	return over_unix_types(scene);
}
