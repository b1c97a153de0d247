/*
 * cred/no-merge-across-senders: with SO_PASSCRED no read of a stream joins bytes of two processes.
 *
 * Bytes on a stream have no borders, except where something goes with them: one call of recv() can
 * tell of one sender only. Two processes write "ab" and "cd"; without the option one read returns
 * all four, with it two reads return what each wrote, though asked for more, even with
 * MSG_WAITALL; bytes of one process are joined all the same. Descriptors come in a second control
 * message, behind the credentials; where there is room for one only, the descriptors are lost, and
 * MSG_CTRUNC tells.
 *
 * So a server for several local clients on one stream, as a logger is, gets whole pieces with
 * SO_PASSCRED; and who receives credentials and descriptors must make room for both.
 */
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/cred.h"
#include "lib/fact.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/proc.h"
#include "lib/scm.h"

static void child_sends(int fd, const char *bytes)
{
	pid_t pid = must_fork();

	if (pid == 0) {
		send_all(fd, bytes, strlen(bytes));
		_exit(0);
	}
	reap(pid);
}

static void read_all(const char *what, int passcred, int flags)
{
	char bytes[16];
	ssize_t got;
	int ends[2];

	must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends));
	set_option(ends[1], SOL_SOCKET, SO_PASSCRED, passcred);
	child_sends(ends[0], "ab");
	child_sends(ends[0], "cd");
	send_all(ends[0], "ef", 2);
	send_all(ends[0], "gh", 2);
	must(close(ends[0]));
	while ((got = must_n(recv(ends[1], bytes, sizeof(bytes), flags))) > 0)
		fact_text(what, "%.*s", (int)got, bytes);
	must(close(ends[1]));
}

static const char *kind(const struct cmsghdr *header)
{
	if (!header)
		return "none";
	return header->cmsg_type == SCM_CREDENTIALS ? "SCM_CREDENTIALS" : "SCM_RIGHTS";
}

static void receive_both(const char *what, size_t room)
{
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(struct ucred)) + CMSG_SPACE(sizeof(int))];
	} control = {0};
	char byte;
	struct iovec iov = {.iov_base = &byte, .iov_len = 1};
	struct msghdr message = {.msg_iov = &iov,
				 .msg_iovlen = 1,
				 .msg_control = control.bytes,
				 .msg_controllen = room ? room : sizeof(control.bytes)};
	int ends[2], before;

	must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends));
	set_option(ends[1], SOL_SOCKET, SO_PASSCRED, 1);
	must_n(send_fds(ends[0], "x", 1, (const int[]){STDERR_FILENO}, 1));
	before = open_descriptors();
	must_n(recvmsg(ends[1], &message, MSG_CMSG_CLOEXEC));

	struct cmsghdr *first = CMSG_FIRSTHDR(&message);

	fact_text(what, "%s, then %s", kind(first),
		  kind(first ? CMSG_NXTHDR(&message, first) : NULL));
	fact_text("msg_flags", "%s", message.msg_flags & MSG_CTRUNC ? "MSG_CTRUNC" : "none");
	fact(open_descriptors() - before, "descriptors received");
}

int main(void)
{
	read_all("recv", 0, 0);
	read_all("SO_PASSCRED recv", 1, 0);
	read_all("SO_PASSCRED recv MSG_WAITALL", 1, MSG_WAITALL);
	receive_both("control messages, room for both", 0);
	receive_both("control messages, room for one", CMSG_SPACE(sizeof(struct ucred)));
	return 0;
}
