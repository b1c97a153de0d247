/*
 * peer/timestamps: the timestamp that is echoed is that of the last segment accepted in order; one
 * that is older than that is refused, with an ACK, unless it is a RST.
 *
 * A timestamp sent back tells its sender how long a round trip took, and it also dates segments:
 * sequence numbers come round again within seconds on a fast link, and an old segment would fit. So
 * the kernel remembers one (TS.Recent, which it echoes) and drops what is older (PAWS). Which one
 * it remembers matters: were it that of a segment which is not accepted, anybody could push it
 * forward, and all that the true peer sends would be old. The hand-made peer dates its segments
 * itself: a gap, a place beyond the window and an ACK of bytes never sent leave TS.Recent alone;
 * data in order, the data that closes the gap, and pure ACKs set it. A RST is no data and may be
 * old.
 *
 * So a peer whose clock jumps back (a machine restored from a snapshot, a load balancer that
 * answers for several) is not heard any more although everything else is right: PAWSEstab in `nstat
 * -az` counts that.
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
	char bytes[100];

	tcp_timers_at_least(60);
	peer_open(&peer);

	int fd = peer_connect(&peer, listen_loopback(1), "val 100");
	long old = net_counter("TcpExt", "PAWSEstab");

	peer.shows |= COLUMN(ECR);
	peer_sends(&peer, "P. 5 val 200");
	peer_hears(&peer, "data at 200 draws");
	peer_sends(&peer, ". 0 val 300");
	send_all(fd, "hello", 5);
	peer_hears(&peer, "after a pure ACK at 300 the kernel sends");
	peer_sends(&peer, ". 0 val 310");
	peer_sends(&peer, "P. 5 seq 11 val 400");
	peer_hears(&peer, "data at 400 that leaves a gap draws");
	peer_sends(&peer, "P. 5 seq 1000000 val 500");
	peer_hears(&peer, "data at 500 beyond the window draws");
	peer_sends(&peer, "P. 5 seq 6 val 350");
	peer_hears(&peer, "data at 350 that fills the gap draws");
	peer_sends(&peer, "P. 5 seq 1 val 360");
	peer_hears(&peer, "old data at 360 draws");
	fact(recv(fd, bytes, sizeof(bytes), 0), "kernel recv");
	peer_sends(&peer, "P. 5 seq 16 val 340");
	peer_hears(&peer, "data at 340 that is next draws");
	fact(recv(fd, bytes, sizeof(bytes), MSG_DONTWAIT), "kernel recv");
	fact(net_counter("TcpExt", "PAWSEstab") - old, "kernel PAWSEstab");
	peer_sends(&peer, "R 0 seq 16 val 340");
	fact(recv(fd, bytes, sizeof(bytes), MSG_DONTWAIT), "kernel recv after RST at 340");
}

int main(void)
{
	return over_both_families(scene);
}
