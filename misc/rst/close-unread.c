/*
 * rst/close-unread: close() with unread input in the receive queue aborts the connection.
 *
 * The client sends, the server sees that it may read, and closes instead. Input that was received
 * and acknowledged, and that no application ever took, is lost with the descriptor; a FIN would
 * tell the client that all had been well. So the kernel sends RST although nobody asked for it, and
 * the client's next recv() fails. close/fin-only-no-rst is the contrast: the same with the input
 * read.
 *
 * So a server that answers "400 Bad Request" and closes with the rest of the request unread may
 * take its own answer back: what was lost of it on the way is not repeated after a RST, and on
 * other systems a RST may erase even what had arrived. Shut down the sending side, read until end
 * of file, with a limit to time and size, then close.
 */
#include <poll.h>
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
	await_poll(ends[SERVER], POLLIN);
	must(close(ends[SERVER])); /* with "hello" unread */

	fact(recv(ends[CLIENT], &byte, 1, 0), "client recv");
	fact(recv(ends[CLIENT], &byte, 1, 0), "client recv again");

	fact_counted("TcpExt", "TCPAbortOnClose", aborted);
	fact_counted("Tcp", "OutRsts", resets);
}

int main(void)
{
	return over_both_families(scene);
}
