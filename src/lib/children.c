#include "children.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "must.h"
#include "proc.h"
#include "stop.h"

static int ended = -1; /* readable where SIGCHLD is pending */
static pid_t parent;

void children_watch(void)
{
	sigset_t mask;

	parent = getpid();
	on_signal(SIGCHLD, SIG_DFL, 0); /* ignored, it would leave nobody to wait for */
	mask_signal(SIG_BLOCK, SIGCHLD);
	must(sigemptyset(&mask));
	must(sigaddset(&mask, SIGCHLD));
	ended = must(signalfd(-1, &mask, SFD_CLOEXEC | SFD_NONBLOCK));
}

int children_poll(struct pollfd *entries, int count, int timeout)
{
	struct signalfd_siginfo info;

	entries[count - 1] = (struct pollfd){.fd = ended, .events = POLLIN};

	int ready = stop_wait(poll(entries, (nfds_t)count, timeout));

	if (ready == -1) {
		for (int i = 0; i < count; i++)
			entries[i].revents = 0;
		return 0;
	}
	if (entries[count - 1].revents)
		must_n(read(ended, &info, sizeof(info)));
	return ready;
}

void children_room(struct children *children, int slots)
{
	size_t before = (size_t)children->slots * sizeof(*children->pids);
	size_t size = (size_t)slots * sizeof(*children->pids);
	void *at = before ? mremap(children->pids, before, size, MREMAP_MAYMOVE)
			  : mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
				 -1, 0);

	if (at == MAP_FAILED)
		die("mmap: %s", errno_name(errno));
	/* Not the children's: else their parent would copy the page after every fork. */
	must(madvise(at, size, MADV_DONTFORK));
	children->pids = at;
	children->slots = slots;
}

int children_slot(struct children *children)
{
	int slot = 0;

	while (slot < children->slots && children->pids[slot] != 0)
		slot++;
	if (slot == children->slots)
		children_room(children, children->slots ? 2 * children->slots : 1024);
	return slot;
}

pid_t children_fork(struct children *children, int slot)
{
	sigset_t before;

	stop_hold(&before);
	pid_t pid = fork();

	if (pid == 0) {
		must(prctl(PR_SET_PDEATHSIG, SIGKILL));
		if (getppid() != parent) /* it died before the line above */
			_exit(EXIT_BROKEN);
		return 0;
	}
	if (pid == -1) {
		int err = errno;

		stop_resume(&before);
		errno = err;
		return -1;
	}
	stop_resume(&before);
	children->pids[slot] = pid;
	children->alive++;
	return pid;
}

int children_reap(struct children *children, int *status)
{
	for (;;) {
		pid_t pid = waitpid(-1, status, WNOHANG);

		if (pid == 0 || (pid == -1 && errno == ECHILD))
			return -1;
		must(pid);
		for (int slot = 0; slot < children->slots; slot++) {
			if (children->pids[slot] != pid)
				continue;
			children->pids[slot] = 0;
			children->alive--;
			return slot;
		}
		/* Else a child that this process had before it became a server, by exec. */
	}
}

const char *children_fate(int status)
{
	static char fate[32];

	if (WIFSIGNALED(status))
		snprintf(fate, sizeof(fate), "SIG%s", sigabbrev_np(WTERMSIG(status)));
	else
		snprintf(fate, sizeof(fate), "exit status %d", WEXITSTATUS(status));
	return fate;
}

static void kill_all(const struct children *children, int signal)
{
	/* None of them is reaped but by us, so no pid can have become somebody else's. */
	for (int slot = 0; slot < children->slots; slot++)
		if (children->pids[slot] != 0)
			must(kill(children->pids[slot], signal));
}

void children_stop(const struct children *children)
{
	kill_all(children, SIGUSR1);
}

int children_await(struct children *children, int *status)
{
	while (children->alive > 0) {
		int slot = children_reap(children, status);

		if (slot != -1)
			return slot;

		int rest = stop_remaining();
		struct pollfd entry;

		if (rest == 0)
			kill_all(children, SIGKILL);
		children_poll(&entry, 1, rest > 0 ? rest : -1);
	}
	return -1;
}
