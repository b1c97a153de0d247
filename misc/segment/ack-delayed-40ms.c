/*
 * segment/ack-delayed-40ms: an ACK comes at once on a new connection, after 40 ms on an older one.
 *
 * An ACK alone is a packet for nothing if an answer follows that could carry it. So the kernel
 * waits with it, 40 ms at least, once the connection looks like questions and answers; TCP_QUICKACK
 * 0 says that it does (Linux calls that the pingpong mode). While a connection is new it does not
 * wait: the peer's congestion window grows with each ACK. The kernel counts the ACKs that a timer
 * sent.
 *
 * So a peer that writes, and then waits for an ACK before it writes more, loses 40 ms each time
 * (segment/nagle-write-write-read-stall); and a test of a new connection does not show it.
 */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/timers.h"

static void acknowledge(const char *how, bool pingpong)
{
	char data[10] = "";
	int ends[2];

	tcp_pair(ends);
	if (pingpong)
		set_option(ends[SERVER], IPPROTO_TCP, TCP_QUICKACK, 0);
	fact(get_option(ends[SERVER], IPPROTO_TCP, TCP_QUICKACK), "%s, server TCP_QUICKACK", how);

	long by_timer = net_counter("TcpExt", "DelayedACKs"), since = milliseconds();

	send_all(ends[CLIENT], data, sizeof(data));
	await_acked(ends[CLIENT]);
	if (pingpong)
		fact_lasted("after exchanges, ACK", since, 10);
	fact(net_counter("TcpExt", "DelayedACKs") - by_timer, "%s, ACKs by timer", how);

	recv_all(ends[SERVER], data, sizeof(data));
	set_linger_zero(ends[CLIENT]);
	must(close(ends[CLIENT]));
	await_hangup(ends[SERVER]);
	must(close(ends[SERVER]));
}

static void scene(void)
{
	acknowledge("new", false);
	acknowledge("after exchanges", true);
}

int main(void)
{
	return over_both_families(scene);
}
