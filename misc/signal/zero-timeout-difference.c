/*
 * signal/zero-timeout-difference: a call that only looks lets a pending signal in if it is
 * pselect() or ppoll(), not if it is epoll_pwait().
 *
 * The signal is blocked and pending, nothing is ready, the timeout is 0, and the mask given lets
 * the signal in. pselect() and ppoll() notice it and end with EINTR, and the handler runs.
 * epoll_pwait() does not even look: with nothing to wait for it says 0 at once, and the signal
 * stays pending, for the next time. With any longer timeout it would end with EINTR, too
 * (signal/atomic-mask-calls).
 *
 * So a server that only ever polls, with a timeout of 0, because it always has something else to
 * do, does not get its signals through epoll_pwait().
 */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <time.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/must.h"
#include "lib/proc.h"

static const struct timespec at_once;
static sigset_t nothing_blocked;

static int look_pselect(int fd)
{
	fd_set readable;

	FD_ZERO(&readable);
	FD_SET(fd, &readable);
	return pselect(fd + 1, &readable, NULL, NULL, &at_once, &nothing_blocked);
}

static int look_ppoll(int fd)
{
	struct pollfd entry = {.fd = fd, .events = POLLIN};

	return ppoll(&entry, 1, &at_once, &nothing_blocked);
}

static int look_epoll_pwait(int fd)
{
	int epoll = must(epoll_create1(EPOLL_CLOEXEC));
	struct epoll_event event = {.events = EPOLLIN};

	must(epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event));
	return epoll_pwait(epoll, &event, 1, 0, &nothing_blocked);
}

static void with_signal_pending(int (*look)(int fd), int fd, const char *name)
{
	sigset_t pending;

	must(raise(SIGUSR1));
	fact(look(fd), "%s", name);
	fact(signals_counted(), "handler in %s", name);
	must(sigpending(&pending));
	fact(sigismember(&pending, SIGUSR1), "pending after %s", name);
}

int main(void)
{
	int idle[2];

	must(pipe2(idle, O_CLOEXEC));
	must(sigemptyset(&nothing_blocked));
	count_signal(SIGUSR1, 0);
	mask_signal(SIG_BLOCK, SIGUSR1);

	with_signal_pending(look_pselect, idle[0], "pselect");
	with_signal_pending(look_ppoll, idle[0], "ppoll");
	with_signal_pending(look_epoll_pwait, idle[0], "epoll_pwait");
	return 0;
}
