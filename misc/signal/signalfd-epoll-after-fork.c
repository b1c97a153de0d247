/*
 * signal/signalfd-epoll-after-fork: an epoll set with a signalfd in it is of no use to a child: it
 * tells of nobody's signals there, although poll() and read() on the signalfd do.
 *
 * A signalfd is a view, of the signals of whoever looks. But epoll does not look: it is woken, and
 * by the process that added the descriptor. In the child its own signal wakes nobody, so the set
 * stays empty; and the parent's makes the set look, but as the child, who has no signal pending.
 * poll() looks itself, and so does read().
 *
 * So after fork() make a new epoll set, as a preforked server should anyway; adding the signalfd
 * once more to an inherited set does not do, it is there already.
 */
#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/must.h"
#include "lib/proc.h"

static int signals, epoll;

static void look(const char *who)
{
	struct epoll_event event;
	struct pollfd entry = {.fd = signals, .events = POLLIN};

	fact(epoll_wait(epoll, &event, 1, 0), "%s epoll_wait", who);
	fact(poll(&entry, 1, 0), "%s poll", who);
}

int main(void)
{
	struct epoll_event event = {.events = EPOLLIN};
	struct signalfd_siginfo info;
	sigset_t set;

	must(sigemptyset(&set));
	must(sigaddset(&set, SIGUSR1));
	must(sigprocmask(SIG_BLOCK, &set, NULL));
	signals = must(signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC));
	epoll = must(epoll_create1(EPOLL_CLOEXEC));
	must(epoll_ctl(epoll, EPOLL_CTL_ADD, signals, &event));

	must(raise(SIGUSR1));
	look("parent, own signal,");

	pid_t pid = must_fork();

	if (pid == 0) {
		look("child, parent's signal,");
		must(raise(SIGUSR1));
		look("child, own signal,");
		fact(read(signals, &info, sizeof(info)) > 0, "child read");
		fact(info.ssi_pid == (uint32_t)getpid(), "it is the child's");

		int mine = must(epoll_create1(EPOLL_CLOEXEC));

		must(epoll_ctl(mine, EPOLL_CTL_ADD, signals, &event));
		must(raise(SIGUSR1));
		fact(epoll_wait(mine, &event, 1, 0), "child epoll_wait on a set of its own");
		_exit(0);
	}
	reap(pid);
	look("parent, afterwards,");
	return 0;
}
