/*
 * rst/overflow-ignores-ack: a full queue ignores the ACK that completes a handshake, and the data.
 *
 * The scene of rst/abort-on-overflow, but for the setting, whose default is 0. The client is
 * connected as far as it knows, and sends; the server's kernel, which has no room for it, ignores
 * its ACK and its data, keeps half a connection and repeats the SYN-ACK as if it had heard nothing.
 * Nobody sends RST. When the server accepts one connection there is room: the next of the client's
 * repetitions completes the handshake, its data is taken, and the server accepts it, too.
 *
 * So a client of an overloaded server is slow rather than refused: connect() succeeds at once, and
 * the answer comes seconds later. A client that must not wait sets a limit to the whole exchange,
 * not to connect() alone.
 */
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/timers.h"

enum { BACKLOG = 2 }; /* lets one more in */

static void scene(void)
{
	set_sysctl("net.ipv4.tcp_abort_on_overflow", "0"); /* of IPv6, too */

	int listener = listen_loopback(BACKLOG), others[BACKLOG + 1], accepted;
	int client = must(socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));
	struct sockaddr_storage address;
	socklen_t length = loopback_address(0, &address);
	char text[5];

	must(bind(client, (struct sockaddr *)&address, length)); /* to know its port */
	drop_after_syn(listener, local_port(client));

	long since = milliseconds();

	fact(connect_to(client, listener), "client connect");
	for (int i = 0; i <= BACKLOG; i++) {
		others[i] = connect_loopback(listener);
		await_accept_queue(listener, i + 1);
	}

	long resets = counted("Tcp", "OutRsts");
	long overflows = net_counter("TcpExt", "ListenOverflows");
	long repeated = net_counter("TcpExt", "TCPSynRetrans"); /* of SYN-ACKs, too */

	drop_input(listener, false);
	fact(send(client, "hello", 5, 0), "client send");
	await_net_counter("TcpExt", "ListenOverflows", overflows + 1);
	await_net_counter("TcpExt", "TCPSynRetrans", repeated + 1);
	fact_lasted("kernel SYN-ACK again", since, 990);
	fact_text("client state", "%s", tcp_state(client));
	fact(tcp_sockets(local_port(listener), TCP_SYN_RECV), "server sockets in SYN_RECV");
	fact(accept_queue(listener), "server connections to accept");
	fact_counted("Tcp", "OutRsts", resets);

	for (int i = 0; i <= BACKLOG; i++) {
		must(close(must(accept4(listener, NULL, NULL, SOCK_CLOEXEC))));
		await_hangup(others[i]);
		must(close(others[i]));
	}
	accepted = must(accept4(listener, NULL, NULL, SOCK_CLOEXEC));
	fact(recv(accepted, text, sizeof(text), 0), "server recv");
	set_linger_zero(accepted); /* one packet ends the scene */
	must(close(accepted));
	await_hangup(client);
}

int main(void)
{
	return over_both_families(scene);
}
