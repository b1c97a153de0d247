/*
 * scm/receiver-nofile-limit: a receiver that may open no more files loses descriptors, not data.
 *
 * The receiver fills its table up to RLIMIT_NOFILE and leaves one slot free, or none, when a
 * message with three descriptors waits. recvmsg() does not fail: installing them is the last thing
 * it does, the data is already on its way, and so it says by MSG_CTRUNC only that the list is
 * shorter. The first descriptor gets the free slot. Those that found none are closed: their
 * witnesses, pipes of which only the message had the writing end, read end of file, and the next
 * call finds no more.
 *
 * So a receiver that does not look for MSG_CTRUNC goes on with a message whose descriptor it never
 * got; it must treat that like a failure, and tell its peer. FreeBSD fails with EMSGSIZE instead.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/cargo.h"
#include "lib/fact.h"
#include "lib/must.h"
#include "lib/proc.h"
#include "lib/scm.h"
#include "lib/variants.h"

enum { LIMIT = 64, SENT = 3 };

static void receive(int slots)
{
	int via[2], witnesses[SENT], writers[SENT], fds[SENT], last = -1, more;
	int flags = MSG_CMSG_CLOEXEC | MSG_DONTWAIT, held = 0;
	size_t count = SENT;
	char byte = '\0';

	unix_pair(via);
	for (int i = 0; i < SENT; i++)
		witnesses[i] = witness(&writers[i]);
	must_n(send_fds(via[SENDER], "x", 1, writers, SENT));
	close_all(writers, SENT);
	while ((more = fcntl(via[SENDER], F_DUPFD_CLOEXEC, 0)) != -1)
		last = more;
	if (errno != EMFILE)
		die("F_DUPFD_CLOEXEC: %s", errno_name(errno));
	if (slots == 1)
		must(close(last));

	errno = 0;
	ssize_t got = recv_fds(via[RECEIVER], &byte, 1, fds, &count, &flags);
	int err = errno;

	fact(got, "receiver with %d free, recvmsg", slots);
	fact_errno("receiver errno", err);
	fact_text("receiver data", "%c", byte);
	fact((long)count, "receiver descriptors");
	fact_text("receiver msg_flags", "%s", flags & MSG_CTRUNC ? "MSG_CTRUNC" : "none");
	for (int i = 0; i < SENT; i++)
		held += witness_says(witnesses[i])[0] == 'h';
	fact(held, "files still held");
	if (count == 1)
		fact_text("the first", "%s", witness_says(witnesses[0]));
	fact(recv(via[RECEIVER], &byte, 1, MSG_DONTWAIT), "receiver recv again");
}

/* Each in a process of its own, for its table stays full. */
static void play(int slots)
{
	pid_t pid = must_fork();

	if (pid == 0) {
		must(setrlimit(RLIMIT_NOFILE, &(struct rlimit){LIMIT, LIMIT}));
		receive(slots);
		_exit(0); /* whoever looks for leaks at exit() needs a descriptor */
	}
	if (reap(pid) != 0)
		die("the receiver failed");
}

static void scene(void)
{
	play(1);
	play(0);
}

int main(void)
{
	return over_unix_types(scene);
}
