/*
 * rst/abort-on-overflow: with tcp_abort_on_overflow a full queue resets who completes a handshake.
 *
 * A listener's queue has room when a client's SYN comes, and is full when its ACK does: what comes
 * from the client's port after the SYN is lost (the listener drops it) until others have filled the
 * queue. The client is connected all the time. Its data is the next to carry the ACK, for repeated
 * SYN-ACKs are dropped, too. By default the server's kernel would ignore it
 * (rst/overflow-ignores-ack); with this setting the answer is RST. It comes from half a connection
 * and takes its number from the ACK.
 *
 * So a client may be connected and be reset before the server has seen it: with this setting an
 * overload is an error at the client's first read or write, not at its connect(). It is for those
 * whose clients try another server at once.
 */
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"

enum { BACKLOG = 2 }; /* lets one more in */

static void scene(void)
{
	set_sysctl("net.ipv4.tcp_abort_on_overflow", "1"); /* of IPv6, too */

	int listener = listen_loopback(BACKLOG), others[BACKLOG + 1];
	int client = must(socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));
	struct sockaddr_storage address;
	socklen_t length = loopback_address(0, &address);
	char byte;

	must(bind(client, (struct sockaddr *)&address, length)); /* to know its port */
	drop_after_syn(listener, local_port(client));
	fact(connect_to(client, listener), "client connect");
	drop_flags(client, TH_SYN);
	for (int i = 0; i <= BACKLOG; i++) {
		others[i] = connect_loopback(listener);
		await_accept_queue(listener, i + 1);
	}

	long resets = counted("Tcp", "OutRsts");
	long embryonic = counted("TcpExt", "EmbryonicRsts");
	long overflows = counted("TcpExt", "ListenOverflows");

	fact_text("client state", "%s", tcp_state(client));
	drop_input(listener, false);
	fact(send(client, "hello", 5, 0), "client send");
	fact(recv(client, &byte, 1, 0), "client recv");
	fact(recv(client, &byte, 1, 0), "client recv again");
	fact_counted("TcpExt", "EmbryonicRsts", embryonic);
	fact_counted("TcpExt", "ListenOverflows", overflows);
	fact_counted("Tcp", "OutRsts", resets);
	fact(accept_queue(listener), "server connections to accept");

	must(close(listener));
	for (int i = 0; i <= BACKLOG; i++)
		await_hangup(others[i]);
}

int main(void)
{
	return over_both_families(scene);
}
