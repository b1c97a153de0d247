/*
 * timewait/syn-reopens: a new SYN from the same port opens a new connection straight out of
 * TIME_WAIT, if it is certainly not an old one.
 *
 * TIME_WAIT waits for old segments to die out. A SYN that is newer than all of them need not wait:
 * its number is higher than any the old connection has used, or, where both use timestamps, its
 * clock has moved on. Then the kernel accepts it, and chooses a number for itself that is beyond
 * its own old ones. Any other SYN may be an old one that was delayed, and draws an ACK of the old
 * connection. The hand-made peer chooses its numbers and its clock itself: once with timestamps,
 * once without.
 *
 * So a client that comes again with the same port within a minute is let in; a server is in
 * TIME_WAIT after it has closed first, and nevertheless open to all whose clocks and numbers go on.
 */
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/peer.h"
#include "lib/timers.h"

/* The kernel closes first; its end goes into TIME_WAIT. */
static void into_time_wait(struct peer *peer, int listener, const char *options)
{
	int fd = peer_connect(peer, listener, options);

	must(close(fd));
	peer_expects(peer, "F. 0 seq 1");
	peer_sends(peer, "F. 0");
	peer_expects(peer, ". 0 ack 2");
	fact(tcp_sockets(local_port(listener), TCP_TIME_WAIT), "server in TIME_WAIT");
}

/* `old` is what the kernel's numbers counted from; its SYN and FIN took two. */
static void connected(struct peer *peer, int listener, uint32_t old)
{
	fact((int32_t)(peer->their_isn - (old + 2)) > 0, "server begins beyond its last number");
	peer_sends(peer, ". 0");

	int fd = must(accept4(listener, NULL, NULL, SOCK_CLOEXEC));

	fact_text("server state", "%s", tcp_state(fd));
	fact(tcp_sockets(local_port(listener), TCP_TIME_WAIT), "server in TIME_WAIT");
	peer_sends(peer, "R 0");
	must(close(fd));
}

static void scene(void)
{
	struct peer peer;
	int listener = listen_loopback(1);

	tcp_timers_at_least(60);
	peer_open(&peer);
	into_time_wait(&peer, listener, "");
	peer_sends(&peer, "S 0 seq 1");
	peer_hears(&peer, "no timestamps, SYN with an old number draws");
	uint32_t old = peer.their_isn;

	peer_forgets(&peer, 100000);
	peer_sends(&peer, "S 0");
	peer_hears(&peer, "no timestamps, SYN with a new number draws");
	connected(&peer, listener, old);
	peer_close(&peer);

	peer_open(&peer);
	into_time_wait(&peer, listener, "val 1000");
	peer_sends(&peer, "S 0 seq 1 val 900");
	peer_hears(&peer, "timestamps, SYN with an old number and clock draws");
	peer_sends(&peer, "S 0 seq 1 val 1000");
	peer_hears(&peer, "timestamps, SYN with an old number and the same clock draws");
	old = peer.their_isn;
	peer_forgets(&peer, -100000);
	peer_sends(&peer, "S 0 val 1001");
	peer_hears(&peer, "timestamps, SYN with an old number and a new clock draws");
	connected(&peer, listener, old);
	peer_close(&peer);
}

int main(void)
{
	return over_both_families(scene);
}
