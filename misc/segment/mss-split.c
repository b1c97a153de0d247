/*
 * segment/mss-split: one write leaves in segments of the size that the peer announced, and a rest.
 *
 * The listener's SYN-ACK announces 1000 bytes (TCP_MAXSEG), of which the timestamps option takes 12
 * in every segment: 988 remain, which is what the client's own TCP_MAXSEG then says, and 5000 bytes
 * become five such segments and a rest. All fit into the first congestion window, so that nothing
 * of the layout depends on when an ACK comes.
 *
 * So one write is not one read, nor one segment, and no boundary of the sender's can be relied on.
 * Whoever counts packets with tcpdump on the sending machine must switch segmentation offload off
 * first, as the world of these scenes has: with it one packet of 4940 bytes and the rest would be
 * seen, which the network card would cut later.
 */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"

static void scene(void)
{
	char data[5000] = "";
	int ends[2];

	tcp_pair_of_mss(1000, ends);
	fact(get_option(ends[CLIENT], IPPROTO_TCP, TCP_MAXSEG), "client TCP_MAXSEG");
	fact(send(ends[CLIENT], data, sizeof(data), 0), "client send");
	recv_all(ends[SERVER], data, sizeof(data));

	must(close(ends[CLIENT]));
	await_hangup(ends[SERVER]);
	must(close(ends[SERVER]));
}

int main(void)
{
	return over_both_families(scene);
}
