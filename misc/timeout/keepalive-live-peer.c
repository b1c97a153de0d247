/*
 * timeout/keepalive-live-peer: a living peer's kernel answers keepalive, and nobody there notices.
 *
 * The server of this scene is never scheduled: its process does not call recv() at all. Its kernel
 * answers each probe, and so the connection outlives what would have ended one whose peer is silent
 * (timeout/keepalive-dead-peer): here a single unanswered probe. The probe carries nothing, so that
 * the peer has nothing to read, and no poll() wakes.
 *
 * So keepalive proves that the other machine's kernel is alive and reachable, not that the program
 * there still works: one that hangs is found only by a question that the program itself answers.
 */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/info.h"
#include "lib/must.h"
#include "lib/net.h"

static void scene(void)
{
	int ends[2];

	tcp_pair(ends);
	set_option(ends[CLIENT], IPPROTO_TCP, TCP_KEEPIDLE, 1);
	set_option(ends[CLIENT], IPPROTO_TCP, TCP_KEEPINTVL, 1);
	set_option(ends[CLIENT], IPPROTO_TCP, TCP_KEEPCNT, 1);

	long before = tcp_counts(ends[CLIENT]).segments_in;

	set_option(ends[CLIENT], SOL_SOCKET, SO_KEEPALIVE, 1);
	await_segments_in(ends[CLIENT], before + 2);
	set_option(ends[CLIENT], SOL_SOCKET, SO_KEEPALIVE, 0);

	struct pollfd entry = {.fd = ends[SERVER], .events = POLLIN | POLLPRI};
	struct counts client = tcp_counts(ends[CLIENT]);

	fact_text("client, two probes answered", "%s",
		  client.segments_in >= before + 2 ? "yes" : "no");
	fact_text("client state", "%s", tcp_state(ends[CLIENT]));
	fact(client.data_out, "client segments with data");
	fact(must(poll(&entry, 1, 0)), "server poll");
	send_all(ends[CLIENT], "x", 1);
	fact(await_poll(ends[SERVER], POLLIN) & POLLIN ? 1 : 0, "server poll after data");

	must(close(ends[CLIENT]));
	must(close(ends[SERVER]));
}

int main(void)
{
	return over_both_families(scene);
}
