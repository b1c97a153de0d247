/*
 * rst/data-to-closed-peer: the first send() to a peer that closed succeeds and draws RST; the
 * second is EPIPE and SIGPIPE.
 *
 * The server closes; for the client that is a FIN, which only says that the server sends no more.
 * So send() may not fail: the bytes are in the kernel, and on the wire. But no descriptor is left
 * that could read them: the server's kernel, which keeps the connection as an orphan in FIN_WAIT2,
 * answers with RST. Only the next send() can tell. Its error is not ECONNRESET, because the FIN
 * came first (rst/close-wait-maps-to-epipe). The FIN is made to be acknowledged at once
 * (TCP_QUICKACK, tcp(7)): otherwise that could travel with the data.
 *
 * So a send() that succeeds is no proof of delivery; only an answer is. And a program that writes
 * to sockets ignores SIGPIPE, which would kill it, or uses MSG_NOSIGNAL, and looks at EPIPE.
 */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/proc.h"

static void scene(void)
{
	int ends[2], reset;
	char byte;

	count_signal(SIGPIPE, 0);
	tcp_pair(ends);

	int server_port = local_port(ends[SERVER]);

	must(close(ends[SERVER]));
	fact(recv(ends[CLIENT], &byte, 1, 0), "client recv");
	set_option(ends[CLIENT], IPPROTO_TCP, TCP_QUICKACK, 1);
	await_tcp_sockets(server_port, TCP_FIN_WAIT1, 0); /* the FIN is acknowledged */
	fact(tcp_sockets(server_port, TCP_FIN_WAIT2), "server sockets in FIN_WAIT2");

	fact(send(ends[CLIENT], "late", 4, 0), "client send");
	do /* ERR is there a moment before HUP */
		reset = await_poll(ends[CLIENT], 0);
	while (!(reset & POLLHUP));
	fact_text("client poll", "%s", poll_mask(reset));
	fact(signals_counted(), "client SIGPIPEs");
	fact(tcp_sockets(server_port, TCP_FIN_WAIT2), "server sockets in FIN_WAIT2");

	fact(send(ends[CLIENT], "late", 4, 0), "client send again");
	fact(signals_counted(), "client SIGPIPEs");
	fact(recv(ends[CLIENT], &byte, 1, 0), "client recv again");
}

int main(void)
{
	return over_both_families(scene);
}
