#include "proc.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "must.h"

pid_t must_fork(void)
{
	pid_t parent = getpid();
	pid_t pid = must(fork());

	if (pid == 0) {
		must(prctl(PR_SET_PDEATHSIG, SIGKILL));
		if (getppid() != parent) /* it died before the line above */
			_exit(EXIT_BROKEN);
	}
	return pid;
}

int reap(pid_t pid)
{
	int status;
	pid_t got;

	do
		got = waitpid(pid, &status, 0);
	while (got == -1 && errno == EINTR);
	must(got);
	return status;
}

/* One line of /proc/PID/status, "State:" or the like; -1 when the process is gone. */
static int status_field(pid_t tid, const char *field, char *value, size_t size)
{
	char path[64], line[256];
	size_t length = strlen(field);
	int found = -1;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)tid);
	FILE *file = fopen(path, "re");

	if (!file)
		return -1;
	while (found == -1 && fgets(line, sizeof(line), file)) {
		if (strncmp(line, field, length) != 0)
			continue;
		snprintf(value, size, "%s", line + length);
		found = 0;
	}
	fclose(file);
	return found;
}

char thread_state(pid_t tid)
{
	char state[32];

	if (status_field(tid, "State:\t", state, sizeof(state)) == -1)
		return '\0';
	return state[0] == 'Z' || state[0] == 'X' ? '\0' : state[0];
}

void nap(void)
{
	/* Short enough to lose no time, long enough to leave the CPU to whom it waits for. */
	nanosleep(&(struct timespec){.tv_nsec = 200 * 1000L}, NULL);
}

/* The first word of /proc/TID/syscall, for which the kernel waits until the thread is off its CPU;
 * "running" where it does not sleep, "" where it does not tell. */
static void system_call(pid_t tid, char *call, int size)
{
	char path[64];

	call[0] = '\0';
	snprintf(path, sizeof(path), "/proc/%d/syscall", (int)tid);
	FILE *file = fopen(path, "re");

	if (!file)
		return;
	if (!fgets(call, size, file))
		call[0] = '\0';
	fclose(file);
}

void await_asleep(pid_t tid)
{
	char call[8];

	for (;; nap()) {
		char state = thread_state(tid);

		if (state == '\0')
			die("thread %d ended while it was waited for to sleep", (int)tid);
		if (state != 'S')
			continue;
		system_call(tid, call, sizeof(call));
		if (strcmp(call, "running") != 0)
			return;
	}
}

bool counts_switches(void)
{
	char own[32];

	return status_field(gettid(), "voluntary_ctxt_switches:\t", own, sizeof(own)) != -1;
}

long voluntary_switches(pid_t tid)
{
	char count[32];

	if (status_field(tid, "voluntary_ctxt_switches:\t", count, sizeof(count)) == -1) {
		if (thread_state(tid) != '\0')
			impossible("no voluntary_ctxt_switches in /proc/PID/status");
		die("thread %d has ended", (int)tid);
	}
	return strtol(count, NULL, 10);
}

void await_off_cpu(pid_t tid)
{
	char path[64], call[8];

	snprintf(path, sizeof(path), "/proc/%d/syscall", (int)tid);
	if (access(path, R_OK) == -1)
		impossible("%s: %s", path, errno_name(errno));
	for (;; nap()) {
		system_call(tid, call, sizeof(call));
		if (!*call)
			die("thread %d ended while it was waited for to sleep", (int)tid);
		if (strcmp(call, "running") != 0)
			return;
	}
}

int descriptors_of(pid_t pid)
{
	char path[64];
	int count = 0;

	snprintf(path, sizeof(path), "/proc/%d/fd", (int)pid);
	DIR *dir = opendir(path);

	if (!dir)
		return -1;
	while (readdir(dir))
		count++;
	closedir(dir);
	return count - 2; /* "." and ".." */
}

int open_descriptors(void)
{
	int count = descriptors_of(getpid());

	if (count == -1)
		die("/proc/self/fd: %s", errno_name(errno));
	return count - 1; /* the directory itself */
}

static int compare_pids(const void *a, const void *b)
{
	return *(const pid_t *)a - *(const pid_t *)b;
}

int children_of(pid_t pid, pid_t *children, int room)
{
	DIR *dir = must_ptr(opendir("/proc"));
	int count = 0;

	for (struct dirent *entry; (entry = readdir(dir));) {
		pid_t child = (pid_t)strtol(entry->d_name, NULL, 10);
		char parent[32];

		if (child <= 0 || status_field(child, "PPid:\t", parent, sizeof(parent)) == -1 ||
		    strtol(parent, NULL, 10) != pid)
			continue;
		if (count < room)
			children[count] = child;
		count++;
	}
	closedir(dir);
	qsort(children, (size_t)(count < room ? count : room), sizeof(pid_t), compare_pids);
	return count;
}

void on_signal(int signal, void (*handler)(int), int flags)
{
	struct sigaction action = {.sa_handler = handler, .sa_flags = flags};

	must(sigemptyset(&action.sa_mask));
	must(sigaction(signal, &action, NULL));
}

/* For whichever thread the signal finds, and whichever asks; without a lock, so a handler may. */
static atomic_int counted;

static void count(int signal)
{
	(void)signal;
	counted++;
}

void count_signal(int signal, int flags)
{
	on_signal(signal, count, flags);
}

int signals_counted(void)
{
	return atomic_exchange(&counted, 0);
}

void needs_prompt_handlers(void)
{
#ifdef __SANITIZE_THREAD__
	impossible("ThreadSanitizer keeps a signal back until the call that it interrupts returns");
#endif
}

void mask_signal(int how, int signal)
{
	sigset_t set;

	must(sigemptyset(&set));
	must(sigaddset(&set, signal));
	errno = pthread_sigmask(how, &set, NULL);
	if (errno)
		die("pthread_sigmask: %s", errno_name(errno));
}

void gate_make(struct gate *gate)
{
	must(pipe2(gate->ends, O_CLOEXEC));
}

void gate_open(struct gate *gate)
{
	if (must_n(write(gate->ends[1], "", 1)) != 1)
		die("gate: short write");
}

void gate_wait(struct gate *gate)
{
	char token;

	if (must_n(read(gate->ends[0], &token, 1)) != 1)
		die("gate: end of file");
}
