/*
 * scm/pidfd: with SO_PASSPIDFD each message brings a descriptor of the process that sent it.
 *
 * A child sends a byte; the receiver had asked for SO_PASSPIDFD, and gets, beside the byte, a
 * control message with a pidfd. Its entry in /proc/self/fdinfo says whose it is: the sender's, who
 * did nothing for it and cannot forge it. It is close-on-exec whether asked for or not. Unlike the
 * number that SO_PASSCRED brings it cannot come to mean another process: of a sender that has ended
 * and been reaped before the message is received it says that there is no such process any more.
 * Before 6.17 there is then no pidfd at all, but an error number, negative, in its place.
 *
 * So a server that has to look at who asks, or to signal him, should use this and not the pid. Each
 * message then costs a descriptor, which it must close; and it must look whether it is one, for an
 * error number is negative.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/proc.h"
#include "lib/variants.h"

#ifndef SO_PASSPIDFD
#define SO_PASSPIDFD 76
#endif
#ifndef SCM_PIDFD
#define SCM_PIDFD 4
#endif

/* What the kernel says of a pidfd: the pid, -1 for a process that was reaped. */
static long pid_of(int pidfd)
{
	char path[64], line[128];
	long pid = 0;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", pidfd);
	FILE *file = must_ptr(fopen(path, "re"));

	while (fgets(line, sizeof(line), file))
		if (strncmp(line, "Pid:", 4) == 0)
			pid = strtol(line + 4, NULL, 10);
	fclose(file);
	return pid;
}

/* Receive a byte; the pidfd that came with it, or the error in its place. */
static int receive(int via)
{
	union {
		struct cmsghdr header;
		char bytes[256];
	} control;
	char byte;
	struct iovec iov = {.iov_base = &byte, .iov_len = 1};
	struct msghdr message = {.msg_iov = &iov,
				 .msg_iovlen = 1,
				 .msg_control = control.bytes,
				 .msg_controllen = sizeof(control.bytes)};
	int pidfd;

	fact(recvmsg(via, &message, 0), "receiver recvmsg");
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);

	if (!header || header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_PIDFD)
		die("no SCM_PIDFD came");
	fact_text("another control message", "%s", CMSG_NXTHDR(&message, header) ? "yes" : "no");
	memcpy(&pidfd, CMSG_DATA(header), sizeof(pidfd));
	return pidfd;
}

static pid_t send_from_child(int via, struct gate *leave)
{
	pid_t child = must_fork();

	if (child == 0) {
		send_all(via, "x", 1);
		gate_wait(leave);
		exit(0);
	}
	return child;
}

static void scene(void)
{
	int via[2], on = 1;
	struct gate leave;

	unix_pair(via);
	gate_make(&leave);
	if (setsockopt(via[RECEIVER], SOL_SOCKET, SO_PASSPIDFD, &on, sizeof(on)) == -1)
		impossible("SO_PASSPIDFD: %s", errno_name(errno));
	if (getsockopt(via[RECEIVER], SOL_SOCKET, SO_PASSPIDFD, &on, &(socklen_t){sizeof(on)}) ==
	    -1)
		impossible("SO_PASSPIDFD is taken, and does nothing: %s", errno_name(errno));

	pid_t child = send_from_child(via[SENDER], &leave);
	int pidfd = receive(via[RECEIVER]);

	fact_text("SCM_PIDFD is", "%s", pid_of(pidfd) == child ? "the child's" : "another's");
	fact_text("descriptor flags", "%s",
		  must(fcntl(pidfd, F_GETFD)) & FD_CLOEXEC ? "FD_CLOEXEC" : "none");
	gate_open(&leave);
	reap(child);
	fact_text("fdinfo Pid once it is reaped", "%ld", pid_of(pidfd));

	gate_open(&leave);
	reap(send_from_child(via[SENDER], &leave));
	pidfd = receive(via[RECEIVER]);
	if (pidfd < 0)
		fact_errno("SCM_PIDFD of a sender that was reaped", -pidfd);
	else
		fact_text("SCM_PIDFD of a sender that was reaped", "Pid %ld", pid_of(pidfd));
}

int main(void)
{
	return over_unix_types(scene);
}
