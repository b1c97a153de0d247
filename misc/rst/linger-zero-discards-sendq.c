/*
 * rst/linger-zero-discards-sendq: close() with a zero linger time discards what was not sent yet.
 *
 * The server hands 100000 bytes to its kernel. Ten segments, the initial congestion window, leave
 * at once; no acknowledgement of the client's is let in, so the others have to wait. Then close()
 * aborts: it waits for nobody, the queue is thrown away, and the RST has the number after the last
 * byte that was sent. The client reads those ten segments, for its kernel had them before, then
 * ECONNRESET. The segment size is pinned, so that it is the same over IPv6.
 *
 * So SO_LINGER {1, 0} on a connection that is in use cuts off the end of the last answer, and only
 * when the peer or the network is slow; on a fast network it seems to work.
 */
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"

enum { SIZE = 100000, MSS = 1000 };
static char data[SIZE];

static void scene(void)
{
	set_sysctl("net.ipv4.tcp_wmem", "4096 4194304 4194304"); /* of IPv6, too: room for all */

	int listener = listen_loopback(1), unacked = 0;
	int client = must(socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));

	set_option(client, IPPROTO_TCP, TCP_MAXSEG, MSS);
	must(connect_to(client, listener));

	int server = must(accept4(listener, NULL, NULL, SOCK_CLOEXEC));
	long aborted = counted("TcpExt", "TCPAbortOnData");
	long resets = counted("Tcp", "OutRsts");
	long got, sum = 0;

	set_linger_zero(server);
	drop_input(server, true);
	fact(send(server, data, SIZE, MSG_DONTWAIT), "server send");
	must(ioctl(server, SIOCOUTQ, &unacked));
	fact(unacked, "server SIOCOUTQ");
	fact(close(server), "server close");

	while ((got = recv(client, data, SIZE, 0)) > 0)
		sum += got;
	fact(sum, "client recv in all");
	fact(got, "client recv at last");
	fact(recv(client, data, SIZE, 0), "client recv again");
	fact_counted("TcpExt", "TCPAbortOnData", aborted);
	fact_counted("Tcp", "OutRsts", resets);
}

int main(void)
{
	return over_both_families(scene);
}
