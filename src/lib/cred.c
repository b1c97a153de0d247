#include "cred.h"

#include <string.h>
#include <sys/uio.h>

#include "must.h"

/* cmsg(3): the buffer must be aligned for the header at its start. */
union control {
	struct cmsghdr align;
	char bytes[CMSG_SPACE(sizeof(struct ucred))];
};

ssize_t send_cred(int via, const void *data, size_t size, const struct ucred *stated)
{
	union control control = {0};
	struct iovec iov = {.iov_base = (void *)data, .iov_len = size};
	struct msghdr message = {.msg_iov = &iov,
				 .msg_iovlen = 1,
				 .msg_control = control.bytes,
				 .msg_controllen = sizeof(control.bytes)};
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);

	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_CREDENTIALS;
	header->cmsg_len = CMSG_LEN(sizeof(*stated));
	memcpy(CMSG_DATA(header), stated, sizeof(*stated));
	return sendmsg(via, &message, MSG_NOSIGNAL);
}

ssize_t recv_cred(int via, void *data, size_t size, struct ucred *came)
{
	union control control = {0};
	struct iovec iov = {.iov_base = data, .iov_len = size};
	struct msghdr message = {.msg_iov = &iov,
				 .msg_iovlen = 1,
				 .msg_control = control.bytes,
				 .msg_controllen = sizeof(control.bytes)};
	ssize_t got = recvmsg(via, &message, 0);

	came->pid = -1;
	if (got == -1)
		return -1;
	for (struct cmsghdr *header = CMSG_FIRSTHDR(&message); header;
	     header = CMSG_NXTHDR(&message, header))
		if (header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_CREDENTIALS)
			memcpy(came, CMSG_DATA(header), sizeof(*came));
	return got;
}

struct ucred peer_cred(int fd)
{
	struct ucred peer;
	socklen_t length = sizeof(peer);

	must(getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &length));
	return peer;
}
