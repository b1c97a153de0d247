/*
 * rst/close-unread: close() with unread input in the receive queue aborts the connection.
 *
 * The client sends, the server sees that it may read, and closes instead. Input that an
 * application never took is lost, and a FIN would tell the client that all had been well; so the
 * kernel sends RST, and the client's next recv() fails. close/fin-only-no-rst is the contrast:
 * the same scene with the input read.
 */
#include <poll.h>
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

	long aborted = counted("TcpExt", "TCPAbortOnClose");
	long resets = counted("Tcp", "OutRsts");

	send_all(ends[CLIENT], "hello", 5);
	await_poll(ends[SERVER], POLLIN);
	must(close(ends[SERVER])); /* with "hello" unread */

	fact(recv(ends[CLIENT], &byte, 1, 0), "client recv");
	fact(recv(ends[CLIENT], &byte, 1, 0), "client recv again");

	fact_counted("TcpExt", "TCPAbortOnClose", aborted);
	fact_counted("Tcp", "OutRsts", resets);
	return 0;
}
