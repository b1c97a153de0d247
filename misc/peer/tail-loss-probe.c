/*
 * peer/tail-loss-probe: when the end of what was sent is not acknowledged, the last segment is sent
 * again first, long before the timeout.
 *
 * Loss is seen by what arrives behind it; behind the last segment there is nothing, and TCP would
 * have to wait for its retransmission timer. So where SACK is allowed the kernel sends the last
 * segment once more after two round trips: whatever answer that draws tells how much is missing.
 * Three segments are on their way here, and the timer is put off by a minute, so that what comes is
 * the probe. The hand-made peer answers it with SACK, as one that has got the last two; now
 * the kernel knows what is missing, and sends the first again.
 *
 * So a segment that is seen twice in a capture was not necessarily lost: the answer may only have
 * been slow. The tests of this project therefore switch probes off (tcp_early_retrans=0) but here.
 */
#include <sys/socket.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/peer.h"
#include "lib/timers.h"

static void scene(void)
{
	struct peer peer;
	char bytes[300] = "";

	set_sysctl("net.ipv4.tcp_early_retrans", "3");
	tcp_timers_at_least(60);
	peer_open(&peer);

	int fd = peer_connect(&peer, listen_loopback(1), "mss 100 sackok");
	long probes = net_counter("TcpExt", "TCPLossProbes");
	long timeouts = net_counter("TcpExt", "TCPTimeouts");

	send_all(fd, bytes, sizeof(bytes));
	peer.hears_again = true;
	for (int i = 0; i < 3; i++)
		peer_hears(&peer, "kernel sends");
	peer_awaits(&peer, "the probe");
	peer_sends(&peer, ". 0 ack 1 sack 101-301");
	peer_awaits(&peer, "then");
	fact(net_counter("TcpExt", "TCPLossProbes") - probes, "kernel TCPLossProbes");
	fact(net_counter("TcpExt", "TCPTimeouts") - timeouts, "kernel TCPTimeouts");
	peer_sends(&peer, ". 0 ack 301");
	peer_hears(&peer, "ACK of everything draws");

	peer_sends(&peer, "R 0"); /* the end: nobody has anything left to say */
}

int main(void)
{
	return over_both_families(scene);
}
