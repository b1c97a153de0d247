/*
 * sigpipe/thread-directed: SIGPIPE goes to the thread that wrote, not to the process.
 *
 * Two threads block the signal; one of them writes to a connection that is no more. /proc shows
 * the signal pending for that thread (SigPnd) and neither for the other nor for the process
 * (ShdPnd): sigtimedwait() in the other finds nothing, in the writer SIGPIPE. The kernel sends it
 * as a user would (si_code SI_USER, si_pid the own process), because the cause is the thread's own
 * call, as with a fault.
 *
 * So a library that must not touch the process's disposition can block SIGPIPE in the thread that
 * writes, take away with sigtimedwait() what came, and set the mask back: nobody else notices. In
 * a server with threads ignoring it is simpler.
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/proc.h"

/* Whether SIGPIPE is pending, by a line of this thread's /proc/.../status. */
static void fact_pending(const char *whose, const char *field)
{
	FILE *file = must_ptr(fopen("/proc/thread-self/status", "re"));
	unsigned long long mask = 0;
	char line[256];

	while (fgets(line, sizeof(line), file))
		if (strncmp(line, field, strlen(field)) == 0)
			mask = strtoull(line + strlen(field) + 1, NULL, 16);
	fclose(file);
	fact((mask >> (SIGPIPE - 1)) & 1, "SIGPIPE in %s's %s", whose, field);
}

static void take(const char *whose)
{
	sigset_t set;
	siginfo_t info = {0};

	must(sigemptyset(&set));
	must(sigaddset(&set, SIGPIPE));

	int got = sigtimedwait(&set, &info, &(struct timespec){0});

	if (got == -1) {
		fact(got, "%s sigtimedwait", whose);
		return;
	}
	fact_text(whose, "sigtimedwait took SIG%s", sigabbrev_np(got));
	fact(info.si_code == SI_USER, "its si_code is SI_USER");
	fact(info.si_pid == getpid(), "its si_pid is the own");
}

static int reset;
static struct gate wrote, looked;

static void *writer(void *unused)
{
	fact(send(reset, "x", 1, 0), "writer send");
	fact_pending("writer", "SigPnd");
	fact_pending("process", "ShdPnd");
	gate_open(&wrote);
	gate_wait(&looked);
	take("writer");
	return unused;
}

static void scene(void)
{
	pthread_t thread;
	char byte;

	gate_make(&wrote);
	gate_make(&looked);
	on_signal(SIGPIPE, SIG_DFL, 0);
	mask_signal(SIG_BLOCK, SIGPIPE); /* the writer inherits it */
	reset = reset_by_peer();
	if (recv(reset, &byte, 1, 0) != -1) /* takes ECONNRESET away */
		die("recv: no error after a reset");
	errno = pthread_create(&thread, NULL, writer, NULL);
	if (errno)
		die("pthread_create: %s", errno_name(errno));
	gate_wait(&wrote);
	fact_pending("other thread", "SigPnd");
	take("other thread");
	gate_open(&looked);
	errno = pthread_join(thread, NULL);
	if (errno)
		die("pthread_join: %s", errno_name(errno));
}

int main(void)
{
	return over_both_families(scene);
}
