/*
 * signal/select-stopped-clock: while a process is stopped select()'s time stands still, and
 * poll()'s goes on.
 *
 * Both begin with two seconds and are stopped, each in a process of its own, for longer than that.
 * Continued, poll() is started again with the moment at which it was to end, which is past: it
 * comes back. select() is started again with what was left when it was stopped, for that is what it
 * has written back into its timeout: although it is continued first, it still sleeps when poll()
 * has come back, and takes all that was left.
 *
 * So a timeout may take longer than it says by all the time the process was frozen: where a
 * deadline matters, read the clock.
 */
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/crew.h"
#include "lib/fact.h"
#include "lib/must.h"
#include "lib/proc.h"
#include "lib/timers.h"

enum { TIMEOUT = 2000 /* ms */, SELECT = 0, POLL = 1 };

/* What the sleepers share with the scene. */
static struct {
	struct worker worker;
	atomic_long result;
} * sleepers;

static void sleep_in(int which)
{
	struct timeval timeout = {.tv_sec = TIMEOUT / 1000};

	sleepers[which].worker.tid = gettid();
	about_to_block(&sleepers[which].worker);
	if (which == SELECT)
		sleepers[which].result = select(0, NULL, NULL, NULL, &timeout);
	else
		sleepers[which].result = poll(NULL, 0, TIMEOUT);
	came_back(&sleepers[which].worker);
	_exit(0);
}

int main(void)
{
	long begin, left[2];
	pid_t pids[2];
	int status;

	sleepers = must_ptr(mmap(NULL, 2 * sizeof(*sleepers), PROT_READ | PROT_WRITE,
				 MAP_SHARED | MAP_ANONYMOUS, -1, 0));
	for (int i = 0; i < 2; i++) {
		begin = milliseconds();
		pids[i] = must_fork();
		if (pids[i] == 0)
			sleep_in(i);
		while (!sleepers[i].worker.blocking)
			nap();
		await_blocked(&sleepers[i].worker);
		must(kill(pids[i], SIGSTOP));
		must(waitpid(pids[i], &status, WUNTRACED));
		if (!WIFSTOPPED(status))
			die("it ended before it was stopped");
		left[i] = TIMEOUT - (milliseconds() - begin); /* or more */
	}
	begin = milliseconds();
	while (milliseconds() - begin <= TIMEOUT)
		nap();

	begin = milliseconds();
	must(kill(pids[SELECT], SIGCONT));
	must(kill(pids[POLL], SIGCONT));
	reap(pids[POLL]);
	fact(sleepers[POLL].result, "poll");
	fact(sleepers[SELECT].worker.returned == 0, "select still sleeps");
	reap(pids[SELECT]);
	fact(sleepers[SELECT].result, "select");
	fact(milliseconds() - begin >= left[SELECT] - 10, "it took all that was left");
	return 0;
}
