/*
 * error/recvmmsg-error-first: with data and a reset pending recvmmsg() tells the error first,
 * recvmsg() the data.
 *
 * Five bytes arrive, then the RST. recvmsg() looks at the queue before it looks at the error, so
 * the bytes come first (sigpipe/data-before-error). recvmmsg() asks for a pending error before it
 * begins, because one that meets it midway keeps it for its next call; so it says ECONNRESET at
 * once, although nothing is lost: the bytes are read afterwards, and behind them 0.
 *
 * So after an error from recvmmsg() there may still be data; read on until 0. And the 0 is then no
 * orderly end: the error has been told already.
 */
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"

static void scene(void)
{
	char bytes[8];
	struct iovec iov = {.iov_base = bytes, .iov_len = sizeof(bytes)};
	struct mmsghdr messages[2] = {{.msg_hdr = {.msg_iov = &iov, .msg_iovlen = 1}},
				      {.msg_hdr = {.msg_iov = &iov, .msg_iovlen = 1}}};
	int fd = reset_after("hello");

	fact(recvmmsg(fd, messages, 2, 0, NULL), "recvmmsg");
	fact(recvmmsg(fd, messages, 1, 0, NULL), "recvmmsg again: messages");
	fact(messages[0].msg_len, "recvmmsg again: bytes");
	fact(recvmsg(fd, &messages[0].msg_hdr, 0), "recvmsg after it");
	must(close(fd));

	fd = reset_after("hello");
	fact(recvmsg(fd, &messages[0].msg_hdr, 0), "recvmsg");
	fact(recvmsg(fd, &messages[0].msg_hdr, 0), "recvmsg again");
	fact(recvmsg(fd, &messages[0].msg_hdr, 0), "recvmsg and again");
	must(close(fd));
}

int main(void)
{
	return over_both_families(scene);
}
