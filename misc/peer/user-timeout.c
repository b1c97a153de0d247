/*
 * peer/user-timeout: TCP_USER_TIMEOUT ends a connection whose data nobody acknowledges, and one
 * whose peer keeps its window closed, although that answers every probe.
 *
 * Two hand-made peers at the same time. The one says nothing after its SYN: the kernel repeats what
 * it sent until the time is up. The other has taken part of it and says with each answer that it
 * has no room for more: the kernel probes its window, and would do so for ever, for a peer that
 * answers is alive. With the option both are ETIMEDOUT, and in neither case does the peer learn of
 * it: the kernel just falls silent.
 *
 * So a server that sets TCP_USER_TIMEOUT gets rid of dead clients as well as of those that never
 * read, which keepalive does not; and the client is told when it next says something, by a RST.
 */
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/peer.h"
#include "lib/timers.h"

/* ms. It counts from the first probe, at 200; the last one answered is that at 1400, for the next
 * would come at 3000. */
enum { LIMIT = 2600 };

static void scene(void)
{
	struct peer dead, full;
	struct segment heard;
	int listener = listen_loopback(1), probes = 0;
	char byte;

	peer_open(&dead);
	peer_open(&full);

	int to_dead = peer_connect(&dead, listener, "");
	int to_full = peer_connect(&full, listener, "");

	set_option(to_dead, IPPROTO_TCP, TCP_USER_TIMEOUT, LIMIT);
	set_option(to_full, IPPROTO_TCP, TCP_USER_TIMEOUT, LIMIT);
	send_all(to_full, "hello", 5);
	peer_expects(&full, ". 5");
	peer_sends(&full, ". 0 win 0");

	long begin = milliseconds();

	send_all(to_dead, "hello", 5);
	send_all(to_full, "hello", 5);
	peer_expects(&dead, ". 5");
	while (strcmp(tcp_state(to_full), "CLOSE") != 0) {
		if (peer_listens(&full, 10, &heard) && heard.bytes == 0) {
			probes++;
			peer_sends(&full, ". 0 win 0");
			peer_listens(&full, 0, &heard); /* a RST where that came too late */
		}
	}
	fact_lasted("full window", begin, LIMIT - 10);
	fact_text("probes answered, at least 2", "%s", probes >= 2 ? "yes" : "no");
	fact(recv(to_full, &byte, 1, 0), "recv from the full one");
	fact(recv(to_dead, &byte, 1, 0), "recv from the dead one");
	fact_lasted("no answer", begin, LIMIT - 10);
	peer_hears(&full, "the full one is told");
	peer_hears(&dead, "the dead one is told");
	peer_sends(&full, ". 0");
	peer_hears(&full, "its next segment draws");
}

int main(void)
{
	return over_both_families(scene);
}
