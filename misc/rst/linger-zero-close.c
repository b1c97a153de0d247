/*
 * rst/linger-zero-close: SO_LINGER {1, 0}, then close(), aborts the connection.
 *
 * The server accepts, sets the zero linger time and closes. A closing handshake would let the
 * client read an end of file (0); an abort makes its first recv() fail, and only the first.
 * The counters tell the same from the kernel's side. Whoever closes first in a handshake is left
 * with a TIME_WAIT entry once the other has closed, too; an abort leaves none to either.
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
	return 0;
}
