/*
 * close/shutdown-wr-unread-fin: shutdown(SHUT_WR) sends FIN whatever is unread.
 *
 * The client's bytes wait unread at the server, which ends its own direction. Nothing is lost by
 * that, for the descriptor is still there: the kernel sends FIN, the client reads end of file, and
 * the server reads what waits, and what the client sends afterwards. When both have ended and all
 * is read nobody has sent a RST. rst/close-unread is the same with close().
 *
 * So this is how to refuse a request in good order: answer, shutdown(SHUT_WR), read and throw away
 * until end of file, with a limit to time and size, and close() only then.
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
	char text[8];

	tcp_pair(ends);

	long resets = counted("Tcp", "OutRsts");

	send_all(ends[CLIENT], "hello", 5);
	await_poll(ends[SERVER], POLLIN);
	fact(shutdown(ends[SERVER], SHUT_WR), "server shutdown(SHUT_WR)");
	fact(recv(ends[CLIENT], text, 1, 0), "client recv");

	fact(recv(ends[SERVER], text, sizeof(text), 0), "server recv");
	fact(send(ends[CLIENT], "more", 4, 0), "client send");
	fact(recv(ends[SERVER], text, sizeof(text), 0), "server recv");
	must(close(ends[CLIENT]));
	fact(recv(ends[SERVER], text, sizeof(text), 0), "server recv");
	must(close(ends[SERVER]));
	fact_counted("Tcp", "OutRsts", resets);
}

int main(void)
{
	return over_both_families(scene);
}
