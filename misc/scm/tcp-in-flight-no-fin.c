/*
 * scm/tcp-in-flight-no-fin: a connection that travels between processes shows nothing on the wire.
 *
 * The server's end of a TCP connection is sent over a Unix-domain socket and closed. No descriptor
 * leads to it any more, but the message holds a reference, and close(2) ends a connection with the
 * last one only: no FIN, and what the client sends meanwhile is acknowledged and kept. The receiver
 * reads it, answers, and its close() sends the FIN.
 */
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/scm.h"

int main(void)
{
	int via[2], ends[2], received = -1;
	size_t count = 1;
	char text[16];

	must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, via));
	tcp_pair(ends);

	must_n(send_fds(via[0], "", 1, &ends[SERVER], 1));
	fact(close(ends[SERVER]), "sender close");

	fact(recv(ends[CLIENT], text, 1, MSG_DONTWAIT), "client recv");
	fact(send(ends[CLIENT], "hello", 5, MSG_NOSIGNAL), "client send");
	await_acked(ends[CLIENT]); /* by a kernel in which no process has the other end open */

	must_n(recv_fds(via[1], text, 1, &received, &count, NULL));
	fact(recv(received, text, sizeof(text), 0), "receiver recv");
	fact(send(received, "good day", 8, MSG_NOSIGNAL), "receiver send");
	fact(recv(ends[CLIENT], text, sizeof(text), 0), "client recv");
	fact(recv(ends[CLIENT], text, 1, MSG_DONTWAIT), "client recv");

	fact(close(received), "receiver close");
	fact(recv(ends[CLIENT], text, 1, 0), "client recv");
	must(close(ends[CLIENT]));
	return 0;
}
