/*
 * rst/listener-close-half-open: to a handshake that is not through a closing listener says nothing.
 *
 * The client's SYN is answered, but the answer is lost: the client's socket drops every segment
 * with SYN and lets all else in. So the server has half a connection, with no socket of its own,
 * when the listener is closed. Such a half is forgotten without a word: the client may not even be
 * real. It finds out when its timer, a second later, sends the SYN again: that now meets a closed
 * port, and connect() is ECONNREFUSED.
 *
 * So a client can be refused by a server that was there when it first knocked, after a second of
 * silence. Where a restart must not show, the listening socket outlives it.
 */
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/timers.h"

static void scene(void)
{
	int listener = listen_loopback(1), port = local_port(listener);
	int client = must(socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));

	long since = milliseconds();

	drop_flags(client, TH_SYN);
	fact(connect_to(client, listener), "client connect");
	await_tcp_sockets(port, TCP_SYN_RECV, 1);

	long resets = counted("Tcp", "OutRsts");
	long repeated = net_counter("Tcp", "RetransSegs");

	fact(close(listener), "server close");
	await_hangup(client);
	fact_lasted("client refused", since, 990);
	fact_text("client poll", "%s", poll_mask(await_poll(client, POLLIN | POLLOUT | POLLRDHUP)));
	fact_errno("client SO_ERROR", get_option(client, SOL_SOCKET, SO_ERROR));
	fact_counted("Tcp", "OutRsts", resets);
	fact_text("client SYN again", "%s",
		  net_counter("Tcp", "RetransSegs") > repeated ? "yes" : "no");
}

int main(void)
{
	return over_both_families(scene);
}
