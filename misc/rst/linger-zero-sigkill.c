/*
 * rst/linger-zero-sigkill: a process that is killed ends its connections as close() would.
 *
 * Three processes have a connection each and are killed by SIGKILL, which no handler sees. The
 * kernel closes their descriptors, and what each client is told depends on the connection alone:
 * RST where the linger time was zero, FIN where nothing was set and nothing unread, RST where
 * nothing was set but input was left unread.
 *
 * So an end of file is no sign that the peer had finished: that of a server that was killed in the
 * middle of an answer looks the same. A protocol must say for itself when a message is complete, by
 * its length or by a mark at its end.
 */
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/proc.h"

static void kill_owner(const char *who, bool linger_zero, bool unread)
{
	int ends[2];
	char byte;
	pid_t owner;

	tcp_pair(ends);
	if (linger_zero)
		set_linger_zero(ends[SERVER]);
	if (unread) {
		send_all(ends[CLIENT], "hello", 5);
		await_poll(ends[SERVER], POLLIN);
	}
	owner = must_fork();
	if (owner == 0)
		for (;;)
			pause();
	must(close(ends[SERVER]));

	long resets = counted("Tcp", "OutRsts");

	must(kill(owner, SIGKILL));
	reap(owner);
	fact(recv(ends[CLIENT], &byte, 1, 0), "%s: client recv", who);
	fact_counted("Tcp", "OutRsts", resets);
	must(close(ends[CLIENT]));
}

static void scene(void)
{
	kill_owner("linger time zero", true, false);
	kill_owner("nothing set", false, false);
	kill_owner("nothing set, input unread", false, true);
}

int main(void)
{
	return over_both_families(scene);
}
