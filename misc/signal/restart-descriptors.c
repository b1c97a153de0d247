/*
 * signal/restart-descriptors: reading and writing pipes, and whatever else is a descriptor that one
 * may wait at, goes on after a handler with SA_RESTART; without it that is EINTR.
 *
 * The same as signal/restart-table, on what is no socket: pipes, read and written and spliced,
 * eventfd, signalfd, timerfd, inotify. Each call is asleep when the signal comes, and asleep in it
 * again afterwards if the handler has SA_RESTART; then it gets what it waits for.
 *
 * So the one rule holds for all of them: whether read() may return EINTR is decided where handlers
 * are installed, not where it is called.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "lib/interrupt.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/proc.h"

static int empty[2], full[2], sink[2], counter, signals, timer, changes, file;
static char bytes[4096];

static long read_pipe(void)
{
	return read(empty[0], bytes, 1);
}

static long splice_pipe(void)
{
	return splice(empty[0], NULL, sink[1], NULL, 1, 0);
}

static void wake_pipe(pid_t pid)
{
	(void)pid;
	must_n(write(empty[1], "", 1));
}

static void fill_pipe(void)
{
	set_nonblocking(full[1], true);
	while (write(full[1], bytes, sizeof(bytes)) > 0)
		continue;
	if (errno != EAGAIN)
		die("write: %s", errno_name(errno));
	set_nonblocking(full[1], false);
}

static long write_pipe(void)
{
	return write(full[1], bytes, 1);
}

static void drain_pipe(pid_t pid)
{
	(void)pid;
	must_n(read(full[0], bytes, sizeof(bytes)));
}

static long read_eventfd(void)
{
	return read(counter, bytes, 8);
}

static void wake_eventfd(pid_t pid)
{
	(void)pid;
	must(eventfd_write(counter, 1));
}

static long read_signalfd(void)
{
	return read(signals, bytes, sizeof(struct signalfd_siginfo)) > 0 ? 1 : -1;
}

static void wake_signalfd(pid_t pid)
{
	must(kill(pid, SIGUSR2));
}

static long read_timerfd(void)
{
	return read(timer, bytes, 8);
}

static void wake_timerfd(pid_t pid)
{
	struct itimerspec soon = {.it_value.tv_nsec = 1};

	(void)pid;
	must(timerfd_settime(timer, 0, &soon, NULL));
}

static long read_inotify(void)
{
	return read(changes, bytes, sizeof(bytes)) > 0 ? 1 : -1;
}

static void wake_inotify(pid_t pid)
{
	(void)pid;
	must(fchmod(file, 0600)); /* a memfd tells nobody of what is written */
}

int main(void)
{
	static const struct blocking calls[] = {
		{"read from a pipe", read_pipe, wake_pipe, NULL},
		{"write to a pipe", write_pipe, drain_pipe, fill_pipe},
		{"splice", splice_pipe, wake_pipe, NULL},
		{"eventfd", read_eventfd, wake_eventfd, NULL},
		{"signalfd", read_signalfd, wake_signalfd, NULL},
		{"timerfd", read_timerfd, wake_timerfd, NULL},
		{"inotify", read_inotify, wake_inotify, NULL},
	};
	char path[32];
	sigset_t set;

	must(pipe2(empty, O_CLOEXEC));
	must(pipe2(full, O_CLOEXEC));
	must(pipe2(sink, O_CLOEXEC));
	counter = must(eventfd(0, EFD_CLOEXEC));
	must(sigemptyset(&set));
	must(sigaddset(&set, SIGUSR2));
	mask_signal(SIG_BLOCK, SIGUSR2);
	signals = must(signalfd(-1, &set, SFD_CLOEXEC));
	timer = must(timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC));
	file = must(memfd_create("watched", MFD_CLOEXEC));
	snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
	changes = must(inotify_init1(IN_CLOEXEC));
	must(inotify_add_watch(changes, path, IN_ATTRIB));

	facts_interrupted(calls, sizeof(calls) / sizeof(calls[0]));
	return 0;
}
