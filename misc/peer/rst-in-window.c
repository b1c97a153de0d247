/*
 * peer/rst-in-window: in every state a RST counts only at the very number that is expected next;
 * elsewhere in the window it draws an ACK, outside nothing.
 *
 * If any number in the window would do, somebody who cannot see the connection could end it with a
 * few thousand guesses. So the kernel answers a RST that is near with an ACK that tells which
 * number it wants: a true peer that has forgotten the connection answers that with a RST that has
 * it. The hand-made peer tries numbers from before and from beyond the window, one within, and the
 * next; that a connection is gone is seen from the RST that any later segment draws.
 *
 * In CLOSE_WAIT there is one number more: that of the peer's FIN. Some systems, macOS among them,
 * send it with a RST after their FIN as if that had taken no room, and the kernel lets it pass.
 *
 * So a middlebox that means to end a connection must know its numbers exactly, and a capture in
 * which a RST was sent does not show that anything was reset: look for the ACK that answers it.
 */
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/peer.h"
#include "lib/timers.h"

static void is_gone(struct peer *peer, uint32_t next, const char *state)
{
	peer_sends(peer, ". 0 seq %u", next);
	peer_hears(peer, "%s, ACK after it draws", state);
	peer_close(peer);
}

/* The peer's next byte is `next`. */
static void in_state(struct peer *peer, uint32_t next, const char *state)
{
	peer_sends(peer, "R 0 seq 0");
	peer_hears(peer, "%s, RST before the window draws", state);
	peer_sends(peer, "R 0 seq %u", next + 1000000);
	peer_hears(peer, "%s, RST beyond the window draws", state);
	peer_sends(peer, "R 0 seq %u", next + 10);
	peer_hears(peer, "%s, RST in the window draws", state);
	peer_sends(peer, "R 0 seq %u", next);
	peer_hears(peer, "%s, exact RST draws", state);
	is_gone(peer, next, state);
}

static void scene(void)
{
	struct peer peer;
	int listener = listen_loopback(1), fd;

	tcp_timers_at_least(60);
	peer_open(&peer);
	peer_sends_to(&peer, listener, "S 0");
	peer_expects(&peer, "S. 0");
	in_state(&peer, 1, "SYN_RECV");

	peer_open(&peer);
	fd = peer_connect(&peer, listener, "");
	in_state(&peer, 1, tcp_state(fd));

	peer_open(&peer);
	fd = peer_connect(&peer, listener, "");
	must(shutdown(fd, SHUT_WR));
	peer_expects(&peer, "F. 0");
	in_state(&peer, 1, tcp_state(fd));

	peer_open(&peer);
	fd = peer_connect(&peer, listener, "");
	must(shutdown(fd, SHUT_WR));
	peer_expects(&peer, "F. 0");
	peer_sends(&peer, ". 0");
	in_state(&peer, 1, tcp_state(fd));

	peer_open(&peer);
	fd = peer_connect(&peer, listener, "");
	peer_sends(&peer, "F. 0");
	peer_expects(&peer, ". 0 ack 2");
	in_state(&peer, 2, tcp_state(fd));

	peer_open(&peer);
	peer_connect(&peer, listener, "");
	peer_sends(&peer, "F. 0");
	peer_expects(&peer, ". 0 ack 2");
	peer_sends(&peer, "R 0 seq 1");
	peer_hears(&peer, "CLOSE_WAIT, RST at the FIN draws");
	is_gone(&peer, 2, "CLOSE_WAIT");
}

int main(void)
{
	return over_both_families(scene);
}
