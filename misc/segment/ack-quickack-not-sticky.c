/*
 * segment/ack-quickack-not-sticky: TCP_QUICKACK is for now; answering brings the delay back.
 *
 * Set, the option ends the mode in which ACKs wait for an answer to carry them, and the next
 * segment is acknowledged at once. But the kernel goes on watching: a server that answers, as
 * servers do, is soon in that mode again, which getsockopt() tells, and its ACKs are delayed as
 * before.
 *
 * So a program that wants no delayed ACK sets the option again after each recv(), or, better, lets
 * its peer write whole messages, where the delay costs nothing.
 */
#include <netinet/in.h>
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
	char data[10] = "";
	int ends[2];

	tcp_pair(ends);
	set_option(ends[SERVER], IPPROTO_TCP, TCP_QUICKACK, 0);
	fact(get_option(ends[SERVER], IPPROTO_TCP, TCP_QUICKACK), "server TCP_QUICKACK, set to 0");
	set_option(ends[SERVER], IPPROTO_TCP, TCP_QUICKACK, 1);
	fact(get_option(ends[SERVER], IPPROTO_TCP, TCP_QUICKACK), "server TCP_QUICKACK, set to 1");

	long by_timer = net_counter("TcpExt", "DelayedACKs");

	send_all(ends[CLIENT], data, sizeof(data));
	await_acked(ends[CLIENT]);
	fact(net_counter("TcpExt", "DelayedACKs") - by_timer, "ACKs by timer");
	recv_all(ends[SERVER], data, sizeof(data));

	/* An answer counts when it comes within the delay: how many that takes depends on speed. */
	while (get_option(ends[SERVER], IPPROTO_TCP, TCP_QUICKACK)) {
		send_all(ends[CLIENT], data, sizeof(data));
		recv_all(ends[SERVER], data, sizeof(data));
		send_all(ends[SERVER], data, sizeof(data));
		recv_all(ends[CLIENT], data, sizeof(data));
	}
	fact(get_option(ends[SERVER], IPPROTO_TCP, TCP_QUICKACK),
	     "server TCP_QUICKACK, after exchanges");
	await_acked(ends[SERVER]);

	long since = milliseconds();

	by_timer = net_counter("TcpExt", "DelayedACKs");
	send_all(ends[CLIENT], data, sizeof(data));
	await_acked(ends[CLIENT]);
	fact_lasted("ACK", since, 10);
	fact(net_counter("TcpExt", "DelayedACKs") - by_timer, "ACKs by timer");

	set_linger_zero(ends[CLIENT]);
	must(close(ends[CLIENT]));
	must(close(ends[SERVER]));
}

int main(void)
{
	return over_both_families(scene);
}
