/*
 * close/shut-rd-is-local: shutdown(SHUT_RD) tells the peer nothing, and does not stop it.
 *
 * TCP has no way to say "I read no more", so not a segment is sent. The server's own recv() is end
 * of file from now on, and poll() says readable. But bytes that come later are acknowledged, as if
 * nothing had been said, and on Linux even read; then it is end of file again. Closed with such
 * bytes unread, the connection is reset as any other (rst/close-unread).
 *
 * So SHUT_RD is no protection against a peer that goes on sending, and no way to discard its data.
 * It is of use within a program: it wakes a thread that blocks in recv(), with 0.
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
	int ends[2], revents;
	char text[8];

	tcp_pair(ends);

	long sent = counted("Tcp", "OutSegs");

	fact(shutdown(ends[SERVER], SHUT_RD), "server shutdown(SHUT_RD)");
	fact(recv(ends[SERVER], text, sizeof(text), 0), "server recv");
	revents = await_poll(ends[SERVER], POLLIN | POLLOUT | POLLRDHUP);
	fact_text("server poll", "%s", poll_mask(revents));
	fact_counted("Tcp", "OutSegs", sent);
	fact_text("client state", "%s", tcp_state(ends[CLIENT]));

	fact(send(ends[CLIENT], "hello", 5, 0), "client send");
	if (!await_acked(ends[CLIENT]))
		impossible("no SIOCOUTQ to tell when the bytes have arrived");
	fact(recv(ends[SERVER], text, sizeof(text), 0), "server recv");
	fact(recv(ends[SERVER], text, sizeof(text), 0), "server recv");

	fact(send(ends[CLIENT], "more", 4, 0), "client send");
	await_acked(ends[CLIENT]);
	fact(close(ends[SERVER]), "server close"); /* with "more" unread */
	fact(recv(ends[CLIENT], text, 1, 0), "client recv");
	fact(recv(ends[CLIENT], text, 1, 0), "client recv");
}

int main(void)
{
	return over_both_families(scene);
}
