/*
 * peer/urgent-retransmit: in a retransmission each segment points at the same urgent byte, however
 * many segments there are.
 *
 * The urgent pointer counts from its own segment's sequence number, so it must be another one in
 * each. Four segments of ordinary data are on their way, then a byte sent with MSG_OOB, then three
 * segments more; and only those three arrive, as SACK tells. The kernel repeats two segments at
 * once, and each must say now that something urgent is coming: the first that it is 401 bytes on,
 * the second 301. The two are one piece until the last moment, and are then cut up; where the
 * pointer is copied into both unchanged, that of the second is wrong by as much as the first one is
 * long.
 *
 * So a receiver may see the urgent mark in a wrong place after a loss, and take an ordinary byte
 * out of the stream: another reason not to use MSG_OOB (RFC 6093).
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
	char bytes[400] = "";

	tcp_timers_at_least(60);
	peer_open(&peer);
	peer.shows |= COLUMN(URGENT);

	int fd = peer_connect(&peer, listen_loopback(1), "mss 100 sackok");

	send_all(fd, bytes, 400);
	for (int i = 0; i < 4; i++)
		peer_hears(&peer, "before there is anything urgent");
	must_n(send(fd, "!", 1, MSG_OOB));
	peer_hears(&peer, "the urgent byte");
	send_all(fd, bytes, 300);
	for (int i = 0; i < 3; i++)
		peer_hears(&peer, "after it");

	peer.hears_again = true;
	peer_sends(&peer, ". 0 ack 1 sack 402-702");
	for (int i = 0; i < 3; i++)
		peer_hears(&peer, "sent again");
	peer_sends(&peer, ". 0 ack 301 sack 402-702");
	peer_hears(&peer, "then");
	peer_hears(&peer, "then");
	peer_sends(&peer, ". 0 ack 702");
	peer_hears(&peer, "ACK of everything draws");

	peer_sends(&peer, "R 0"); /* the end: nobody has anything left to say */
}

int main(void)
{
	return over_both_families(scene);
}
