/*
 * close/simultaneous: FINs that cross take both ends through CLOSING into TIME_WAIT.
 *
 * Both ends shut down their sending side before either has heard of the other's FIN. On loopback
 * nothing is ever on its way for long, so each end's socket drops what comes in, and a raw socket,
 * which hears all of it, delivers it later: first the two FINs, neither of which acknowledges the
 * other, then the acknowledgements that they draw. Each end goes from FIN_WAIT1 not to FIN_WAIT2,
 * for it has no acknowledgement, but to CLOSING, and from there to TIME_WAIT: both were first to
 * close. No timer repeats anything meanwhile (timers.h).
 *
 * So TIME_WAIT may be left to both ends, and a server that leaves it to its clients by closing last
 * has it all the same when they close at the same moment: SO_REUSEADDR is for that.
 */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/proc.h"
#include "lib/segment.h"
#include "lib/timers.h"

/* A segment that the raw socket heard, from its TCP header on. */
struct heard {
	uint8_t bytes[128];
	size_t size;
};

/* The next segment; of IPv4 the raw socket shows the IP header, too. */
static struct heard hear(int raw, int from_port)
{
	const size_t skip = family == AF_INET ? 20 : 0;
	uint8_t packet[128];
	struct heard heard;

	heard.size = (size_t)must_n(recv(raw, packet, sizeof(packet), 0)) - skip;
	memcpy(heard.bytes, packet + skip, heard.size);
	if ((heard.bytes[0] << 8 | heard.bytes[1]) != from_port)
		die("a segment from another end than expected");
	return heard;
}

/* Let it arrive at an end in this state, and wait until that is in another. */
static void deliver(int raw, struct heard *heard, int port, int state)
{
	struct sockaddr_storage address;
	socklen_t length = loopback_address(0, &address);
	const struct sockaddr *loopback = (struct sockaddr *)&address;

	segment_seal(heard->bytes, heard->size, loopback, loopback, false); /* lo leaves that out */
	must_n(sendto(raw, heard->bytes, heard->size, 0, loopback, length));
	await_tcp_sockets(port, state, 0);
}

static void scene(void)
{
	int ends[2], ports[2];
	struct heard fins[2], acks[2];

	tcp_timers_at_least(60);
	tcp_pair(ends);

	int raw = must(socket(family, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_TCP));

	for (int i = CLIENT; i <= SERVER; i++) {
		ports[i] = local_port(ends[i]);
		drop_input(ends[i], true);
	}
	for (int i = CLIENT; i <= SERVER; i++) {
		must(shutdown(ends[i], SHUT_WR));
		fins[i] = hear(raw, ports[i]);
	}
	fact_text("client state", "%s", tcp_state(ends[CLIENT]));
	fact_text("server state", "%s", tcp_state(ends[SERVER]));

	drop_input(ends[SERVER], false);
	deliver(raw, &fins[CLIENT], ports[SERVER], TCP_FIN_WAIT1);
	fact_text("server state", "%s", tcp_state(ends[SERVER]));
	hear(raw, ports[CLIENT]); /* what was delivered */
	acks[SERVER] = hear(raw, ports[SERVER]);

	drop_input(ends[SERVER], true);
	drop_input(ends[CLIENT], false);
	deliver(raw, &fins[SERVER], ports[CLIENT], TCP_FIN_WAIT1);
	fact_text("client state", "%s", tcp_state(ends[CLIENT]));
	hear(raw, ports[SERVER]);
	acks[CLIENT] = hear(raw, ports[CLIENT]);

	drop_input(ends[SERVER], false);
	deliver(raw, &acks[SERVER], ports[CLIENT], TCP_CLOSING);
	deliver(raw, &acks[CLIENT], ports[SERVER], TCP_CLOSING);
	fact(tcp_sockets(ports[CLIENT], TCP_TIME_WAIT), "client sockets in TIME_WAIT");
	fact(tcp_sockets(ports[SERVER], TCP_TIME_WAIT), "server sockets in TIME_WAIT");
}

int main(void)
{
	return over_both_families(scene);
}
