/*
 * peer/duplicate-data-then-close: old data that comes once more with a FIN is no unread data:
 * close() sends FIN.
 *
 * The server has read all five bytes, and the kernel has acknowledged them; but a peer to whom that
 * ACK was lost repeats them, and adds its FIN. A kernel that takes the repeated bytes for unread
 * ones will answer close() with RST, and destroy a reply that is still on its way: it did until the
 * end of 2025. close/fin-with-old-data-no-rst is the same between two kernels, where it takes a
 * retransmission; here the hand-made peer just says it again.
 *
 * So on an older kernel a server that has read everything may still reset its client when the
 * network loses a segment: it does not show up in tests without loss.
 */
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/peer.h"
#include "lib/timers.h"

static void scene(void)
{
	struct peer peer;
	char bytes[5];

	tcp_timers_at_least(60);
	peer_open(&peer);

	int fd = peer_connect(&peer, listen_loopback(1), "");
	long aborted = net_counter("TcpExt", "TCPAbortOnClose");

	peer_sends(&peer, "P. 5");
	peer_expects(&peer, ". 0 ack 6");
	recv_all(fd, bytes, sizeof(bytes));

	peer_sends(&peer, "FP. 5 seq 1");
	peer_awaits(&peer, "old data and FIN draw");
	fact_text("server state", "%s", tcp_state(fd));
	must(close(fd));
	peer_hears(&peer, "close draws");
	fact(net_counter("TcpExt", "TCPAbortOnClose") - aborted, "kernel TCPAbortOnClose");

	peer_sends(&peer, ". 0"); /* the end: nobody has anything left to say */
}

int main(void)
{
	return over_both_families(scene);
}
