/*
 * peer/retransmission: what is not acknowledged is sent again, and every time the wait is twice as
 * long; a RST ends that.
 *
 * The hand-made peer is connected and says nothing more. How long the kernel waits at first follows
 * from the round trip time it has measured, on a fast network 200 ms, and doubles with each
 * timeout (TCP_INFO tells both numbers): a network in which all repeat what they have lost, at once
 * and for ever, does not recover. It would go on for a quarter of an hour (tcp_retries2) and tell
 * nobody. Then the peer, as one that has been restarted in the meantime, answers with a RST, and
 * that is the end: ECONNRESET, and nothing is sent any more.
 *
 * So a program that gets no answer learns nothing from TCP for many minutes: it needs a timeout of
 * its own, or TCP_USER_TIMEOUT. Once the network is back, it may still be silent as long as it was
 * away.
 */
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/peer.h"
#include "lib/timers.h"

static struct tcp_info tcp_info(int fd)
{
	struct tcp_info info = {0};
	socklen_t length = sizeof(info);

	must(getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &length));
	return info;
}

static void scene(void)
{
	/* The sum of 200, 400 and 800 ms, less 10 for the coarse clock of the kernel's timers. */
	static const long waits[] = {190, 590, 1390};
	struct peer peer;
	char byte;

	peer_open(&peer);

	int fd = peer_connect(&peer, listen_loopback(1), "");
	long begin = milliseconds();

	send_all(fd, "hello", 5);
	peer_hears(&peer, "kernel sends");

	unsigned first = tcp_info(fd).tcpi_rto;

	peer.hears_again = true;
	for (int i = 0; i < 3; i++) {
		peer_awaits(&peer, "again");
		fact_lasted("after", begin, waits[i]);
	}

	struct tcp_info info = tcp_info(fd);

	fact_text("kernel timeouts since, at least 3", "%s", info.tcpi_backoff >= 3 ? "yes" : "no");
	fact_text("kernel timeout doubled with each", "%s",
		  info.tcpi_rto == first << info.tcpi_backoff ? "yes" : "no");

	peer_sends(&peer, "R 0");
	fact(recv(fd, &byte, 1, 0), "kernel recv after RST");
	fact_text("kernel state", "%s", tcp_state(fd));
}

int main(void)
{
	return over_both_families(scene);
}
