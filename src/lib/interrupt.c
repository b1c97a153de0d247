#include "interrupt.h"

#include <errno.h>
#include <pthread.h>
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
	atomic_int handled, handler, other; /* thread ids: who ran it, who else there is */
	long result;
	int err;
};

static struct attempt *mine;
static const struct blocking *asked;

static void handle(int signal)
{
	(void)signal;
	mine->handler = gettid();
	mine->handled++;
}

static _Noreturn void make_call(void)
{
	mine->worker.tid = gettid();
	about_to_block(&mine->worker);
	mine->result = asked->call();
	mine->err = errno;
	came_back(&mine->worker);
	_exit(0);
}

static _Noreturn void do_nothing(void)
{
	mine->other = gettid();
	for (;;)
		pause();
}

static void *second_thread(void *whom)
{
	if (*(enum interrupted *)whom == OTHER_THREAD)
		do_nothing();
	make_call();
}

static _Noreturn void play(int flags, enum interrupted whom)
{
	pthread_t thread;

	on_signal(SIGUSR1, handle, flags);
	if (asked->before)
		asked->before();
	errno = whom == ONLY_THREAD ? 0 : pthread_create(&thread, NULL, second_thread, &whom);
	if (errno)
		die("pthread_create: %s", errno_name(errno));
	if (whom == CALLER || whom == MAIN_THREAD)
		do_nothing();
	while (whom == OTHER_THREAD && mine->other == 0)
		nap();
	make_call();
}

/* Whether the call has come back, rather than gone to sleep once more since it had slept so often.
 */
static bool has_come_back(long switches)
{
	pid_t tid = mine->worker.tid;

	while (mine->worker.returned == 0) {
		if (thread_state(tid) == 'S' && voluntary_switches(tid) > switches)
			return false;
		nap();
	}
	return true;
}

static pid_t start(const struct blocking *blocking, int flags, enum interrupted whom)
{
	mine = must_ptr(mmap(NULL, sizeof(*mine), PROT_READ | PROT_WRITE,
			     MAP_SHARED | MAP_ANONYMOUS, -1, 0));

	asked = blocking;

	pid_t pid = must_fork();

	if (pid == 0)
		play(flags, whom);
	while (!mine->worker.blocking || (whom != ONLY_THREAD && mine->other == 0))
		nap();
	if (has_come_back(mine->worker.switches))
		die("%s does not block", blocking->name);
	return pid;
}

static void end(const struct blocking *blocking, pid_t pid, long switches)
{
	bool again = !has_come_back(switches);

	if (again && blocking->wake)
		blocking->wake(pid);
	else if (again)
		must(kill(pid, SIGKILL));
	reap(pid);
	if (again && !blocking->wake)
		fact_text(blocking->name, "goes on");
	else if (again && mine->result == -1)
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
	pid_t pid = start(blocking, flags, ONLY_THREAD);
	long switches = voluntary_switches(pid);

	must(kill(pid, SIGUSR1));
	while (mine->handled == 0)
		nap();
	end(blocking, pid, switches);
}

const char *interrupt(const struct blocking *blocking, int flags, enum interrupted whom)
{
	needs_prompt_handlers();

	pid_t pid = start(blocking, flags, whom), tid = mine->worker.tid;
	long switches = voluntary_switches(tid);
	const char *text = "goes on";

	if (whom == CALLER || whom == OTHER_THREAD)
		must(tgkill(pid, whom == CALLER ? tid : mine->other, SIGUSR1));
	else
		must(kill(pid, SIGUSR1));
	while (mine->handled == 0)
		nap();
	if (mine->handler != tid)
		await_off_cpu(tid);
	if (mine->handler != tid && voluntary_switches(tid) == switches)
		text = "sleeps on";
	else if (has_come_back(switches)) {
		errno = mine->err;
		text = result_text(mine->result);
	}
	must(kill(pid, SIGKILL));
	reap(pid);
	must(munmap(mine, sizeof(*mine)));
	return text;
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
	pid_t pid = start(blocking, 0, ONLY_THREAD);
	int status;

	must(kill(pid, SIGSTOP));
	must(waitpid(pid, &status, WUNTRACED));
	while (thread_state(pid) != 'T')
		nap();

	long switches = voluntary_switches(pid);

	must(kill(pid, SIGCONT));
	end(blocking, pid, switches);
}
