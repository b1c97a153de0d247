/*
 * scm/tcp-in-flight-no-fin: a connection that travels between processes shows nothing on the wire.
 *
 * The server's end of a TCP connection is sent over a Unix-domain socket and closed. No descriptor
 * leads to it any more, but the message holds a reference, and close() ends a connection only with
 * the last one: no FIN. In flight the connection is alive: what the client sends meanwhile is
 * acknowledged and kept. The receiver reads it and answers, the first the client hears of the
 * change, and its close() sends the FIN.
 *
 * So a dispatcher closes its copy as soon as sendmsg() has returned, and need not ask whether the
 * worker has it yet. The reverse is the trap: as long as any process has a copy, close() in the one
 * that serves does not end the connection, and the client waits for an end that does not come.
 * Close every copy, or use shutdown(), which acts on the connection and not on a reference.
 */
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/scm.h"

static void scene(void)
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
}

int main(void)
{
	return over_both_families(scene);
}
