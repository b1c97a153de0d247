/*
 * close/fin-with-old-data-no-rst: a FIN that comes with data read long ago is no unread data.
 *
 * The server reads the client's bytes, but its ACK is lost (drop_input), and so is the client's
 * FIN. When the client's retransmission timer expires it sends both anew, in one segment: the old
 * bytes and the FIN. The server closes with that in its receive queue. All data has been read, so
 * that is a FIN, as it is without the loss (close/fin-only-no-rst).
 *
 * However late or early the timer expires, the segment that gets through is the one with the FIN:
 * before it is sent nothing of the server's reaches the client, and after it nothing is lost.
 */
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/must.h"
#include "lib/net.h"

int main(void)
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
	return 0;
}
