/*
 * close/half-close-duplex: SHUT_WR ends one direction only; the other lives until it is ended.
 *
 * The client says that it has no more to send, the server reads that as end of file, and goes on
 * sending for as long as it likes. Each of its segments is awaited before the next, so that the
 * order on the wire is the order of calls. When the server closes, too, the handshake is complete,
 * and TIME_WAIT is left on the side that began to close, and there alone. That side's TIME_WAIT
 * has no descriptor any more; it is looked up by its port.
 */
#include <netinet/tcp.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/must.h"
#include "lib/net.h"

int main(void)
{
	int ends[2];
	char reply[1000] = {0};

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
	fact(send(ends[CLIENT], "x", 1, MSG_NOSIGNAL), "client send");

	must(close(ends[SERVER]));
	fact(recv(ends[CLIENT], reply, 1, 0), "client recv after the server's close");
	must(close(ends[CLIENT]));

	await_tcp_sockets(server_port, TCP_LAST_ACK, 0);
	fact(tcp_sockets(server_port, TCP_TIME_WAIT), "server sockets in TIME_WAIT");
	fact(tcp_sockets(client_port, TCP_TIME_WAIT), "client sockets in TIME_WAIT");
	return 0;
}
