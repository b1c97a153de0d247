/*
 * selsigrace: the signal that comes between the look at a flag and select(), and five cures.
 *
 * A program wants to wait for input or for a signal. It looks at the flag that its handler sets,
 * and if that is not set, calls select(). A signal in between sets the flag when nobody will look
 * at it any more: select() sleeps until some input happens to come. Nothing but the two functions
 * of a cure, what it prepares and how it waits, differs between two runs.
 *
 * The race is forced. The child stops in the gap; the parent sends SIGUSR1 and only then lets it
 * go on. When the child sleeps again the parent looks whether its wait has returned. If not, the
 * signal was missed, and the parent sends the byte without which the child would sleep for ever.
 */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/must.h"
#include "lib/proc.h"

static volatile sig_atomic_t flag;
static sigset_t none_blocked;

static void set_flag(int signal)
{
	(void)signal;
	flag = 1;
}

/* SA_RESTART is for the stop in the gap; no call that waits below is ever restarted: signal(7). */
static void catch_signal(void (*handler)(int))
{
	on_signal(SIGUSR1, handler, SA_RESTART);
}

/* Wait until one of two descriptors is readable. */
static int select_two(int fd, int other)
{
	fd_set readable;

	FD_ZERO(&readable);
	FD_SET(fd, &readable);
	FD_SET(other, &readable);
	return select((fd > other ? fd : other) + 1, &readable, NULL, NULL, NULL);
}

/* none: look at the flag, then select(). */
static void prepare_none(void)
{
	catch_signal(set_flag);
}

static int wait_none(int fd)
{
	return select_two(fd, fd);
}

/* selfpipe: the handler also makes a descriptor readable, and that does not pass. */
static int self_pipe[2];

static void set_flag_and_write(int signal)
{
	set_flag(signal);
	if (write(self_pipe[1], "", 1) == -1)
		return; /* full, hence readable, which is all it is for */
}

static void prepare_selfpipe(void)
{
	must(pipe2(self_pipe, O_CLOEXEC | O_NONBLOCK));
	catch_signal(set_flag_and_write);
}

static int wait_selfpipe(int fd)
{
	return select_two(fd, self_pipe[0]);
}

/* pselect, ppoll, epoll_pwait: the signal is blocked except in the call, so it waits for it. */
static void prepare_blocked(void)
{
	catch_signal(set_flag);
	mask_signal(SIG_BLOCK, SIGUSR1);
}

static int wait_pselect(int fd)
{
	fd_set readable;

	FD_ZERO(&readable);
	FD_SET(fd, &readable);
	return pselect(fd + 1, &readable, NULL, NULL, NULL, &none_blocked);
}

static int wait_ppoll(int fd)
{
	struct pollfd entry = {.fd = fd, .events = POLLIN};

	return ppoll(&entry, 1, NULL, &none_blocked);
}

static int wait_epoll_pwait(int fd)
{
	int epoll = must(epoll_create1(EPOLL_CLOEXEC));
	struct epoll_event event = {.events = EPOLLIN};

	must(epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event));
	return epoll_pwait(epoll, &event, 1, -1, &none_blocked);
}

/* signalfd: no handler at all; a pending signal is a readable descriptor. */
static int signal_fd;

static void prepare_signalfd(void)
{
	sigset_t set;

	must(sigemptyset(&set));
	must(sigaddset(&set, SIGUSR1));
	must(sigprocmask(SIG_BLOCK, &set, NULL));
	signal_fd = must(signalfd(-1, &set, SFD_CLOEXEC));
}

static int wait_signalfd(int fd)
{
	return select_two(fd, signal_fd);
}

static const struct cure {
	const char *name, *call;
	void (*prepare)(void);
	int (*wait)(int fd); /* until fd is readable or the signal comes; no timeout */
} cures[] = {{"none", "select", prepare_none, wait_none},
	     {"selfpipe", "select", prepare_selfpipe, wait_selfpipe},
	     {"pselect", "pselect", prepare_blocked, wait_pselect},
	     {"ppoll", "ppoll", prepare_blocked, wait_ppoll},
	     {"epoll_pwait", "epoll_pwait", prepare_blocked, wait_epoll_pwait},
	     {"signalfd", "select", prepare_signalfd, wait_signalfd}};

static const struct cure *find_cure(const char *name)
{
	for (size_t i = 0; i < sizeof(cures) / sizeof(cures[0]); i++)
		if (strcmp(name, cures[i].name) == 0)
			return &cures[i];
	usage_error("-c: '%s' is no cure, see -h", name);
}

static bool readable_now(int fd)
{
	struct pollfd entry = {.fd = fd, .events = POLLIN};

	return must(poll(&entry, 1, 0)) == 1;
}

static struct gate checked, signalled, returned, end;

static void child(const struct cure *cure, int input)
{
	cure->prepare();
	fact(flag, "child looks at the flag");

	gate_open(&checked); /* the gap begins */
	gate_wait(&signalled);
	fact(flag, "child ran its handler in the gap");

	fact(cure->wait(input), "child %s", cure->call);
	fact_text("child woken by", "%s", readable_now(input) ? "input" : "signal");
	gate_open(&returned);
	gate_wait(&end);
}

static void parent(pid_t pid, int input)
{
	gate_wait(&checked);
	fact(kill(pid, SIGUSR1), "parent kill");
	gate_open(&signalled);

	await_asleep(pid); /* in its wait, or at the end */
	if (!readable_now(returned.ends[0])) {
		fact_text("parent sees the child", "asleep, signal missed");
		must_n(write(input, "x", 1));
	}
	gate_open(&end);
}

int main(int argc, char **argv)
{
	const struct cure *cure = &cures[0];
	int input[2];

	opterr = 0;
	for (int option; (option = getopt(argc, argv, ":hc:")) != -1;) {
		switch (option) {
		case 'h':
			puts("usage: selsigrace [-c CURE]\n"
			     "Send a signal to a process just before it waits for one.\n\n"
			     "  -c CURE  none (so without -c), selfpipe, pselect, ppoll, "
			     "epoll_pwait, signalfd\n"
			     "  -h       print this");
			return EXIT_SUCCESS;
		case 'c': cure = find_cure(optarg); break;
		case ':': usage_error("-%c needs a value", optopt);
		default: usage_error("no option -%c, see -h", optopt);
		}
	}
	if (optind < argc)
		usage_error("what is '%s'? see -h", argv[optind]);

	must(sigemptyset(&none_blocked));
	mask_signal(SIG_UNBLOCK, SIGUSR1); /* not as inherited */
	must(pipe2(input, O_CLOEXEC));
	gate_make(&checked);
	gate_make(&signalled);
	gate_make(&returned);
	gate_make(&end);

	pid_t pid = must_fork();

	if (pid == 0) {
		child(cure, input[0]);
		_exit(EXIT_SUCCESS);
	}
	parent(pid, input[1]);
	if (reap(pid) != 0)
		die("the child did not end well");
	return EXIT_SUCCESS;
}
