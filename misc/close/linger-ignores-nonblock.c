/*
 * close/linger-ignores-nonblock: O_NONBLOCK does not keep a lingering close() from blocking.
 *
 * The scene of close/linger-wait-timeout on a nonblocking socket. Other calls would return EAGAIN
 * there; close() could not, for the descriptor is gone and nobody could call again. BSD once
 * returned EWOULDBLOCK all the same. Linux waits for the whole second, and returns 0.
 *
 * So an event loop must never close a socket with a linger time: one client that has gone silent
 * stops all others for that long. A linger time belongs into a process or thread of its own, or
 * nowhere.
 */
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/timers.h"

static void scene(void)
{
	int ends[2], port;
	long since;

	tcp_pair(ends);
	port = local_port(ends[SERVER]);
	set_nonblocking(ends[SERVER], true);
	set_linger(ends[SERVER], 1);
	drop_input(ends[CLIENT], true);
	send_all(ends[SERVER], "last", 4);

	since = milliseconds();
	fact(close(ends[SERVER]), "server close");
	fact_lasted("server close", since, 990);
	fact(tcp_sockets(port, TCP_FIN_WAIT1), "server sockets in FIN_WAIT1");
}

int main(void)
{
	return over_both_families(scene);
}
