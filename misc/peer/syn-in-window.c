/*
 * peer/syn-in-window: a SYN on an established connection draws an ACK and changes nothing.
 *
 * Somebody who cannot see the connection may forge a SYN for it; if that were enough to reset it,
 * as it once was, guessing a number in the window would be. So the kernel answers any SYN, wherever
 * its number is, with an ACK of what it really expects: a challenge. A peer that has lost its
 * memory and wants a new connection answers that with a RST that has exactly this number, and
 * nobody else can. Here a hand-made peer sends the SYNs: next in order, farther into the window,
 * far out of it, old.
 *
 * So a server need not fear for its connections when somebody forges SYNs; and a client that comes
 * back with the port it had before it crashed is answered by an ACK, not by SYN-ACK, until it
 * resets the old connection.
 */
#include <sys/socket.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/net.h"
#include "lib/peer.h"

static void scene(void)
{
	struct peer peer;
	char bytes[5];

	peer_open(&peer);

	int fd = peer_connect(&peer, listen_loopback(1), "");
	long challenges = net_counter("TcpExt", "TCPSYNChallenge");

	peer_sends(&peer, "S 0 seq 1");
	peer_hears(&peer, "SYN at the next byte draws");
	peer_sends(&peer, "S 0 seq 100");
	peer_hears(&peer, "SYN in the window draws");
	peer_sends(&peer, "S 0 seq 1000000");
	peer_hears(&peer, "SYN beyond the window draws");
	peer_sends(&peer, "S 0 seq 0");
	peer_hears(&peer, "the first SYN again draws");
	peer_sends(&peer, "S. 0 seq 1");
	peer_hears(&peer, "SYN with ACK draws");
	fact(net_counter("TcpExt", "TCPSYNChallenge") - challenges, "kernel TCPSYNChallenge");
	fact_text("kernel state", "%s", tcp_state(fd));

	peer_sends(&peer, "P. 5 seq 1");
	fact(recv(fd, bytes, sizeof(bytes), 0), "kernel recv");

	peer_sends(&peer, "R 0"); /* the end: nobody has anything left to say */
}

int main(void)
{
	return over_both_families(scene);
}
