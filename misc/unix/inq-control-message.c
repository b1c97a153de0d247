/*
 * unix/inq-control-message: with SO_INQ every recvmsg() also tells what it left in the queue.
 *
 * The scene of unix/fionread-after-partial-read, but the number comes in a control message,
 * SCM_INQ, taken in the same moment as the data: no other thread can read in between, and no second
 * system call is needed. It agrees with SIOCINQ after a part of a piece was read, at its end, and
 * for a peek, which leaves all there. Only streams have the option; they do not by default.
 *
 * So a reader that wants to fit its buffer to the queue, or to know whether another recv() is worth
 * while, sets SO_INQ once instead of asking each time.
 */
#include <errno.h>
#include <linux/sockios.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/unix.h"

#ifndef SO_INQ /* asm-generic/socket.h since Linux 6.17 */
#define SO_INQ 84
#define SCM_INQ SO_INQ
#endif

static void receive(int fd, size_t size, int flags, const char *what)
{
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = {0};
	char bytes[128];
	struct iovec iov = {.iov_base = bytes, .iov_len = size};
	struct msghdr message = {.msg_iov = &iov,
				 .msg_iovlen = 1,
				 .msg_control = control.bytes,
				 .msg_controllen = sizeof(control.bytes)};
	int left, queued;

	fact(recvmsg(fd, &message, flags), "%s", what);

	struct cmsghdr *header = CMSG_FIRSTHDR(&message);

	if (!header || header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_INQ) {
		fact_text("SCM_INQ", "none");
		return;
	}
	memcpy(&left, CMSG_DATA(header), sizeof(left));
	fact(left, "SCM_INQ");
	must(ioctl(fd, SIOCINQ, &queued));
	fact(queued, "SIOCINQ after it");
}

int main(void)
{
	char bytes[100] = {0};
	int stream[2], on = 1;

	must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, stream));
	if (setsockopt(stream[1], SOL_SOCKET, SO_INQ, &on, sizeof(on)) == -1)
		impossible("no SO_INQ on AF_UNIX: %s", errno_name(errno));
	send_all(stream[0], bytes, 100);
	send_all(stream[0], bytes, 10);
	receive(stream[1], 30, MSG_PEEK, "peek at 30");
	receive(stream[1], 30, 0, "recv of 30 of 110");
	receive(stream[1], 75, 0, "recv of 75");
	receive(stream[1], 75, 0, "recv of the rest");
	set_option(stream[1], SOL_SOCKET, SO_INQ, 0);
	send_all(stream[0], bytes, 10);
	receive(stream[1], 5, 0, "recv of 5, SO_INQ off");
	for (int i = 0; i < 2; i++) {
		int type = i ? SOCK_DGRAM : SOCK_SEQPACKET, ends[2];

		must(socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, ends));
		fact(setsockopt(ends[1], SOL_SOCKET, SO_INQ, &on, sizeof(on)), "%s SO_INQ",
		     unix_type(type));
	}
	return 0;
}
