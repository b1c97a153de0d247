/*
 * signal/select-stopped-clock: while a process is stopped select()'s time stands still, and
 * poll()'s goes on.
 *
 * Both begin with two seconds and are stopped, each in a process of its own, for longer than that.
 * Continued, poll() is started again with the moment at which it was to end, which is past: it
 * comes back without sleeping again. select() is started again with what was left when it was
 * stopped, for that is what it has written back into its timeout, and goes to sleep once more. How
 * often each went to sleep is counted by the scheduler; nothing here is a matter of how fast the
 * machine is.
 *
 * So a timeout may take longer than it says by all the time the process was frozen: where a
 * deadline matters, read the clock.
 */
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/resource.h>
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
	atomic_long result, switches; /* how often it had gone to sleep when it came back */
} * sleepers;

static void sleep_in(int which)
{
	struct timeval timeout = {.tv_sec = TIMEOUT / 1000};
	struct rusage usage;

	sleepers[which].worker.tid = gettid();
	about_to_block(&sleepers[which].worker);
	if (which == SELECT)
		sleepers[which].result = select(0, NULL, NULL, NULL, &timeout);
	else
		sleepers[which].result = poll(NULL, 0, TIMEOUT);
	must(getrusage(RUSAGE_SELF, &usage));
	sleepers[which].switches = usage.ru_nvcsw;
	_exit(0);
}

int main(void)
{
	static const char *const names[] = {"select", "poll"};
	pid_t pids[2];
	int status;

	sleepers = must_ptr(mmap(NULL, 2 * sizeof(*sleepers), PROT_READ | PROT_WRITE,
				 MAP_SHARED | MAP_ANONYMOUS, -1, 0));
	for (int i = 0; i < 2; i++) {
		pids[i] = must_fork();
		if (pids[i] == 0)
			sleep_in(i);
		while (!sleepers[i].worker.blocking)
			nap();
		await_blocked(&sleepers[i].worker);
		must(kill(pids[i], SIGSTOP));
		must(waitpid(pids[i], &status, WUNTRACED));
		if (!WIFSTOPPED(status))
			die("%s ended before it was stopped", names[i]);
	}

	long begin = milliseconds();

	while (milliseconds() - begin <= TIMEOUT)
		nap();
	for (int i = 0; i < 2; i++) {
		long before = voluntary_switches(pids[i]);

		must(kill(pids[i], SIGCONT));
		reap(pids[i]);
		fact(sleepers[i].result, "%s", names[i]);
		fact(sleepers[i].switches > before, "%s, slept again after SIGCONT", names[i]);
	}
	return 0;
}
