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
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/must.h"
#include "lib/proc.h"

/* A number that is free in the parent. */
enum { THEIRS = 500 };

static long getfd(int pidfd, int fd, unsigned flags)
{
	return syscall(SYS_pidfd_getfd, pidfd, fd, flags);
}

int main(void)
{
	struct gate ready, moved;
	siginfo_t ended;

	gate_make(&ready);
	gate_make(&moved);

	pid_t pid = must_fork();

	if (pid == 0) {
		int file = must(memfd_create("theirs", 0)); /* without FD_CLOEXEC */

		must(dup2(file, THEIRS));
		gate_open(&ready);
		gate_wait(&moved);
		_exit((int)lseek(THEIRS, 0, SEEK_CUR));
	}
	gate_wait(&ready);

	int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);

	if (pidfd == -1)
		impossible("pidfd_open: %s", errno_name(errno));

	int fd = (int)getfd(pidfd, THEIRS, 0);

	fact_text("pidfd_getfd", "%s", fd == -1 ? errno_name(errno) : "a descriptor");
	fact(fcntl(fd, F_GETFD) & FD_CLOEXEC, "its FD_CLOEXEC");
	fact(fcntl(THEIRS, F_GETFD), "fcntl of the child's number");
	fact(getfd(pidfd, THEIRS + 1, 0), "pidfd_getfd of a number not open");
	fact(getfd(pidfd, THEIRS, 1), "pidfd_getfd with flags");
	fact(getfd(fd, THEIRS, 0), "pidfd_getfd of no pidfd");

	must_n(lseek(fd, 7, SEEK_SET));
	gate_open(&moved);
	must(waitid(P_PID, (id_t)pid, &ended, WEXITED | WNOWAIT));
	fact(ended.si_status, "child's offset, moved by the parent");
	fact(getfd(pidfd, THEIRS, 0), "pidfd_getfd, child has ended");
	reap(pid);
	fact(getfd(pidfd, THEIRS, 0), "pidfd_getfd, child is reaped");
	fact(lseek(fd, 0, SEEK_CUR), "offset of what was taken");
	return 0;
}
