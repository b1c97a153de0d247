/*
 * rst/linger-zero-after-shut-wr: a linger time of zero aborts even a connection that is half
 * closed.
 *
 * The server shuts down its sending side in good order: its FIN is acknowledged, it is in
 * FIN_WAIT2 and waits for the client to end, too. Then it closes with a zero linger time, and its
 * kernel, which would have waited on quietly, sends RST. That takes the number after the FIN. The
 * client has read end of file long ago and goes on reading it; that it can send no more shows as
 * ERR and HUP in poll(), and as an error that is EPIPE, for in CLOSE_WAIT nobody waits for the
 * peer's data any more (rst/close-wait-maps-to-epipe).
 *
 * So a client that reads only does not notice: what it read up to end of file was all. But who
 * still sends, to a server that was half closed and then aborts, must look for errors at its
 * sending, not at its reading.
 */
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"

static void scene(void)
{
	int ends[2], revents;
	char byte;

	tcp_pair(ends);

	int server_port = local_port(ends[SERVER]);

	must(shutdown(ends[SERVER], SHUT_WR));
	fact(recv(ends[CLIENT], &byte, 1, 0), "client recv");
	await_tcp_sockets(server_port, TCP_FIN_WAIT2, 1);
	fact_text("server state", "%s", tcp_state(ends[SERVER]));
	revents = await_poll(ends[CLIENT], POLLIN | POLLOUT | POLLRDHUP);
	fact_text("client poll", "%s", poll_mask(revents));

	long aborted = counted("TcpExt", "TCPAbortOnData");

	set_linger_zero(ends[SERVER]);
	fact(close(ends[SERVER]), "server close");
	await_tcp_sockets(local_port(ends[CLIENT]), TCP_CLOSE_WAIT, 0); /* the RST has arrived */
	fact_text("client state", "%s", tcp_state(ends[CLIENT]));

	revents = await_poll(ends[CLIENT], POLLIN | POLLOUT | POLLRDHUP);
	fact_text("client poll", "%s", poll_mask(revents));
	fact(recv(ends[CLIENT], &byte, 1, 0), "client recv");
	fact_errno("client SO_ERROR", get_option(ends[CLIENT], SOL_SOCKET, SO_ERROR));
	fact_errno("client SO_ERROR", get_option(ends[CLIENT], SOL_SOCKET, SO_ERROR));
	fact(recv(ends[CLIENT], &byte, 1, 0), "client recv");
	fact_counted("TcpExt", "TCPAbortOnData", aborted);
}

int main(void)
{
	return over_both_families(scene);
}
