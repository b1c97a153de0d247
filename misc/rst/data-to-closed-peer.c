/*
 * rst/data-to-closed-peer: the first send() to a peer that closed succeeds and draws RST; the
 * second is EPIPE and SIGPIPE.
 *
 * The server closes; for the client that is a FIN, which only says that the server sends no more.
 * So send() may not fail. But no descriptor is left that could read what it sends: the server's
 * kernel, which keeps the connection as an orphan in FIN_WAIT2, answers with RST. The FIN is made
 * to be acknowledged at once (TCP_QUICKACK, tcp(7)): otherwise that could travel with the data.
 */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/proc.h"

static volatile sig_atomic_t sigpipes;

static void count_sigpipe(int signal)
{
	(void)signal;
	sigpipes++;
}

int main(void)
{
	int ends[2], reset;
	char byte;

	on_signal(SIGPIPE, count_sigpipe, 0);
	tcp_pair(ends);

	int server_port = local_port(ends[SERVER]);

	must(close(ends[SERVER]));
	fact(recv(ends[CLIENT], &byte, 1, 0), "client recv");
	set_option(ends[CLIENT], IPPROTO_TCP, TCP_QUICKACK, 1);
	await_tcp_sockets(server_port, TCP_FIN_WAIT1, 0); /* the FIN is acknowledged */

	fact(send(ends[CLIENT], "late", 4, 0), "client send");
	do /* ERR is there a moment before HUP */
		reset = await_poll(ends[CLIENT], 0);
	while (!(reset & POLLHUP));
	fact_text("client poll", "%s", poll_mask(reset));
	fact(sigpipes, "client SIGPIPEs");

	fact(send(ends[CLIENT], "late", 4, 0), "client send again");
	fact(sigpipes, "client SIGPIPEs");
	fact(recv(ends[CLIENT], &byte, 1, 0), "client recv again");
	return 0;
}
