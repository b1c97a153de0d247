/*
 * close/half-close-duplex: SHUT_WR ends one direction only; the other lives until it is ended.
 *
 * The client says that it has no more to send, the server reads that as end of file, and goes on
 * sending for as long as it likes: the client is in FIN_WAIT2, the server in CLOSE_WAIT, and both
 * may stay there. A send of the client's own is EPIPE from then on, with SIGPIPE. Each of the
 * server's segments is awaited before the next, so that the order on the wire is the order of
 * calls. When the server closes, too, the handshake is complete, and TIME_WAIT is left on the side
 * that began to close, and there alone: the other has nothing to wait for once its FIN is
 * acknowledged. TIME_WAIT has no descriptor any more; it is looked up by its port.
 *
 * So a client can say "that was my request" without a length or a mark, as `nc -N host port <file`
 * does. A server lets its clients close first, and leaves TIME_WAIT to them. And where sockets pile
 * up in CLOSE_WAIT, somebody read end of file and forgot to close.
 */
#include <netinet/tcp.h>
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
	int ends[2];
	char reply[1000] = {0};

	count_signal(SIGPIPE, 0);
	tcp_pair(ends);

	int client_port = local_port(ends[CLIENT]), server_port = local_port(ends[SERVER]);

	must(shutdown(ends[CLIENT], SHUT_WR));
	fact(recv(ends[SERVER], reply, 1, 0), "server recv");
	for (int i = 1; i <= 3; i++) {
		send_all(ends[SERVER], reply, sizeof(reply));
		fact(recv(ends[CLIENT], reply, sizeof(reply), MSG_WAITALL), "client recv %d", i);
	}
	fact_text("client state", "%s", tcp_state(ends[CLIENT]));
	fact_text("server state", "%s", tcp_state(ends[SERVER]));
	fact(send(ends[CLIENT], "x", 1, 0), "client send");
	fact(signals_counted(), "client SIGPIPEs");

	must(close(ends[SERVER]));
	fact(recv(ends[CLIENT], reply, 1, 0), "client recv after the server's close");
	must(close(ends[CLIENT]));

	await_tcp_sockets(server_port, TCP_LAST_ACK, 0);
	fact(tcp_sockets(server_port, TCP_TIME_WAIT), "server sockets in TIME_WAIT");
	fact(tcp_sockets(client_port, TCP_TIME_WAIT), "client sockets in TIME_WAIT");
}

int main(void)
{
	return over_both_families(scene);
}
