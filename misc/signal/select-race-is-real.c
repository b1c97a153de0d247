/*
 * signal/select-race-is-real: a signal handled just before select() does not end it; a self-pipe
 * makes it.
 *
 * The gap between `if (!flag)` and `select()` is where the signal comes: raise() stands in it, and
 * has run the handler when it returns. That select() then slept to the end of its timeout is seen
 * from its result, 0, and from the time it says was left, none. In contrast: a signal that comes
 * while select() sleeps (another process has seen it asleep) ends it; and with the byte that the
 * handler left in a pipe select() need not be interrupted at all, so it may wait for ever.
 *
 * So a flag that a handler sets and a loop looks at is not enough: the handler must leave something
 * that does not pass, a byte in a pipe whose both ends are non-blocking (a handler that blocks in
 * write() on a full one never returns), or the signal must be let in by the call that waits.
 */
#include <fcntl.h>
#include <signal.h>
#include <sys/select.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/must.h"
#include "lib/proc.h"

static int self_pipe[2];

static void leave_byte(int signal)
{
	(void)signal;
	/* It is non-blocking: full, it would hold a byte already, which is all that is needed. */
	if (write(self_pipe[1], "", 1) == -1)
		return;
}

static int select_readable(int fd, struct timeval *timeout)
{
	fd_set readable;

	FD_ZERO(&readable);
	FD_SET(fd, &readable);
	return select(fd + 1, &readable, NULL, NULL, timeout);
}

int main(void)
{
	int idle[2];
	struct timeval left = {.tv_usec = 20000};
	pid_t self = getpid();

	must(pipe2(idle, O_CLOEXEC));
	must(pipe2(self_pipe, O_CLOEXEC | O_NONBLOCK));

	count_signal(SIGUSR1, 0);
	must(raise(SIGUSR1));
	fact(signals_counted(), "handler before select");
	fact(select_readable(idle[0], &left), "select with a timeout");
	fact(left.tv_sec * 1000000 + left.tv_usec, "select time left");

	pid_t pid = must_fork();

	if (pid == 0) {
		await_asleep(self);
		must(kill(self, SIGUSR1));
		_exit(0);
	}
	fact(select_readable(idle[0], NULL), "select interrupted");
	fact(signals_counted(), "handler during select");
	reap(pid);

	on_signal(SIGUSR1, leave_byte, 0);
	must(raise(SIGUSR1));
	fact(select_readable(self_pipe[0], NULL), "select with a self-pipe");
	return 0;
}
