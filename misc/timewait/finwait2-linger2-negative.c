/*
 * timewait/finwait2-linger2-negative: TCP_LINGER2 below 0 makes RST of what would be FIN_WAIT2.
 *
 * The option sets how long a socket waits in FIN_WAIT2 when it is an orphan; a negative time means
 * that it shall not wait at all. When the kernel learns that its FIN was acknowledged, which is
 * where FIN_WAIT2 begins, it answers that ACK by RST. A socket that is in FIN_WAIT2 already when it
 * is closed, because shutdown() came first, sends RST at once, and no second FIN. The peer read the
 * end of the stream before: it sees a good end, and then that it cannot write any more.
 *
 * So this is SO_LINGER with zero for who wants the data delivered: nothing that was sent is lost,
 * yet no connection is left to wait for. What the peer would still say is cut off.
 */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"

static void end(const char *how, bool first_shutdown)
{
	int ends[2];
	char data[8];

	tcp_pair(ends);
	set_option(ends[CLIENT], IPPROTO_TCP, TCP_LINGER2, -1);

	int port = local_port(ends[CLIENT]);
	long on_data = counted("TcpExt", "TCPAbortOnData");
	long on_linger = counted("TcpExt", "TCPAbortOnLinger");

	send_all(ends[CLIENT], "hello", 5);
	if (first_shutdown) {
		must(shutdown(ends[CLIENT], SHUT_WR));
		await_tcp_sockets(port, TCP_FIN_WAIT2, 1);
	}
	fact(close(ends[CLIENT]), "%s, client close", how);
	await_poll(ends[SERVER], 0); /* for HUP or ERR: the RST */
	fact(tcp_sockets(port, TCP_FIN_WAIT2), "client sockets in FIN_WAIT2");
	fact_counted("TcpExt", "TCPAbortOnData", on_data);
	fact_counted("TcpExt", "TCPAbortOnLinger", on_linger);
	fact(recv(ends[SERVER], data, sizeof(data), 0), "server recv");
	fact(recv(ends[SERVER], data, sizeof(data), 0), "server recv again");
	fact(send(ends[SERVER], "x", 1, MSG_NOSIGNAL), "server send");
	must(close(ends[SERVER]));
}

static void scene(void)
{
	end("in ESTABLISHED", false);
	end("in FIN_WAIT2", true);
}

int main(void)
{
	need_orphans_told();
	return over_both_families(scene);
}
