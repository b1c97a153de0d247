/*
 * timewait/finwait2-orphan-timeout: an orphan waits tcp_fin_timeout for the peer's FIN, no longer.
 *
 * After close() there is nobody who could read, and the kernel waits for the end of the other
 * direction only so that the connection ends in good order. A peer that does not close, by mistake
 * or malice, must not keep that forever: net.ipv4.tcp_fin_timeout, here one second, limits it. What
 * the peer sends later meets a closed port and draws RST. shutdown() leaves the same state on the
 * wire, but a descriptor, too, and somebody who may still read: that FIN_WAIT2 has no timer at all
 * and is still open when the orphan is gone.
 *
 * So close() is enough for who wants to be rid of a peer. Whoever calls shutdown() to read the rest
 * needs a timeout of their own: the kernel has none, and TCP_USER_TIMEOUT does not see this either,
 * since nothing that was sent is unacknowledged.
 */
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/timers.h"

static void scene(void)
{
	int orphan[2], held[2];
	char byte;

	set_sysctl("net.ipv4.tcp_fin_timeout", "1");
	tcp_pair(orphan);
	tcp_pair(held);
	set_nonblocking(held[CLIENT], true);

	int port = local_port(orphan[CLIENT]);
	long resets = counted("Tcp", "OutRsts"), since = milliseconds();

	must(shutdown(held[CLIENT], SHUT_WR));
	await_hangup(held[SERVER]);
	close_in_fin_wait2(orphan[CLIENT]);
	await_hangup(orphan[SERVER]);
	await_tcp_sockets(port, TCP_FIN_WAIT1, 0);
	await_tcp_sockets(port, TCP_FIN_WAIT2, 0);
	fact_lasted("orphan in FIN_WAIT2", since, 900);
	fact(tcp_sockets(port, TCP_TIME_WAIT), "orphans in TIME_WAIT");
	fact_text("server state", "%s", tcp_state(orphan[SERVER]));
	fact(send(orphan[SERVER], "x", 1, MSG_NOSIGNAL), "server send to the orphan");
	await_poll(orphan[SERVER], 0);
	fact_errno("server SO_ERROR", get_option(orphan[SERVER], SOL_SOCKET, SO_ERROR));
	fact_counted("Tcp", "OutRsts", resets);

	fact_text("client that did shutdown, state", "%s", tcp_state(held[CLIENT]));
	fact(recv(held[CLIENT], &byte, 1, 0), "its recv");
	send_all(held[SERVER], "x", 1);
	await_poll(held[CLIENT], POLLIN);
	fact(recv(held[CLIENT], &byte, 1, 0), "its recv of what the server sent");

	must(close(orphan[SERVER]));
	must(close(held[SERVER]));
	await_hangup(held[CLIENT]);
}

int main(void)
{
	return over_both_families(scene);
}
