/*
 * rst/linger-zero-close: SO_LINGER {1, 0}, then close(), aborts the connection.
 *
 * A FIN is a promise that everything before it was sent; a RST promises nothing. A linger time of
 * zero says that nothing is to be waited for, so the kernel throws the send queue away and sends
 * RST in place of FIN. A closing handshake would let the client read end of file (0); an abort
 * makes its first recv() fail, and only the first. Who closes first in a handshake is left with a
 * TIME_WAIT entry once the other has closed, too; an abort leaves none to either. The counters tell
 * the same from the kernel's side.
 *
 * So people set it to be rid of TIME_WAIT, and pay with answers that arrive broken: the peer cannot
 * tell a finished one from an unfinished one, and bytes that were still queued never come. Keep it
 * for connections that have gone wrong, and meet TIME_WAIT with SO_REUSEADDR.
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

	long aborted = counted("TcpExt", "TCPAbortOnData");
	long resets = counted("Tcp", "OutRsts");

	set_linger_zero(ends[SERVER]);
	must(close(ends[SERVER])); /* this is what sends RST */

	fact(recv(ends[CLIENT], &byte, 1, 0), "client recv");
	fact(recv(ends[CLIENT], &byte, 1, 0), "client recv again");

	fact_counted("TcpExt", "TCPAbortOnData", aborted);
	fact_counted("Tcp", "OutRsts", resets);

	must(close(ends[CLIENT]));
	fact(tcp_sockets(0, TCP_TIME_WAIT), "kernel sockets in TIME_WAIT");
}

int main(void)
{
	return over_both_families(scene);
}
