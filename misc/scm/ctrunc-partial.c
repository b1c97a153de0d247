/*
 * scm/ctrunc-partial: a control buffer too small for all descriptors gets as many as it holds.
 *
 * The writing ends of five pipes are sent and closed, so that the message alone keeps them; the
 * receiver has room for fewer. The buffer is filled; those that did not fit are closed on the spot,
 * not queued for the next call: their witnesses read end of file, while the others still have a
 * writer. MSG_CTRUNC is the only sign, and there is no second chance to receive them. What fits is
 * counted from msg_controllen to the byte: the padding of CMSG_SPACE(), given for one, takes a
 * second on a 64-bit machine.
 *
 * So treat MSG_CTRUNC as an error. And a receiver that wants one descriptor sets msg_controllen to
 * CMSG_LEN(), or takes every descriptor that cmsg_len announces and closes those that nobody asked
 * for; else a peer that sends two leaves it with one that it knows nothing of. FreeBSD delivers
 * none of a list that does not fit.
 */
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/cargo.h"
#include "lib/fact.h"
#include "lib/must.h"
#include "lib/proc.h"
#include "lib/scm.h"
#include "lib/variants.h"

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
	int via[2], witnesses[SENT], writers[SENT], fds[SENT], before;
	long came = 0, released = 0;

	unix_pair(via);
	for (int i = 0; i < SENT; i++)
		witnesses[i] = witness(&writers[i]);
	must_n(send_fds(via[SENDER], "", 1, writers, SENT));
	close_all(writers, SENT);

	before = open_descriptors();
	must_n(recvmsg(via[RECEIVER], &message, MSG_CMSG_CLOEXEC));
	if (CMSG_FIRSTHDR(&message)) {
		came = (long)((control.header.cmsg_len - CMSG_LEN(0)) / sizeof(int));
		memcpy(fds, CMSG_DATA(&control.header), (size_t)came * sizeof(int));
	}
	fact(came, "receiver with room for %s", room);
	fact_text("receiver msg_flags", "%s",
		  message.msg_flags & MSG_CTRUNC ? "MSG_CTRUNC" : "none");
	fact(open_descriptors() - before, "receiver descriptors opened");
	for (int i = 0; i < SENT; i++)
		released += witness_says(witnesses[i])[0] == 'r';
	fact(released, "files released");
	close_all(fds, (size_t)came);
	fact(recvmsg(via[RECEIVER], &message, MSG_DONTWAIT), "receiver again");
}

static void scene(void)
{
	receive("none", 0);
	receive("1", CMSG_LEN(1 * sizeof(int)));
	receive("1, padded", CMSG_SPACE(1 * sizeof(int)));
	receive("3", CMSG_LEN(3 * sizeof(int)));
	receive("5", CMSG_LEN(5 * sizeof(int)));
}

int main(void)
{
	return over_unix_types(scene);
}
