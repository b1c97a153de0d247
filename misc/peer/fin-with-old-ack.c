/*
 * peer/fin-with-old-ack: while both close, a FIN that acknowledges less than was acknowledged
 * before still counts.
 *
 * Segments may overtake each other. The kernel has sent data, which the peer acknowledged, and its
 * FIN; and then the peer's own FIN arrives, which was sent before that ACK and carries an older
 * one. Nothing about it is wrong: the kernel goes from FIN_WAIT1 to CLOSING and acknowledges the
 * FIN. A kernel that insists on a new ACK here drops the FIN, and the peer has to repeat it until
 * it has caught up. The peer's ACK of the kernel's FIN then ends both.
 *
 * So with both ends closing at once a connection of an older kernel may linger for a retransmission
 * or two; a program sees none of it.
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

	tcp_timers_at_least(60);
	peer_open(&peer);

	int fd = peer_connect(&peer, listen_loopback(1), "");

	send_all(fd, "hello", 5);
	peer_expects(&peer, ". 5 seq 1");
	peer_sends(&peer, ". 0 ack 6");
	must(shutdown(fd, SHUT_WR));
	peer_hears(&peer, "kernel sends");
	peer_sends(&peer, "F. 0 ack 1");
	peer_hears(&peer, "FIN with an old ACK draws");
	fact_text("kernel state", "%s", tcp_state(fd));

	peer_sends(&peer, ". 0 ack 7");
	peer_hears(&peer, "ACK of the kernel's FIN draws");
	fact_text("kernel state", "%s", tcp_state(fd));
}

int main(void)
{
	return over_both_families(scene);
}
