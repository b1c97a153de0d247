/*
 * signal/multiplexers-never-restart: select(), poll(), epoll_wait() and their like end with EINTR
 * at any handler, also at one with SA_RESTART.
 *
 * Who waits for several things wants to hear of a signal, too: that is what the handler sets a flag
 * for. So these calls are never restarted, whatever sigaction() says. Each is asleep, in a
 * process of its own, when the signal comes; what it watches never becomes ready.
 *
 * So every loop around one of them must expect EINTR, and a program without handlers may still get
 * them from a library: go round again, and compute the timeout anew.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <time.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/interrupt.h"
#include "lib/must.h"

static int idle[2], epoll;
static sigset_t nothing_blocked;

static long call_select(void)
{
	fd_set readable;

	FD_ZERO(&readable);
	FD_SET(idle[0], &readable);
	return select(idle[0] + 1, &readable, NULL, NULL, NULL);
}

static long call_pselect(void)
{
	fd_set readable;

	FD_ZERO(&readable);
	FD_SET(idle[0], &readable);
	return pselect(idle[0] + 1, &readable, NULL, NULL, NULL, &nothing_blocked);
}

static long call_poll(void)
{
	struct pollfd entry = {.fd = idle[0], .events = POLLIN};

	return poll(&entry, 1, -1);
}

static long call_ppoll(void)
{
	struct pollfd entry = {.fd = idle[0], .events = POLLIN};

	return ppoll(&entry, 1, NULL, &nothing_blocked);
}

static long call_epoll_wait(void)
{
	struct epoll_event event;

	return epoll_wait(epoll, &event, 1, -1);
}

static long call_epoll_pwait(void)
{
	struct epoll_event event;

	return epoll_pwait(epoll, &event, 1, -1, &nothing_blocked);
}

static long call_epoll_pwait2(void)
{
	struct epoll_event event;

	return epoll_pwait2(epoll, &event, 1, NULL, &nothing_blocked);
}

static void wake(pid_t pid)
{
	(void)pid;
	must_n(write(idle[1], "", 1));
}

int main(void)
{
	static const struct blocking calls[] = {
		{"select", call_select, wake, NULL},
		{"pselect", call_pselect, wake, NULL},
		{"poll", call_poll, wake, NULL},
		{"ppoll", call_ppoll, wake, NULL},
		{"epoll_wait", call_epoll_wait, wake, NULL},
		{"epoll_pwait", call_epoll_pwait, wake, NULL},
	};

	static const struct blocking newest = {"epoll_pwait2", call_epoll_pwait2, wake, NULL};

	must(pipe2(idle, O_CLOEXEC));
	must(sigemptyset(&nothing_blocked));
	epoll = must(epoll_create1(EPOLL_CLOEXEC));

	struct epoll_event event = {.events = EPOLLIN};

	must(epoll_ctl(epoll, EPOLL_CTL_ADD, idle[0], &event));
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		fact_interrupted(&calls[i], SA_RESTART);
	if (epoll_pwait2(epoll, &event, 1, &(struct timespec){0}, NULL) == -1)
		fact_errno("epoll_pwait2", errno);
	else
		fact_interrupted(&newest, SA_RESTART);
	return 0;
}
