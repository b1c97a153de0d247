/*
 * signal/signalfd-coalescing: a signal that is pending is not made pending again, and a
 * signalfd changes nothing about that: three of a kind are one record.
 *
 * All three signals come before the first read(), which has room for four records. Each child is
 * seen to be dead (and left unreaped) before SIGCHLD is read. Only
 * real-time signals queue, and show that more than one record can be read at once.
 *
 * So a record of SIGCHLD says "at least one": call waitpid() with WNOHANG until it finds no more,
 * and never count signals to know how often something happened.
 */
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/must.h"
#include "lib/proc.h"

static struct signalfd_siginfo records[4];

/* The number of records that a read() with room for four gets, or -1. */
static long read_records(int fd)
{
	ssize_t got = read(fd, records, sizeof(records));

	return got == -1 ? -1 : got / (ssize_t)sizeof(records[0]);
}

static void three_children_end(void)
{
	for (int i = 0; i < 3; i++) {
		pid_t pid = must_fork();
		siginfo_t info;

		if (pid == 0)
			_exit(0);
		must(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT));
	}
}

int main(void)
{
	sigset_t set;
	long reaped = 0;

	must(sigemptyset(&set));
	must(sigaddset(&set, SIGUSR2));
	must(sigaddset(&set, SIGCHLD));
	must(sigaddset(&set, SIGRTMIN));
	must(sigprocmask(SIG_BLOCK, &set, NULL));
	int fd = must(signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC));

	fact(read_records(fd), "read with nothing pending");
	for (int i = 0; i < 3; i++)
		must(raise(SIGUSR2));
	fact(read(fd, records, sizeof(records[0]) - 1), "read into a short buffer");
	fact(read_records(fd), "records of 3 SIGUSR2");
	fact(read_records(fd), "read again");

	three_children_end();
	fact(read_records(fd), "records of 3 SIGCHLD");
	fact(read_records(fd), "read again");
	while (waitpid(-1, NULL, WNOHANG) > 0)
		reaped++;
	fact(reaped, "children reaped by a loop");

	for (int i = 0; i < 3; i++)
		must(raise(SIGRTMIN));
	fact(read_records(fd), "records of 3 SIGRTMIN");
	return 0;
}
