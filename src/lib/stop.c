#include "stop.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "must.h"
#include "proc.h"

/* Lock-free atomics, for the handler may run in any thread. */
static atomic_bool requested;
static atomic_long deadline; /* of the grace: milliseconds, CLOCK_MONOTONIC */
static atomic_int listener = -1;
/* A process that guards a connection has one thread. So this may stand where a child that was just
 * forked has a page of its own already: elsewhere it would cost each of them another one. */
static _Thread_local atomic_int guarded = -1;
static atomic_uint grace_seconds;
static pid_t parent; /* who caught the signals first: SIGUSR1 is not for it */

static long now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

/* Only calls that signal-safety(7) allows, here and in on_grace_over(). */
static void on_stop(int signal)
{
	int saved = errno;

	if (!requested && (signal != SIGUSR1 || getpid() != parent)) {
		/* The parent keeps the time for its children, and the listener. */
		deadline = signal == SIGUSR1 ? LONG_MAX : now() + 1000L * grace_seconds;
		requested = true;
		if (signal != SIGUSR1) {
			shutdown(listener, SHUT_RDWR);
			alarm(grace_seconds);
		}
		if (guarded != -1)
			shutdown(guarded, stop_cut() ? SHUT_RDWR : SHUT_RD);
	}
	errno = saved;
}

static void on_grace_over(int signal)
{
	int saved = errno;

	(void)signal;
	if (guarded != -1)
		shutdown(guarded, SHUT_RDWR); /* this ends a blocked send(), too */
	errno = saved;
}

static sigset_t stop_signals(void)
{
	sigset_t set;

	must(sigemptyset(&set));
	must(sigaddset(&set, SIGINT));
	must(sigaddset(&set, SIGTERM));
	must(sigaddset(&set, SIGALRM));
	must(sigaddset(&set, SIGUSR1));
	return set;
}

void stop_catch(int fd, unsigned grace)
{
	sigset_t set = stop_signals();

	listener = fd;
	grace_seconds = grace;
	parent = getpid();
	on_signal(SIGINT, on_stop, SA_RESTART);
	on_signal(SIGTERM, on_stop, SA_RESTART);
	on_signal(SIGUSR1, on_stop, SA_RESTART);
	on_signal(SIGALRM, on_grace_over, SA_RESTART);
	must(sigprocmask(SIG_UNBLOCK, &set, NULL)); /* whatever was inherited */
	mask_signal(SIG_BLOCK, SIGUSR1);            /* but in children, see stop_hold() */
}

void stop_hold(sigset_t *before)
{
	static sigset_t held;
	static bool known; /* the mask of a server does not change any more */

	if (!known) {
		must(sigprocmask(SIG_SETMASK, NULL, &held));
		must(sigaddset(&held, SIGINT));
		must(sigaddset(&held, SIGTERM));
		must(sigaddset(&held, SIGALRM));
		must(sigdelset(&held, SIGUSR1));
		known = true;
	}
	must(sigprocmask(SIG_SETMASK, &held, before));
}

void stop_resume(const sigset_t *before)
{
	must(sigprocmask(SIG_SETMASK, before, NULL));
}

void stop_listener_shut(void)
{
	if (!requested)
		deadline = LONG_MAX;
	requested = true;
}

bool stop_requested(void)
{
	return requested;
}

bool stop_cut(void)
{
	return requested && now() >= deadline;
}

int stop_remaining(void)
{
	if (!requested)
		return -1;

	long rest = deadline - now();

	return rest < 0 ? 0 : rest < INT_MAX ? (int)rest : INT_MAX;
}

void stop_guard(int fd)
{
	guarded = fd;
	if (requested)
		shutdown(fd, stop_cut() ? SHUT_RDWR : SHUT_RD);
}

void stop_release(void)
{
	guarded = -1;
}

void stop_await(int fd)
{
	/* POLLHUP need not be asked for. */
	struct pollfd entry = {.fd = fd};

	while (!requested)
		stop_wait(poll(&entry, 1, -1));
}

int stop_wait_result(int result, const char *call)
{
	if (result == -1 && errno != EINTR)
		die("%s: %s", call, errno_name(errno));
	return result;
}
