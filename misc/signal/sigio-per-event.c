/*
 * signal/sigio-per-event: with O_ASYNC a socket sends SIGIO for each arrival, and for the peer's
 * end.
 *
 * Every event is a signal, whether what came before has been read or not; but signals of a kind do
 * not queue, so three that come while SIGIO is blocked are one. With F_SETSIG a real-time signal
 * takes its place, and those do queue and tell which descriptor it was and what happened: three
 * arrivals are three. F_SETOWN says who gets them; without it nobody does. On a Unix-domain pair
 * here, where what is sent has arrived when send() returns.
 *
 * So SIGIO can say that something is ready, and no more: the program has to look at all its
 * descriptors, and until EAGAIN. It is poll() with one more way to miss things.
 */
#include <fcntl.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/proc.h"

static int ends[2];

static void make_pair(void)
{
	must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends));
	must(fcntl(ends[0], F_SETFL, O_ASYNC | O_NONBLOCK));
}

static void arrive(const char *name)
{
	send_all(ends[1], "", 1);
	fact(signals_counted(), "%s", name);
}

/* Signals of this code (sigaction(2)): what happened to the descriptor. */
static long queued(int signals, int code)
{
	struct signalfd_siginfo info;
	long count = 0;

	while (read(signals, &info, sizeof(info)) > 0)
		count += info.ssi_fd == ends[0] && info.ssi_code == code;
	return count;
}

int main(void)
{
	char bytes[10];
	sigset_t set;

	count_signal(SIGIO, SA_RESTART);
	make_pair();
	arrive("no owner, SIGIO at an arrival");
	must(fcntl(ends[0], F_SETOWN, getpid()));
	arrive("SIGIO at an arrival");
	arrive("at another, with those before unread");
	fact(recv(ends[0], bytes, sizeof(bytes), 0), "recv");
	fact(signals_counted(), "SIGIO at recv");

	mask_signal(SIG_BLOCK, SIGIO);
	for (int i = 0; i < 3; i++)
		send_all(ends[1], "", 1);
	mask_signal(SIG_UNBLOCK, SIGIO);
	fact(signals_counted(), "SIGIO blocked at 3 arrivals");
	must(close(ends[1]));
	fact(signals_counted() > 0, "SIGIO at the peer's close");

	make_pair();
	must(sigemptyset(&set));
	must(sigaddset(&set, SIGRTMIN));
	must(sigprocmask(SIG_BLOCK, &set, NULL));
	must(fcntl(ends[0], F_SETOWN, getpid()));
	must(fcntl(ends[0], F_SETSIG, SIGRTMIN));

	int signals = must(signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC));

	for (int i = 0; i < 3; i++)
		send_all(ends[1], "", 1);
	fact(queued(signals, POLL_IN), "F_SETSIG, queued at 3 arrivals");
	must(close(ends[1]));
	fact(queued(signals, POLL_HUP) > 0, "queued at the peer's close");
	return 0;
}
