/*
 * rst/close-unread-drops-sendq: one unread byte makes close() throw away all unsent output.
 *
 * The server hands a megabyte to its kernel, which takes all of it (the send buffer is made large
 * enough) but can send only what fits into the client's window, for the client does not read yet.
 * One byte of the client's is unread when the server closes. The RST that follows ends the queue as
 * well: the client reads what its own kernel already had, then ECONNRESET. Without that byte all of
 * it would arrive, close/background-delivery shows it.
 *
 * So a single stray newline after a request can cost a client the end of a large answer, and only
 * when the client is slow. A server that closes first shuts down its sending side and reads until
 * end of file; who only tests with small answers never sees the difference.
 */
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"

enum { SIZE = 1 << 20 };
static char data[SIZE];

static void scene(void)
{
	int ends[2];
	long got, sum = 0;

	set_sysctl("net.ipv4.tcp_wmem", "4096 4194304 4194304"); /* of IPv6, too */
	tcp_pair(ends);
	send_all(ends[CLIENT], "\n", 1);
	await_poll(ends[SERVER], POLLIN);

	long aborted = counted("TcpExt", "TCPAbortOnClose");

	fact(send(ends[SERVER], data, SIZE, MSG_DONTWAIT), "server send");
	fact(close(ends[SERVER]), "server close"); /* with the newline unread */
	await_hangup(ends[CLIENT]);

	while ((got = recv(ends[CLIENT], data, SIZE, 0)) > 0)
		sum += got;
	fact(got, "client recv at last");
	fact_text("client received all", "%s", sum == SIZE ? "yes" : "no");
	fact_text("client received some", "%s", sum > 0 ? "yes" : "no");
	fact(recv(ends[CLIENT], data, SIZE, 0), "client recv again");
	fact_counted("TcpExt", "TCPAbortOnClose", aborted);
}

int main(void)
{
	return over_both_families(scene);
}
