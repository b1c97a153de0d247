/*
 * signal/restart-waits: waiting for a lock, for a child or at a futex goes on after a handler with
 * SA_RESTART; without it that is EINTR.
 *
 * The same as signal/restart-table, where there is nothing to read: flock(), a lock of fcntl()
 * (that of an open file description, F_OFD_SETLKW), waitpid(), and futex(), which is what mutexes
 * and condition variables wait at.
 *
 * So a timeout for a lock can be had by alarm() and a handler, but only by one without SA_RESTART;
 * and a SIGCHLD handler that is installed with it does not disturb a waitpid() elsewhere.
 */
#include <fcntl.h>
#include <linux/futex.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/interrupt.h"
#include "lib/must.h"
#include "lib/proc.h"

static int ours, theirs; /* two descriptions of one file: locks belong to descriptions */
static struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
static pid_t child;
static uint32_t *word;

static void lock_flock(void)
{
	must(flock(ours, LOCK_EX));
}

static long call_flock(void)
{
	return flock(theirs, LOCK_EX);
}

static void wake_flock(pid_t pid)
{
	(void)pid;
	must(flock(ours, LOCK_UN));
}

static void lock_ofd(void)
{
	whole.l_type = F_WRLCK;
	must(fcntl(ours, F_OFD_SETLK, &whole));
}

static long call_ofd(void)
{
	return fcntl(theirs, F_OFD_SETLKW, &whole);
}

static void wake_ofd(pid_t pid)
{
	struct flock none = {.l_type = F_UNLCK, .l_whence = SEEK_SET};

	(void)pid;
	must(fcntl(ours, F_OFD_SETLK, &none));
}

static void have_child(void)
{
	child = must_fork();
	while (child == 0)
		pause();
}

static long call_waitpid(void)
{
	return waitpid(child, NULL, 0) == -1 ? -1 : 1;
}

static void wake_waitpid(pid_t pid)
{
	pid_t its_child;

	if (children_of(pid, &its_child, 1) != 1)
		die("waitpid: it has no child to wait for");
	must(kill(its_child, SIGKILL));
}

static long call_futex(void)
{
	return syscall(SYS_futex, word, FUTEX_WAIT, 0, NULL, NULL, 0);
}

static void wake_futex(pid_t pid)
{
	(void)pid;
	must((int)syscall(SYS_futex, word, FUTEX_WAKE, 1, NULL, NULL, 0));
}

int main(void)
{
	static const struct blocking calls[] = {
		{"flock", call_flock, wake_flock, lock_flock},
		{"F_OFD_SETLKW", call_ofd, wake_ofd, lock_ofd},
		{"waitpid", call_waitpid, wake_waitpid, have_child},
		{"futex", call_futex, wake_futex, NULL},
	};
	char path[32];

	ours = must(memfd_create("locked", MFD_CLOEXEC));
	snprintf(path, sizeof(path), "/proc/self/fd/%d", ours);
	theirs = must(open(path, O_RDWR | O_CLOEXEC));
	word = must_ptr(mmap(NULL, sizeof(*word), PROT_READ | PROT_WRITE,
			     MAP_SHARED | MAP_ANONYMOUS, -1, 0));
	facts_interrupted(calls, sizeof(calls) / sizeof(calls[0]));
	return 0;
}
