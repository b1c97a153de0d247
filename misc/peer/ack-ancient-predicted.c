/*
 * peer/ack-ancient-predicted: data with an ancient ACK is refused also where it is just what was
 * expected.
 *
 * The kernel predicts the header of the next segment: the next sequence number, no options, the
 * same window as before. What agrees takes a short cut past most checks (tcp_rcv_established()),
 * and there the data used to be queued before its ACK was looked at. So of two forged segments with
 * the same impossible ACK the one that had guessed the window as well was delivered: the opposite
 * of what peer/ack-unsent shows. The hand-made peer sends both, after five good bytes that
 * stay unread: the short cut needs memory that the socket has set aside already.
 *
 * So on a kernel that still does this, data can be injected by somebody who knows the number of the
 * next byte and the window, and need not guess an ACK; TLS is then in the way, TCP is not.
 */
#include <sys/socket.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/net.h"
#include "lib/peer.h"

static void scene(void)
{
	struct peer peer;
	char bytes[100];

	peer_open(&peer);

	int fd = peer_connect(&peer, listen_loopback(1), "");

	peer_sends(&peer, "P. 5");
	peer_hears(&peer, "data with a good ACK draws");

	peer_sends(&peer, "P. 5 seq 6 ack -100000 win 60000");
	peer_hears(&peer, "data with an ancient ACK and another window draws");
	peer_sends(&peer, "P. 5 seq 6 ack -100000");
	peer_hears(&peer, "data with an ancient ACK, as predicted, draws");
	fact(recv(fd, bytes, sizeof(bytes), MSG_DONTWAIT), "kernel recv");

	peer_sends(&peer, "R 0 seq 6"); /* the end: nobody has anything left to say */
}

int main(void)
{
	return over_both_families(scene);
}
