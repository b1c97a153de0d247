/*
 * peer/simultaneous-open: two SYNs that cross make one connection, and no server is needed.
 *
 * TCP is symmetric: who has sent a SYN and gets one, without an ACK, need not be a listener to
 * answer it. The kernel's socket is connecting when the hand-made peer's SYN comes from just where
 * its own is going; it repeats its SYN, with an ACK now, and is in SYN_RECV like the socket of a
 * server. The peer does the same, for that is what a peer in the same state does, and both are
 * connected.
 *
 * So two programs behind firewalls that let answers in can reach each other if each binds a port
 * and connects to the other's at the same time (hole punching); and a socket may connect to its own
 * port by accident, when it tries a local server that is down for long enough.
 */
#include <errno.h>
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
	struct sockaddr_storage address;
	char bytes[5];

	tcp_timers_at_least(60);
	peer_open(&peer);

	socklen_t length = peer_address(&peer, &address);
	int fd = must(socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));

	fact(connect(fd, (struct sockaddr *)&address, length), "kernel connect");
	peer_hears(&peer, "kernel sends");
	peer_sends(&peer, "S 0");
	peer_hears(&peer, "SYN that crosses draws");
	fact_text("kernel state", "%s", tcp_state(fd));
	peer_sends(&peer, "S. 0 seq 0");
	peer_hears(&peer, "SYN again, with ACK, draws");
	fact_text("kernel state", "%s", tcp_state(fd));
	fact(send(fd, "hello", 5, 0), "kernel send");
	peer_hears(&peer, "kernel sends");
	peer_sends(&peer, "P. 5 seq 1 ack 6");
	fact(recv(fd, bytes, sizeof(bytes), MSG_DONTWAIT), "kernel recv");

	peer_sends(&peer, "R 0"); /* the end: nobody has anything left to say */
}

int main(void)
{
	return over_both_families(scene);
}
