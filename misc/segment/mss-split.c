/*
 * segment/mss-split: one write leaves in segments of the size that the peer announced, and a rest.
 *
 * The listener announces 1000 bytes (TCP_MAXSEG), of which the timestamps option takes 12 in every
 * segment. Five segments and a rest fit into the first congestion window, so that nothing of the
 * layout depends on when an ACK comes. The world has switched segmentation offload off; with it,
 * one packet of 5000 bytes would be captured.
 */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/must.h"
#include "lib/net.h"

int main(void)
{
	int listener = listen_loopback(1);
	char data[5000] = "";

	set_option(listener, IPPROTO_TCP, TCP_MAXSEG, 1000);

	int client = connect_loopback(listener);
	int server = must(accept(listener, NULL, NULL));

	fact(get_option(client, IPPROTO_TCP, TCP_MAXSEG), "client TCP_MAXSEG");
	fact(send(client, data, sizeof(data), 0), "client send");
	recv_all(server, data, sizeof(data));

	must(close(client));
	await_hangup(server);
	must(close(server));
	must(close(listener));
	return 0;
}
