/*
 * segment/nagle-second-small-write-held: a small write waits while another is not acknowledged.
 *
 * A segment costs 40 bytes of headers and work at both ends, whatever is in it. Nagle's rule bounds
 * the waste: one small segment may be on its way; what is written meanwhile is gathered and leaves
 * when the ACK comes. The client does not see the server's ACKs (drop_input), so that the first
 * stays unacknowledged: of three writes only the first leaves. Once an ACK comes through, carried
 * by a byte of the server's, the other two leave together. With TCP_NODELAY all three leave at
 * once. The retransmission timer, which would repeat the first one, is made to wait.
 *
 * So a program that writes a message in pieces is served badly by either: the rule delays the
 * second piece, TCP_NODELAY makes a packet of each. Write a message at once; set TCP_NODELAY where
 * each write is a message that matters, as in a game, a terminal or a database client.
 */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/timers.h"

static void three_writes(const char *how, int nodelay)
{
	char data[30] = "";
	int ends[2], unsent;

	tcp_pair(ends);
	set_option(ends[CLIENT], IPPROTO_TCP, TCP_NODELAY, nodelay);
	drop_input(ends[CLIENT], true);
	for (int i = 0; i < 3; i++)
		fact(send(ends[CLIENT], data, 10, 0), "%s, client send", how);
	unsent = not_sent(ends[CLIENT]);
	fact(unsent, "%s, client not sent", how);
	recv_all(ends[SERVER], data, sizeof(data) - (size_t)unsent);

	drop_input(ends[CLIENT], false);
	send_all(ends[SERVER], data, 1);
	recv_all(ends[CLIENT], data, 1);
	recv_all(ends[SERVER], data, (size_t)unsent);

	must(close(ends[CLIENT]));
	await_hangup(ends[SERVER]);
	must(close(ends[SERVER]));
}

static void scene(void)
{
	tcp_timers_at_least(60);
	three_writes("Nagle", 0);
	three_writes("TCP_NODELAY", 1);
}

int main(void)
{
	return over_both_families(scene);
}
