/*
 * scm/ctrunc-partial: a control buffer too small for all descriptors gets as many as it holds.
 *
 * The writing ends of five pipes are sent and closed, so that the message alone keeps them; the
 * receiver has room for fewer. Those that did not fit are gone, not queued for the next call:
 * their pipes read end of file, while the others still have a writer. What fits is counted from
 * msg_controllen to the byte: the padding of CMSG_SPACE(), given for one, takes a second, which a
 * receiver that looks for one only would leak.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/must.h"
#include "lib/proc.h"
#include "lib/scm.h"

enum { SENT = 5 };

static void receive(const char *room, size_t controllen)
{
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(SENT * sizeof(int))];
	} control = {0};
	char byte;
	struct iovec iov = {.iov_base = &byte, .iov_len = 1};
	struct msghdr message = {.msg_iov = &iov,
				 .msg_iovlen = 1,
				 .msg_control = control.bytes,
				 .msg_controllen = controllen};
	int via[2], readers[SENT], writers[SENT], fds[SENT], before;
	long came = 0, ended = 0;

	must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, via));
	for (int i = 0; i < SENT; i++) {
		int ends[2];

		must(pipe2(ends, O_CLOEXEC | O_NONBLOCK));
		readers[i] = ends[0];
		writers[i] = ends[1];
	}
	must_n(send_fds(via[0], "", 1, writers, SENT));
	for (int i = 0; i < SENT; i++)
		must(close(writers[i]));

	before = open_descriptors();
	must_n(recvmsg(via[1], &message, MSG_CMSG_CLOEXEC));
	if (CMSG_FIRSTHDR(&message)) {
		came = (long)((control.header.cmsg_len - CMSG_LEN(0)) / sizeof(int));
		memcpy(fds, CMSG_DATA(&control.header), (size_t)came * sizeof(int));
	}
	fact(came, "receiver with room for %s", room);
	fact_text("receiver msg_flags", "%s",
		  message.msg_flags & MSG_CTRUNC ? "MSG_CTRUNC" : "none");
	fact(open_descriptors() - before, "receiver descriptors opened");
	for (int i = 0; i < SENT; i++) {
		ssize_t got = read(readers[i], &byte, 1);

		if (got == -1 && errno != EAGAIN)
			die("read: %s", errno_name(errno));
		ended += got == 0;
		must(close(readers[i]));
	}
	fact(ended, "pipes that ended");
	while (came > 0)
		must(close(fds[--came]));
	must(close(via[0]));
	must(close(via[1]));
}

int main(void)
{
	receive("none", 0);
	receive("1", CMSG_LEN(1 * sizeof(int)));
	receive("1, padded", CMSG_SPACE(1 * sizeof(int)));
	receive("3", CMSG_LEN(3 * sizeof(int)));
	receive("5", CMSG_LEN(5 * sizeof(int)));
	return 0;
}
