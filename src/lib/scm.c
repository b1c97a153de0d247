#include "scm.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

/* cmsg(3): the buffer must be aligned for the header at its start. */
union control {
	struct cmsghdr align;
	char bytes[CMSG_SPACE(SCM_ROOM * sizeof(int))];
};

ssize_t send_fds(int via, const void *data, size_t size, const int *fds, size_t count)
{
	/* Zeroed: CMSG_SPACE() may pad, and padding travels. */
	union control control = {0};
	struct iovec iov = {.iov_base = (void *)data, .iov_len = size};
	struct msghdr message = {.msg_iov = &iov, .msg_iovlen = 1};

	if (count > SCM_ROOM) {
		errno = EINVAL;
		return -1;
	}
	message.msg_control = control.bytes;
	message.msg_controllen = CMSG_SPACE(count * sizeof(int));

	struct cmsghdr *header = CMSG_FIRSTHDR(&message);

	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(count * sizeof(int));
	if (count > 0)
		memcpy(CMSG_DATA(header), fds, count * sizeof(int));
	return sendmsg(via, &message, MSG_NOSIGNAL);
}

ssize_t recv_fds(int via, void *data, size_t size, int *fds, size_t *count, int *flags)
{
	union control control = {0};
	struct iovec iov = {.iov_base = data, .iov_len = size};
	struct msghdr message = {.msg_iov = &iov, .msg_iovlen = 1};
	size_t room = *count, came = 0;

	*count = 0;
	if (room > SCM_ROOM) {
		errno = EINVAL;
		return -1;
	}
	if (room > 0) {
		message.msg_control = control.bytes;
		/* Not CMSG_SPACE(): the kernel would fill its padding with one descriptor more. */
		message.msg_controllen = CMSG_LEN(room * sizeof(int));
	}

	ssize_t got = recvmsg(via, &message, flags ? *flags : MSG_CMSG_CLOEXEC);

	if (got == -1)
		return -1;
	for (struct cmsghdr *header = CMSG_FIRSTHDR(&message); header;
	     header = CMSG_NXTHDR(&message, header)) {
		if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS)
			continue;
		came = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		memcpy(fds, CMSG_DATA(header), came * sizeof(int));
	}
	if (!flags && (message.msg_flags & MSG_CTRUNC)) {
		while (came > 0)
			close(fds[--came]);
		errno = EMSGSIZE;
		return -1;
	}
	*count = came;
	if (flags)
		*flags = message.msg_flags;
	return got;
}
