/*
 * backlog/defer-hidden-until-data: with TCP_DEFER_ACCEPT nobody is told of a client that says
 * nothing.
 *
 * The client's ACK ends the handshake as far as the client can see: it is ESTABLISHED. A listener
 * with TCP_DEFER_ACCEPT drops that ACK, which a counter tells, and keeps the half-open entry: the
 * connection is in SYN_RECV, stands in no queue and wakes nobody. The first segment that brings
 * something ends the handshake in its place, and then there is a connection to accept whose first
 * recv() does not wait. A FIN is something, too: of a client that leaves without a word the server
 * hears at once.
 *
 * So a server whose clients speak first is woken once a request instead of once for a connection
 * and once for its data, and idle connections cost it no descriptor. With a protocol in which the
 * server speaks first it only makes clients wait (backlog/defer-timeout-accepts).
 */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"

enum { FOREVER = 100 /* s: longer than anybody waits for this scene */ };

/* Connect, and wait until the client's ACK has come and was dropped. */
static int connect_unseen(const char *name, int listener)
{
	struct pollfd entry = {.fd = listener, .events = POLLIN};
	long dropped = net_counter("TcpExt", "TCPDeferAcceptDrop");
	int client = connect_loopback(listener);

	await_net_counter("TcpExt", "TCPDeferAcceptDrop", dropped + 1);
	fact_text(name, "%s", tcp_state(client));
	fact(tcp_sockets(local_port(listener), TCP_SYN_RECV), "server sockets in SYN_RECV");
	fact(accept_queue(listener), "listener queue");
	must(poll(&entry, 1, 0));
	fact_text("listener poll", "%s", poll_mask(entry.revents));
	return client;
}

static void accept_it(int listener, int client)
{
	char text[8];
	int fd;

	fact_text("listener poll", "%s", poll_mask(await_poll(listener, POLLIN)));
	fd = must(accept4(listener, NULL, NULL, SOCK_CLOEXEC));
	fact(recv(fd, text, sizeof(text), MSG_DONTWAIT), "server recv");
	set_linger_zero(fd); /* one packet ends the connection */
	must(close(fd));
	await_hangup(client);
	must(close(client));
}

static void scene(void)
{
	int listener = listen_loopback(1), client;

	set_option(listener, IPPROTO_TCP, TCP_DEFER_ACCEPT, FOREVER);
	client = connect_unseen("client 1 state", listener);
	fact(send(client, "hello", 5, 0), "client 1 send");
	accept_it(listener, client);

	client = connect_unseen("client 2 state", listener);
	fact(shutdown(client, SHUT_WR), "client 2 shutdown");
	accept_it(listener, client);
}

int main(void)
{
	return over_both_families(scene);
}
