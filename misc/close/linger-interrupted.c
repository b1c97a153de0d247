/*
 * close/linger-interrupted: a signal ends a lingering close() early, and close() returns 0.
 *
 * A thread is seen asleep in close(), with an hour to linger and a client that acknowledges
 * nothing; then a signal with a handler is sent to it. EINTR is not what it gets: the descriptor is
 * gone, and who called again would close somebody else's. Nor is the wait resumed, with SA_RESTART
 * or without. The kernel goes on delivering behind it.
 *
 * So the linger time is no least time, either: a timer's or a child's signal cuts it short, and
 * nothing in the result says so.
 */
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/parked.h"
#include "lib/proc.h"

static long call_close(int fd)
{
	return close(fd);
}

static void interrupt(const char *how, int flags)
{
	struct parked closer;
	int ends[2], port;

	count_signal(SIGUSR1, flags);
	tcp_pair(ends);
	port = local_port(ends[SERVER]);
	set_linger(ends[SERVER], 3600);
	drop_input(ends[CLIENT], true);
	send_all(ends[SERVER], "last", 4);

	park(&closer, call_close, ends[SERVER]);
	must(-pthread_kill(closer.thread, SIGUSR1));
	fact(parked_result(&closer), "%s: server close", how);
	fact(signals_counted(), "%s: server signals", how);
	fact(tcp_sockets(port, TCP_FIN_WAIT1), "%s: server sockets in FIN_WAIT1", how);
	must(close(ends[CLIENT]));
}

static void scene(void)
{
	interrupt("without SA_RESTART", 0);
	interrupt("with SA_RESTART", SA_RESTART);
}

int main(void)
{
	return over_both_families(scene);
}
