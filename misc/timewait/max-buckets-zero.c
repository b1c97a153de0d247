/*
 * timewait/max-buckets-zero: with no room for TIME_WAIT an end is at once, and forgets its peer.
 *
 * net.ipv4.tcp_max_tw_buckets limits how many connections of a network namespace may be in
 * TIME_WAIT; one more is dropped at once and counted (TCPTimeWaitOverflow). With 0 there is room
 * for none. Where both ends had closed that costs only what TIME_WAIT is for. But an orphan in
 * FIN_WAIT2 is kept in the same place: where only the client has closed it is forgotten, too, and
 * the server's FIN, which is still to come, is answered by RST.
 *
 * So whoever lowers this limit to save memory trades it for resets that a peer sees at the end of a
 * connection that went well. The kernel's default is large; leave it.
 */
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"

static void fact_left(int port, long overflows, long resets)
{
	long after = await_net_counter("TcpExt", "TCPTimeWaitOverflow", overflows + 1);

	fact(after - overflows, "kernel TCPTimeWaitOverflow");
	fact(tcp_sockets(port, TCP_TIME_WAIT) + tcp_sockets(port, TCP_FIN_WAIT2),
	     "client sockets left");
	fact_counted("Tcp", "OutRsts", resets);
}

static void scene(void)
{
	long overflows = net_counter("TcpExt", "TCPTimeWaitOverflow");
	long resets = counted("Tcp", "OutRsts");
	int ends[2], port;
	char byte;

	set_sysctl("net.ipv4.tcp_max_tw_buckets", "0");

	/* Each end waits for the other's FIN; the client's was first. */
	tcp_pair(ends);
	port = local_port(ends[CLIENT]);
	must(shutdown(ends[CLIENT], SHUT_WR));
	await_hangup(ends[SERVER]);
	must(close(ends[SERVER]));
	fact(recv(ends[CLIENT], &byte, 1, 0), "both ended, client recv");
	must(close(ends[CLIENT]));
	fact_left(port, overflows, resets);

	/* The client does not wait. */
	overflows = net_counter("TcpExt", "TCPTimeWaitOverflow");
	resets = counted("Tcp", "OutRsts");
	tcp_pair(ends);
	port = local_port(ends[CLIENT]);
	close_in_fin_wait2(ends[CLIENT]);
	await_hangup(ends[SERVER]);
	await_net_counter("TcpExt", "TCPTimeWaitOverflow", overflows + 1);
	fact(shutdown(ends[SERVER], SHUT_WR), "the client alone, server shutdown");
	if (resets != -1)
		await_net_counter("Tcp", "OutRsts", resets + 1);
	fact_left(port, overflows, resets);
	must(close(ends[SERVER]));
}

int main(void)
{
	return over_both_families(scene);
}
