/*
 * signal/select-remaining-time: select() leaves in its timeout what was left of it, also when it
 * ends with EINTR, and then leaves the sets alone.
 *
 * Linux writes the rest of the time back: nothing after a timeout, less than was given when a
 * descriptor was ready or a signal came (another process has seen it asleep). The kernel's
 * pselect6() does the same; the library's pselect() hides it behind a copy, as POSIX demands. On
 * EINTR the sets are as they were given, all bits of them, which does not mean that anything is
 * ready.
 *
 * So a loop around select() must set the timeout anew each time, or it will run with less and less
 * and in the end with none; and must look at no set after -1.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/must.h"
#include "lib/proc.h"

enum { GIVEN = 1000 }; /* s */

static int idle[2];
static fd_set readable;
static pid_t interrupter;

static void watch(void)
{
	FD_ZERO(&readable);
	FD_SET(idle[0], &readable);
	FD_SET(idle[1], &readable); /* the writing end of a pipe is never readable */
}

static void interrupt_soon(void)
{
	pid_t self = getpid();

	interrupter = must_fork();
	if (interrupter == 0) {
		await_asleep(self);
		must(kill(self, SIGUSR1));
		_exit(0);
	}
}

static void fact_left(const char *name, long seconds, long fraction)
{
	bool none = seconds == 0 && fraction == 0, all = seconds == GIVEN && fraction == 0;

	fact_text(name, "%s", none ? "none" : all ? "as given" : seconds < GIVEN ? "less" : "more");
}

int main(void)
{
	struct timeval time = {.tv_usec = 10000};
	struct timespec precise = {.tv_sec = GIVEN};

	must(pipe2(idle, O_CLOEXEC));
	count_signal(SIGUSR1, 0);

	watch();
	fact(select(idle[1] + 1, &readable, NULL, NULL, &time), "select, nothing ready");
	fact_left("time left", time.tv_sec, time.tv_usec);
	fact(FD_ISSET(idle[0], &readable) + FD_ISSET(idle[1], &readable), "bits set");

	interrupt_soon();
	watch();
	time = (struct timeval){.tv_sec = GIVEN};
	fact(select(idle[1] + 1, &readable, NULL, NULL, &time), "select, interrupted");
	fact_left("time left", time.tv_sec, time.tv_usec);
	fact(!!FD_ISSET(idle[0], &readable) + !!FD_ISSET(idle[1], &readable), "bits set");
	reap(interrupter);

	interrupt_soon();
	watch();
	fact(syscall(SYS_pselect6, idle[1] + 1, &readable, NULL, NULL, &precise, NULL),
	     "pselect6, interrupted");
	fact_left("time left", precise.tv_sec, precise.tv_nsec);
	reap(interrupter);

	interrupt_soon();
	watch();
	precise = (struct timespec){.tv_sec = GIVEN};
	fact(pselect(idle[1] + 1, &readable, NULL, NULL, &precise, NULL), "pselect, interrupted");
	fact_left("time left", precise.tv_sec, precise.tv_nsec);
	reap(interrupter);

	must_n(write(idle[1], "", 1));
	watch();
	time = (struct timeval){.tv_sec = GIVEN};
	fact(select(idle[1] + 1, &readable, NULL, NULL, &time), "select, one ready");
	fact_left("time left", time.tv_sec, time.tv_usec);
	fact(!!FD_ISSET(idle[0], &readable) + !!FD_ISSET(idle[1], &readable), "bits set");
	return 0;
}
