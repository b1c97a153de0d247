/*
 * close/fin-with-old-data-no-rst: a FIN that comes with data read long ago is no unread data.
 *
 * The server reads the client's bytes, but its ACK is lost (drop_input), and so is the client's
 * FIN. When the client's retransmission timer expires it sends both anew, in one segment: the old
 * bytes and the FIN. The server closes with that in its receive queue. All data has been read, so
 * that is a FIN, as it is without the loss (close/fin-only-no-rst). Kernels before 6.18, and before
 * late 2025 of the stable series, went by the length of what waits in the queue, took the old bytes
 * for unread ones, and sent RST.
 *
 * However late or early the timer expires, the segment that gets through is the one with the FIN:
 * before it is sent nothing of the server's reaches the client, and after it nothing is lost.
 *
 * So on an older kernel a client whose FIN was lost may be told ECONNRESET after an exchange that
 * both sides had finished. A server avoids it by reading end of file before it closes.
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
	char bytes[5];

	tcp_pair(ends);

	long aborted = net_counter("TcpExt", "TCPAbortOnClose");

	drop_input(ends[CLIENT], true);
	send_all(ends[CLIENT], "hello", 5);
	recv_all(ends[SERVER], bytes, 5);

	drop_input(ends[SERVER], true);
	must(shutdown(ends[CLIENT], SHUT_WR));
	drop_input(ends[SERVER], false);
	await_poll(ends[SERVER], POLLRDHUP);
	drop_input(ends[CLIENT], false);
	must(close(ends[SERVER]));

	fact(recv(ends[CLIENT], bytes, 1, 0), "client recv");
	fact(net_counter("TcpExt", "TCPAbortOnClose") - aborted, "kernel TCPAbortOnClose");
}

int main(void)
{
	return over_both_families(scene);
}
