/*
 * peer/ack-unsent: an ACK of bytes that were never sent draws an ACK, and so does one from long
 * ago; data that comes with either is refused.
 *
 * Who injects data blindly must guess two numbers: the next byte, for which anything in the window
 * will do, and the acknowledgement. So the kernel accepts an ACK only of what it has sent and not
 * longer ago than the greatest window the peer has offered; to anything else it answers with an ACK
 * of its own, and drops all of the segment. A merely old ACK is nothing bad: segments may overtake
 * each other. The hand-made peer here sends the same five bytes with one such ACK after the other,
 * each time with another window, and in the end with a good one.
 *
 * So a server is hard to inject data into from off its path, but not because of its ACKs: what
 * protects it is that ports and sequence numbers cannot be guessed, and TLS where that is not
 * enough.
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
	char bytes[100];

	tcp_timers_at_least(60);
	peer_open(&peer);

	int fd = peer_connect(&peer, listen_loopback(1), "");

	send_all(fd, "hello", 5);
	peer_expects(&peer, ". 5 seq 1");
	peer_sends(&peer, ". 0 ack 3");

	peer_sends(&peer, ". 0 ack 7");
	peer_hears(&peer, "ACK of what was never sent draws");
	peer_sends(&peer, "P. 5 seq 1 ack 7");
	peer_hears(&peer, "data with such an ACK draws");
	fact(recv(fd, bytes, sizeof(bytes), MSG_DONTWAIT), "kernel recv");

	peer_sends(&peer, "P. 5 seq 1 ack -100000 win 60000");
	peer_hears(&peer, "data with an ancient ACK draws");
	fact(recv(fd, bytes, sizeof(bytes), MSG_DONTWAIT), "kernel recv");

	peer_sends(&peer, "P. 5 seq 1 ack 2 win 50000");
	peer_hears(&peer, "data with an old ACK draws");
	fact(recv(fd, bytes, sizeof(bytes), MSG_DONTWAIT), "kernel recv");

	peer_sends(&peer, "P. 5 seq 6 ack 6");
	peer_hears(&peer, "data with a good ACK draws");
	fact(recv(fd, bytes, sizeof(bytes), MSG_DONTWAIT), "kernel recv");

	peer_sends(&peer, "R 0"); /* the end: nobody has anything left to say */
}

int main(void)
{
	return over_both_families(scene);
}
