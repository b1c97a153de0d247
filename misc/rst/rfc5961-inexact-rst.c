/*
 * rst/rfc5961-inexact-rst: a RST ends a connection only if it has exactly the next number;
 * elsewhere in the window it draws an ACK (a challenge), outside nothing.
 *
 * A hand-made peer sends RSTs with one number after the other. Up to the last byte of the window
 * each is answered, with an ACK that tells the number it should have had, and the kernel counts a
 * challenge; the byte before the window and the first one beyond it are nobody's business. The
 * connection survives all of them: data is taken. Then comes the RST with the right number, and the
 * next recv() is ECONNRESET. peer/rst-in-window has the same for the other states.
 *
 * So to end a connection from outside one must see it: with a window of 64 KiB the odds of a RST
 * with a number that is guessed are one in four billion, where they were one in 65536.
 */
#include <sys/socket.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/peer.h"

static void scene(void)
{
	struct peer peer;
	struct segment answer;
	int listener = listen_loopback(1);
	char bytes[5];

	set_option(listener, SOL_SOCKET, SO_RCVBUF,
		   0); /* a small window, the same on every machine */
	peer_open(&peer);
	peer_sends_to(&peer, listener, "S 0");
	if (!peer_listens(&peer, 0, &answer))
		die("no answer to the SYN");
	peer_sends(&peer, ". 0");

	int fd = must(accept4(listener, NULL, NULL, SOCK_CLOEXEC));
	unsigned edge = 1 + answer.value[WIN];
	long challenges = net_counter("TcpExt", "TCPChallengeACK");

	peer_sends(&peer, "R 0 seq 0");
	peer_hears(&peer, "RST before the window draws");
	peer_sends(&peer, "R 0 seq %u", edge + 1);
	peer_hears(&peer, "RST beyond the window draws");
	peer_sends(&peer, "R 0 seq 2");
	peer_hears(&peer, "RST one too far draws");
	peer_sends(&peer, "R 0 seq %u", edge - 1);
	peer_hears(&peer, "RST at the last byte of the window draws");
	fact(net_counter("TcpExt", "TCPChallengeACK") - challenges, "kernel TCPChallengeACK");
	peer_sends(&peer, "P. 5");
	fact(recv(fd, bytes, sizeof(bytes), 0), "kernel recv");
	peer_hears(&peer, "data draws");

	peer_sends(&peer, "R 0 seq 6");
	peer_hears(&peer, "RST at the next byte draws");
	fact(recv(fd, bytes, sizeof(bytes), 0), "kernel recv");
	fact_text("kernel state", "%s", tcp_state(fd));
}

int main(void)
{
	return over_both_families(scene);
}
