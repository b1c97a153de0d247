/*
 * rst/close-unread-reply-still-readable: an answer sent before the RST can still be read after it.
 *
 * Two bytes come in, the server reads one, answers, and closes: one unread byte is enough for RST.
 * The RST has reached the client before it reads. Linux keeps what had arrived before: the answer
 * can be read, then ECONNRESET follows, once, then end of file. RFC 9293 would have allowed to
 * flush the queue, and other systems do.
 *
 * So a client should read whatever there is before it gives up on a connection: an error of send()
 * may mean that the reason for it, "413 Request Entity Too Large", waits in the receive queue. And
 * a server must not rely on that: it reads what the client sends until end of file before it
 * closes.
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
	char text[8] = "";

	tcp_pair(ends);
	send_all(ends[CLIENT], "ab", 2);
	recv_all(ends[SERVER], text, 1);

	long resets = counted("Tcp", "OutRsts");

	fact(send(ends[SERVER], "sorry", 5, 0), "server send");
	fact(close(ends[SERVER]), "server close"); /* with "b" unread */
	fact_text("client poll", "%s", poll_mask(await_hangup(ends[CLIENT])));

	fact(recv(ends[CLIENT], text, sizeof(text), 0), "client recv");
	fact_text("client has", "%.5s", text);
	fact(recv(ends[CLIENT], text, sizeof(text), 0), "client recv");
	fact(recv(ends[CLIENT], text, sizeof(text), 0), "client recv");
	fact_counted("Tcp", "OutRsts", resets);
}

int main(void)
{
	return over_both_families(scene);
}
