/*
 * scm/two-cmsgs-merge: two lists of descriptors in one message arrive as one.
 *
 * A message may carry several control messages, and so two of SCM_RIGHTS. The kernel collects the
 * descriptors of both in one list before it sends anything, in the order in which they stand; the
 * receiver gets one control message with all of them. The limit of 253 is that of the list: two
 * headers that only together exceed it are refused, as one would be. Files that hold their own
 * numbers show the order.
 *
 * So a receiver need not expect several lists from Linux, and must not use them to tell which
 * descriptor is which: the order alone says it. FreeBSD keeps the two apart, so code that is to run
 * there, too, walks all headers with CMSG_NXTHDR().
 */
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/cargo.h"
#include "lib/fact.h"
#include "lib/must.h"
#include "lib/scm.h"
#include "lib/variants.h"

static union {
	struct cmsghdr align;
	char bytes[2 * CMSG_SPACE(SCM_ROOM * sizeof(int))];
} control;

static struct cmsghdr *add(struct cmsghdr *header, const int *fds, size_t count)
{
	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(count * sizeof(int));
	memcpy(CMSG_DATA(header), fds, count * sizeof(int));
	return (struct cmsghdr *)(void *)((char *)header + CMSG_SPACE(count * sizeof(int)));
}

static ssize_t send_two(int via, const int *fds, size_t first, size_t second)
{
	struct iovec iov = {.iov_base = "x", .iov_len = 1};
	struct msghdr message = {.msg_iov = &iov, .msg_iovlen = 1, .msg_control = control.bytes};
	struct cmsghdr *end = add(add(&control.align, fds, first), fds + first, second);

	message.msg_controllen = (size_t)((char *)end - control.bytes);
	return sendmsg(via, &message, MSG_NOSIGNAL);
}

static void receive(int via)
{
	char byte;
	struct iovec iov = {.iov_base = &byte, .iov_len = 1};
	struct msghdr message = {.msg_iov = &iov,
				 .msg_iovlen = 1,
				 .msg_control = control.bytes,
				 .msg_controllen = sizeof(control.bytes)};
	struct cmsghdr *header;
	int fds[SCM_ROOM], headers = 0;

	must_n(recvmsg(via, &message, MSG_CMSG_CLOEXEC));
	for (header = CMSG_FIRSTHDR(&message); header; header = CMSG_NXTHDR(&message, header)) {
		size_t count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);

		headers++;
		memcpy(fds, CMSG_DATA(header), count * sizeof(int));
		if (count <= 3)
			fact_text("receiver files", "%s", numbers_of(fds, count));
		else
			fact((long)count, "receiver descriptors");
		close_all(fds, count);
	}
	fact(headers, "receiver control messages");
}

static void scene(void)
{
	int via[2], fds[SCM_ROOM];

	unix_pair(via);
	for (int i = 0; i < SCM_ROOM; i++)
		fds[i] = i < 3 ? numbered_file(i) : via[SENDER];

	fact(send_two(via[SENDER], fds, 2, 1), "sender sendmsg of 2 and 1");
	receive(via[RECEIVER]);
	fact(send_two(via[SENDER], fds, 200, 54), "sender sendmsg of 200 and 54");
	fact(send_two(via[SENDER], fds, 200, 53), "sender sendmsg of 200 and 53");
	receive(via[RECEIVER]);
}

int main(void)
{
	return over_unix_types(scene);
}
