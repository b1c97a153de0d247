/*
 * signal/ready-fd-wins: where a descriptor is ready, pselect(), ppoll() and epoll_pwait() say so,
 * and a pending signal has to wait.
 *
 * The signal is blocked and pending, and so that it may be seen the calls are given an empty mask;
 * but one byte is there to be read, too. Both cannot be told with one result. The descriptor wins:
 * the calls return 1, the handler does not run, and the old mask is back with the signal still
 * pending. That goes on as long as something is ready: the byte is left where it is, and the second
 * round is like the first.
 *
 * So a server that lets signals in nowhere but in its multiplexer may never handle SIGTERM while it
 * is busy. It has to open a window for them itself now and then, or to watch a signalfd or a
 * self-pipe, which is a descriptor like the others.
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

static const struct timespec long_enough = {.tv_sec = 1000};
static sigset_t nothing_blocked;

static int wait_pselect(int fd)
{
	fd_set readable;

	FD_ZERO(&readable);
	FD_SET(fd, &readable);
	return pselect(fd + 1, &readable, NULL, NULL, &long_enough, &nothing_blocked);
}

static int wait_ppoll(int fd)
{
	struct pollfd entry = {.fd = fd, .events = POLLIN};

	return ppoll(&entry, 1, &long_enough, &nothing_blocked);
}

static int wait_epoll_pwait(int fd)
{
	int epoll = must(epoll_create1(EPOLL_CLOEXEC));
	struct epoll_event event = {.events = EPOLLIN};

	must(epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event));
	return epoll_pwait(epoll, &event, 1, 1000000, &nothing_blocked);
}

static void with_signal_pending(int (*wait)(int fd), int fd, const char *name)
{
	sigset_t pending;

	must(raise(SIGUSR1));
	fact(wait(fd), "%s", name);
	fact(wait(fd), "%s again", name);
	fact(signals_counted(), "handler in %s", name);
	must(sigpending(&pending));
	fact(sigismember(&pending, SIGUSR1), "pending after %s", name);
}

int main(void)
{
	int ready[2];

	must(pipe2(ready, O_CLOEXEC));
	must_n(write(ready[1], "", 1));
	must(sigemptyset(&nothing_blocked));
	count_signal(SIGUSR1, 0);
	mask_signal(SIG_BLOCK, SIGUSR1);

	with_signal_pending(wait_pselect, ready[0], "pselect");
	with_signal_pending(wait_ppoll, ready[0], "ppoll");
	with_signal_pending(wait_epoll_pwait, ready[0], "epoll_pwait");
	return 0;
}
