/*
 * peer/fin-at-zero-window: when the window is full, a FIN that is next in order is taken; a byte is
 * not.
 *
 * A FIN has a sequence number, but needs no room in any buffer. The receiver's buffer is as small
 * as can be, and the hand-made peer fills it with one segment that is as large as the window
 * offered. One byte more is not accepted, and draws an ACK that says so. The FIN after the bytes
 * that were taken is accepted at once: the kernel acknowledges it, after the usual delay, and the
 * program will read all data and then end of file, without the peer having to probe the window.
 *
 * So a server that is slow to read does not keep a client from closing: the client's FIN arrives
 * behind what is buffered, and a program that waits for POLLRDHUP learns of it before it has read.
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
	char bytes[4096];

	set_option(listener, SOL_SOCKET, SO_RCVBUF, 0); /* the kernel raises it to its minimum */
	peer_open(&peer);
	peer_sends_to(&peer, listener, "S 0");
	if (!peer_listens(&peer, 0, &answer))
		die("no answer to the SYN");
	peer_sends(&peer, ". 0");

	int fd = must(accept4(listener, NULL, NULL, SOCK_CLOEXEC));
	unsigned window = answer.value[WIN];

	peer.shows |= COLUMN(WIN);
	peer_sends(&peer, "P. %u", window);
	peer_hears(&peer, "data that fills the window draws");
	peer_sends(&peer, "P. 1");
	peer_hears(&peer, "a byte more draws");
	peer_sends(&peer, "F. 0 seq %u", 1 + window);
	peer_awaits(&peer, "FIN draws");
	fact_text("server state", "%s", tcp_state(fd));
	fact(recv(fd, bytes, sizeof(bytes), 0) - window, "server recv beyond the window");
	fact(recv(fd, bytes, sizeof(bytes), MSG_DONTWAIT), "server recv again");

	peer_sends(&peer, "R 0"); /* the end: nobody has anything left to say */
}

int main(void)
{
	return over_both_families(scene);
}
