/*
 * segment/nagle-second-small-write-held: a small write waits while another is not acknowledged.
 *
 * The client does not see the server's ACKs (drop_input), so the first small segment stays
 * unacknowledged: of three writes only the first leaves. Once an ACK comes through, carried by a
 * byte of the server's, the other two leave together. With TCP_NODELAY all three leave at once. The
 * retransmission timer, which would repeat the first one, is made to wait.
 */
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/timers.h"

static void three_writes(const char *how, int nodelay)
{
	char data[30] = "";
	int ends[2], unsent = 0;

	tcp_pair(ends);
	set_option(ends[CLIENT], IPPROTO_TCP, TCP_NODELAY, nodelay);
	drop_input(ends[CLIENT], true);
	for (int i = 0; i < 3; i++)
		fact(send(ends[CLIENT], data, 10, 0), "%s, client send", how);
	must(ioctl(ends[CLIENT], SIOCOUTQNSD, &unsent));
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

int main(void)
{
	tcp_timers_at_least(60);
	three_writes("Nagle", 0);
	three_writes("TCP_NODELAY", 1);
	return 0;
}
