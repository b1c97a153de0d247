/*
 * cred/pidfd-getfd: pidfd_getfd() takes a descriptor out of another process, who need not do
 * anything.
 *
 * It is what SCM_RIGHTS would have brought, without a socket: a reference to the same open file
 * description, at the lowest free number, with FD_CLOEXEC set, whatever the original has. The
 * caller must be allowed to ptrace() the owner, here its child. A number that is not open there is
 * EBADF, flags are EINVAL for there are none yet, and a process that has ended is ESRCH, reaped or
 * not: its descriptors are closed.
 *
 * So a supervisor can take over a listener from a server that is stuck, and a debugger can look
 * through somebody's socket; a process that does not want it must not share its user.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/kcmp.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/proc.h"

static long getfd(int pidfd, int fd, unsigned flags)
{
	return syscall(SYS_pidfd_getfd, pidfd, fd, flags);
}

int main(void)
{
	struct gate ready, end;
	int theirs;

	gate_make(&ready);
	gate_make(&end);
	theirs = must(fcntl(STDERR_FILENO, F_DUPFD, 50)); /* a number that only the child will have */

	pid_t pid = must_fork();

	if (pid == 0) {
		int ends[2];

		must(socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
		must(dup2(ends[0], theirs));
		gate_open(&ready);
		send_all(ends[1], "hello", 5);
		gate_wait(&end);
		_exit(0);
	}
	return 0;
}
