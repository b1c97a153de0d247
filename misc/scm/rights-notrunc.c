/*
 * scm/rights-notrunc: SO_RIGHTS_NOTRUNC does not help a receiver that may open no more files.
 *
 * Since 7.3 a receiver may ask, with SO_RIGHTS_NOTRUNC, that a descriptor which a security module
 * refuses to it does not cut the list: a negative error number then stands in its place, and those
 * behind it still come. Having no number free is another matter. A receiver at RLIMIT_NOFILE with
 * one slot free gets the first of three and MSG_CTRUNC, with the option as without it, and no error
 * number in the list: there would be nothing left to try for those behind. The option can be set
 * and not be read back.
 *
 * So a receiver that sets it must look at each number before it uses one, and at MSG_CTRUNC all
 * the same. scm/receiver-nofile-limit is the same scene without the option.
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

#ifndef SO_RIGHTS_NOTRUNC
#define SO_RIGHTS_NOTRUNC 85
#endif

enum { LIMIT = 64, SENT = 3 };

static void leave_free(int slots)
{
	int fd, last = -1;

	while ((fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)) != -1)
		last = fd;
	if (errno != EMFILE)
		die("F_DUPFD_CLOEXEC: %s", errno_name(errno));
	while (slots-- > 0)
		must(close(last--));
}

/* In a process of its own, for its table stays full. */
static void receive(int on, int slots)
{
	int via[2], fds[SENT], got[SENT], flags = MSG_CMSG_CLOEXEC | MSG_DONTWAIT;
	size_t count = SENT;
	char byte;

	must(setrlimit(RLIMIT_NOFILE, &(struct rlimit){LIMIT, LIMIT}));
	unix_pair(via);
	must(setsockopt(via[RECEIVER], SOL_SOCKET, SO_RIGHTS_NOTRUNC, &on, sizeof(on)));
	for (int i = 0; i < SENT; i++)
		fds[i] = numbered_file(i);
	must_n(send_fds(via[SENDER], "x", 1, fds, SENT));
	close_all(fds, SENT);
	leave_free(slots);

	fact(recv_fds(via[RECEIVER], &byte, 1, got, &count, &flags), "option %d, free %d, recvmsg",
	     on, slots);
	fact_text("files", "%s", numbers_of(got, count));
	fact_text("msg_flags", "%s", flags & MSG_CTRUNC ? "MSG_CTRUNC" : "none");
	_exit(0); /* whoever looks for leaks at exit() needs a descriptor */
}

static void play(int on, int slots)
{
	pid_t pid = must_fork();

	if (pid == 0)
		receive(on, slots);
	if (reap(pid) != 0)
		die("the receiver failed");
}

static void scene(void)
{
	int fd = must(socket(AF_UNIX, unix_type_played | SOCK_CLOEXEC, 0)), value = 1;
	socklen_t length = sizeof(value);

	if (setsockopt(fd, SOL_SOCKET, SO_RIGHTS_NOTRUNC, &value, length) == -1)
		impossible("SO_RIGHTS_NOTRUNC: %s", errno_name(errno));
	fact(getsockopt(fd, SOL_SOCKET, SO_RIGHTS_NOTRUNC, &value, &length), "getsockopt");
	play(0, 1);
	play(1, 1);
	play(1, 0);
	play(1, SENT);
}

int main(void)
{
	int status = over_unix_types(scene), value = 1;

	if (status == 0)
		fact(setsockopt(must(socket(AF_INET, SOCK_STREAM, 0)), SOL_SOCKET,
				SO_RIGHTS_NOTRUNC, &value, sizeof(value)),
		     "TCP setsockopt");
	return status;
}
