/*
 * timeout/keepalive-dead-peer: keepalive finds a silent peer, and ends the connection with RST.
 *
 * TCP says nothing while nobody writes, and so cannot tell a peer that has nothing to say from one
 * whose machine was switched off. With SO_KEEPALIVE the kernel asks: after TCP_KEEPIDLE seconds it
 * sends a segment without data that repeats the last sequence number, which any living peer answers
 * by an ACK; then one more every TCP_KEEPINTVL. When TCP_KEEPCNT of them met silence it gives up:
 * RST for the case that somebody hears it, ETIMEDOUT for the socket. Here the server's socket drops
 * what it receives; all three options are 1, 1 and 2, so that it takes three seconds.
 *
 * So a server that waits for clients sets SO_KEEPALIVE, or has a timeout of its own, because
 * otherwise it keeps the connections of vanished clients forever; and as the defaults make it two
 * hours, it sets the three numbers, too.
 */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/timers.h"

static void scene(void)
{
	int ends[2];
	char byte;

	tcp_pair(ends);
	set_option(ends[CLIENT], IPPROTO_TCP, TCP_KEEPIDLE, 1);
	set_option(ends[CLIENT], IPPROTO_TCP, TCP_KEEPINTVL, 1);
	set_option(ends[CLIENT], IPPROTO_TCP, TCP_KEEPCNT, 2);
	drop_input(ends[SERVER], true);

	long resets = counted("Tcp", "OutRsts"), probes = counted("TcpExt", "TCPKeepAlive");
	long since = milliseconds();

	set_option(ends[CLIENT], SOL_SOCKET, SO_KEEPALIVE, 1);
	fact(recv(ends[CLIENT], &byte, 1, 0), "client recv");
	fact_lasted("client recv", since, 2900);
	fact(recv(ends[CLIENT], &byte, 1, 0), "client recv again");
	fact(send(ends[CLIENT], "x", 1, MSG_NOSIGNAL), "client send");
	fact_counted("TcpExt", "TCPKeepAlive", probes);
	fact_counted("Tcp", "OutRsts", resets);
	fact_text("server state", "%s", tcp_state(ends[SERVER]));

	set_linger_zero(ends[SERVER]);
	must(close(ends[SERVER]));
	must(close(ends[CLIENT]));
}

int main(void)
{
	return over_both_families(scene);
}
