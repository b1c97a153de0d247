/*
 * close/fin-only-no-rst: close() with nothing but a FIN unread sends FIN, not RST.
 *
 * The client sends and says that it has no more; the server reads the bytes, waits until the FIN
 * has arrived, and closes without ever reading the end of file. A FIN takes up a sequence number
 * and waits in the receive queue like a byte, but it is nothing an application could lose, so the
 * connection ends in good order and the client reads 0. rst/close-unread is the contrast: the bytes
 * unread, too.
 *
 * So a server that has read a whole request may close without reading the end of file as well. But
 * what counts is what has arrived: a byte that comes between the last read and close() makes it a
 * RST after all. A server whose client may still send reads until end of file.
 */
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"

static void scene(void)
{
	int ends[2];
	char bytes[5];

	tcp_pair(ends);

	long aborted = counted("TcpExt", "TCPAbortOnClose");
	long resets = counted("Tcp", "OutRsts");

	send_all(ends[CLIENT], "hello", 5);
	recv_all(ends[SERVER], bytes, 5);
	must(shutdown(ends[CLIENT], SHUT_WR));
	await_hangup(ends[SERVER]);
	must(close(ends[SERVER])); /* with the FIN unread */

	fact(recv(ends[CLIENT], bytes, 1, 0), "client recv");

	fact_counted("TcpExt", "TCPAbortOnClose", aborted);
	fact_counted("Tcp", "OutRsts", resets);
}

int main(void)
{
	return over_both_families(scene);
}
