#include "stop.h"

#include <errno.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <unistd.h>

#include "must.h"
#include "proc.h"

enum { SERVING, FINISHING, CUT };

/* Lock-free atomics: shared with a handler, and in threads with whichever thread it runs in. */
static atomic_int state = SERVING;
static atomic_int listener = -1;
static atomic_int guarded = -1;
static atomic_uint grace_seconds;

/* Only calls of signal-safety(7). */
static void on_stop(int signal)
{
	int saved = errno;

	if (signal == SIGALRM) {
		state = CUT;
		if (guarded != -1)
			shutdown(guarded, SHUT_RDWR);
	} else if (state == SERVING) {
		state = FINISHING;
		if (listener != -1)
			shutdown(listener, SHUT_RDWR);
		if (guarded != -1)
			shutdown(guarded, SHUT_RD);
		if (signal != SIGUSR1) { /* the parent keeps the time for its children */
			if (grace_seconds == 0)
				raise(SIGALRM);
			alarm(grace_seconds);
		}
	}
	errno = saved;
}

static void on_child(int signal)
{
	(void)signal; /* that it interrupts is all that is asked of it */
}

static const int signals[] = {SIGINT, SIGTERM, SIGALRM, SIGUSR1, SIGCHLD};
enum { SIGNALS = sizeof(signals) / sizeof(*signals) };

static void catch_signals(unsigned grace)
{
	grace_seconds = grace;
	for (int i = 0; i < SIGNALS; i++)
		on_signal(signals[i], signals[i] == SIGCHLD ? on_child : on_stop, SA_RESTART);
	/* Not MSG_NOSIGNAL: a line to a stderr that nobody reads must not end a server either. */
	on_signal(SIGPIPE, SIG_IGN, 0);
}

void stop_by_shutdown(int fd, unsigned grace)
{
	listener = fd;
	catch_signals(grace);
	for (int i = 0; i < SIGNALS; i++)
		mask_signal(SIG_UNBLOCK, signals[i]); /* as inherited, they might be blocked */
}

void stop_by_interrupt(sigset_t *outside, unsigned grace)
{
	for (int i = 0; i < SIGNALS; i++)
		mask_signal(SIG_BLOCK, signals[i]);
	catch_signals(grace);
	must(sigprocmask(SIG_BLOCK, NULL, outside));
	for (int i = 0; i < SIGNALS; i++)
		must(sigdelset(outside, signals[i]));
	must(sigaddset(outside, SIGUSR1));
}

void stop_by_parent(void)
{
	mask_signal(SIG_UNBLOCK, SIGUSR1);
}

bool stop_requested(void)
{
	return state != SERVING;
}

bool stop_cut(void)
{
	return state == CUT;
}

void stop_guard(int fd)
{
	guarded = fd;
	if (state == FINISHING)
		shutdown(fd, SHUT_RD);
	else if (state == CUT)
		shutdown(fd, SHUT_RDWR);
}

void stop_release(void)
{
	guarded = -1;
}

int stop_wait_result(int result, const char *call)
{
	if (result == -1 && errno != EINTR)
		die("%s: %s", call, errno_name(errno));
	return result;
}
