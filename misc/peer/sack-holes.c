/*
 * peer/sack-holes: told by SACK what has arrived, the kernel repeats exactly what has not.
 *
 * Eight segments are on their way; two are lost, the first and the fourth. The ACK number alone
 * could only say "nothing yet"; with SACK blocks the one ACK tells it all, and as more than three
 * segments beyond each hole have arrived, both are taken for lost at once and sent again,
 * without waiting for a timer and without the others. The hand-made peer then has everything. The
 * retransmission timer is put off by a minute, so that nothing here is its work.
 *
 * So loss costs a round trip rather than a timeout, where both sides allow SACK and enough is on
 * its way; a request of one segment has nothing behind it that could be acknowledged, and waits.
 */
#include <sys/socket.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/net.h"
#include "lib/peer.h"
#include "lib/timers.h"

static void scene(void)
{
	struct peer peer;
	char bytes[800] = "";

	tcp_timers_at_least(60);
	peer_open(&peer);
	peer.hears_again = true;

	int fd = peer_connect(&peer, listen_loopback(1), "mss 100 sackok");
	long retransmitted = net_counter("Tcp", "RetransSegs");
	struct segment sent;

	send_all(fd, bytes, sizeof(bytes));
	for (int i = 0; i < 8; i++)
		peer_listens(&peer, 0, &sent);
	peer_sends(&peer, ". 0 ack 1 sack 101-301 sack 401-801");
	peer_hears(&peer, "holes at 1 and 301: kernel sends");
	peer_hears(&peer, "then");
	peer_hears(&peer, "then");
	peer_sends(&peer, ". 0 ack 801");
	peer_hears(&peer, "ACK of everything draws");
	fact(net_counter("Tcp", "RetransSegs") - retransmitted, "kernel RetransSegs");
	fact(await_acked(fd), "all acknowledged");

	peer_sends(&peer, "R 0"); /* the end: nobody has anything left to say */
}

int main(void)
{
	return over_both_families(scene);
}
