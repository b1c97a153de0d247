/*
 * rst/close-unread-in-close-wait: unread input makes close() abort even after the peer's FIN.
 *
 * The client has sent its data and its FIN, all is acknowledged, and the server, in CLOSE_WAIT, has
 * read none of it. As far as TCP goes only the server's FIN is missing; but what the client sent is
 * lost, so close() sends RST. Its state at the client is FIN_WAIT2, where an answer was still
 * expected: recv() is ECONNRESET.
 *
 * So a half close is no protection for the sender: "I have sent all" does not mean "you have read
 * all". A client that must know waits for an answer, and takes end of file for one only where the
 * protocol says so.
 */
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"

static void scene(void)
{
	int ends[2];
	char byte;

	tcp_pair(ends);

	long aborted = counted("TcpExt", "TCPAbortOnClose");
	long resets = counted("Tcp", "OutRsts");

	send_all(ends[CLIENT], "hello", 5);
	must(shutdown(ends[CLIENT], SHUT_WR));
	await_tcp_sockets(local_port(ends[CLIENT]), TCP_FIN_WAIT2, 1);
	fact_text("server state", "%s", tcp_state(ends[SERVER]));
	fact_text("client state", "%s", tcp_state(ends[CLIENT]));
	fact(close(ends[SERVER]), "server close"); /* with "hello" and the FIN unread */

	fact(recv(ends[CLIENT], &byte, 1, 0), "client recv");
	fact(recv(ends[CLIENT], &byte, 1, 0), "client recv again");
	fact_counted("TcpExt", "TCPAbortOnClose", aborted);
	fact_counted("Tcp", "OutRsts", resets);
}

int main(void)
{
	return over_both_families(scene);
}
