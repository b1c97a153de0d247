#include "interrupt.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "crew.h"
#include "fact.h"
#include "must.h"
#include "proc.h"

/* What the two processes share. */
struct attempt {
	struct worker worker;
	atomic_int handled;
	long result;
	int err;
};

static struct attempt *mine;

static void handle(int signal)
{
	(void)signal;
	mine->handled++;
}

static _Noreturn void make_call(const struct blocking *blocking, int flags)
{
	on_signal(SIGUSR1, handle, flags);
	if (blocking->before)
		blocking->before();
	mine->worker.tid = gettid();
	about_to_block(&mine->worker);
	mine->result = blocking->call();
	mine->err = errno;
	came_back(&mine->worker);
	_exit(0);
}

/* Whether the call has come back, rather than gone to sleep once more since it had slept so often.
 */
static bool has_come_back(pid_t pid, long switches)
{
	while (mine->worker.returned == 0) {
		if (thread_state(pid) == 'S' && voluntary_switches(pid) > switches)
			return false;
		nap();
	}
	return true;
}

static pid_t start(const struct blocking *blocking, int flags)
{
	mine = must_ptr(mmap(NULL, sizeof(*mine), PROT_READ | PROT_WRITE,
			     MAP_SHARED | MAP_ANONYMOUS, -1, 0));

	pid_t pid = must_fork();

	if (pid == 0)
		make_call(blocking, flags);
	while (!mine->worker.blocking)
		nap();
	if (has_come_back(pid, mine->worker.switches))
		die("%s does not block", blocking->name);
	return pid;
}

static void end(const struct blocking *blocking, pid_t pid, long switches)
{
	bool again = !has_come_back(pid, switches);

	if (again)
		blocking->wake(pid);
	reap(pid);
	if (again && mine->result == -1)
		fact_text(blocking->name, "goes on, then %s", errno_name(mine->err));
	else if (again)
		fact_text(blocking->name, "goes on, then %ld", mine->result);
	else if (mine->result == -1)
		fact_errno(blocking->name, mine->err);
	else
		fact_text(blocking->name, "%ld", mine->result);
	must(munmap(mine, sizeof(*mine)));
}

void fact_interrupted(const struct blocking *blocking, int flags)
{
	needs_prompt_handlers();
	pid_t pid = start(blocking, flags);
	long switches = voluntary_switches(pid);

	must(kill(pid, SIGUSR1));
	while (mine->handled == 0)
		nap();
	end(blocking, pid, switches);
}

void facts_interrupted(const struct blocking *calls, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct blocking restarted = calls[i];
		char name[64];

		fact_interrupted(&calls[i], 0);
		snprintf(name, sizeof(name), "%s, SA_RESTART", calls[i].name);
		restarted.name = name;
		fact_interrupted(&restarted, SA_RESTART);
	}
}

void fact_stopped(const struct blocking *blocking)
{
	pid_t pid = start(blocking, 0);
	int status;

	must(kill(pid, SIGSTOP));
	must(waitpid(pid, &status, WUNTRACED));
	while (thread_state(pid) != 'T')
		nap();

	long switches = voluntary_switches(pid);

	must(kill(pid, SIGCONT));
	end(blocking, pid, switches);
}
