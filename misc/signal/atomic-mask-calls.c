/*
 * signal/atomic-mask-calls: pselect(), ppoll() and epoll_pwait() let a pending signal in and wait,
 * in one step.
 *
 * The signal is blocked and then raised, so it is pending when the call begins: the
 * moment at which select() would miss it. None of the three has a timeout, and what they watch
 * never becomes ready: only the signal can end them. The mask they were given is in force during
 * the call and no longer.
 *
 * So keep the signal blocked all the time, look at its flag, and wait by one of these calls with a
 * mask that lets it in. Three calls in place of the one, change the mask, wait, change it back,
 * would have the gap again between the first and the second.
 */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/must.h"
#include "lib/proc.h"

static sigset_t nothing_blocked;

static int wait_pselect(int fd)
{
	fd_set readable;

	FD_ZERO(&readable);
	FD_SET(fd, &readable);
	return pselect(fd + 1, &readable, NULL, NULL, NULL, &nothing_blocked);
}

static int wait_ppoll(int fd)
{
	struct pollfd entry = {.fd = fd, .events = POLLIN};

	return ppoll(&entry, 1, NULL, &nothing_blocked);
}

static int wait_epoll_pwait(int fd)
{
	int epoll = must(epoll_create1(EPOLL_CLOEXEC));
	struct epoll_event event = {.events = EPOLLIN};

	must(epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event));
	return epoll_pwait(epoll, &event, 1, -1, &nothing_blocked);
}

static void with_signal_pending(int (*wait)(int fd), int fd, const char *name)
{
	sigset_t now;

	must(raise(SIGUSR1));
	must(sigpending(&now));
	fact(sigismember(&now, SIGUSR1), "pending before %s", name);
	fact(wait(fd), "%s", name);
	fact(signals_counted(), "handler in %s", name);
	must(sigprocmask(SIG_BLOCK, NULL, &now));
	fact(sigismember(&now, SIGUSR1), "blocked after %s", name);
	must(sigpending(&now));
	fact(sigismember(&now, SIGUSR1), "pending after %s", name);
}

int main(void)
{
	int idle[2];

	must(pipe2(idle, O_CLOEXEC));
	must(sigemptyset(&nothing_blocked));
	count_signal(SIGUSR1, 0);
	mask_signal(SIG_BLOCK, SIGUSR1);

	with_signal_pending(wait_pselect, idle[0], "pselect");
	with_signal_pending(wait_ppoll, idle[0], "ppoll");
	with_signal_pending(wait_epoll_pwait, idle[0], "epoll_pwait");
	return 0;
}
