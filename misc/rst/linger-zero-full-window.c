/*
 * rst/linger-zero-full-window: a RST that comes after lost data is believed at the second try, or
 * has the number of what is missing.
 *
 * The server sends ten segments, which is the initial congestion window. The client's kernel has
 * promised room for them, but its buffer was made small since: it drops most of them, and nothing
 * repeats them so soon (timers.h). Then the server aborts.
 * Kernels before 6.6 number that RST after the last byte sent. For the client that is in the window
 * but not next (RFC 5961 3.2): it asks with an ACK, and only the answer, for by now there is no
 * connection any more, has the right number. Since 6.6 a receiver without memory says at once that
 * its window is zero, and the RST, which is not to be sent beyond the window, has the right number
 * the first time. The client reads what its kernel had, then ECONNRESET, in both cases.
 *
 * So a reset, too, can need a round trip when a connection is overloaded; and a second RST in a
 * capture, from a host where nothing is left, is no attack.
 */
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/info.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/proc.h"
#include "lib/timers.h"

enum { MSS = 1000, SIZE = 10 * (MSS - 12) }; /* each has 12 bytes of options */
static char data[SIZE];

/* How many segments one end has sent, and the other has not received. */
static long on_the_way(int from, int to)
{
	return tcp_counts(from).segments_out - tcp_counts(to).segments_in;
}

static void scene(void)
{
	int listener = listen_loopback(1), held = 0;
	int client = must(socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));

	tcp_timers_at_least(60);
	set_option(client, IPPROTO_TCP, TCP_MAXSEG, MSS);
	must(connect_to(client, listener));

	int server = must(accept4(listener, NULL, NULL, SOCK_CLOEXEC));
	long there = on_the_way(server, client), back = on_the_way(client, server);
	long dropped = net_counter("TcpExt", "TCPRcvQDrop");
	long resets = net_counter("Tcp", "OutRsts"),
	     asked = net_counter("TcpExt", "TCPChallengeACK");
	long got, sum = 0;

	set_option(client, SOL_SOCKET, SO_RCVBUF, 1); /* the least there is */
	set_linger_zero(server);
	send_all(server, data, SIZE);
	while (on_the_way(server, client) != there || on_the_way(client, server) != back)
		nap();
	fact(tcp_counts(server).data_out, "server segments sent");
	fact_text("client dropped some", "%s",
		  net_counter("TcpExt", "TCPRcvQDrop") > dropped ? "yes" : "no");
	must(ioctl(client, SIOCINQ, &held));
	fact(close(server), "server close");
	await_hangup(client);

	while ((got = recv(client, data, SIZE, 0)) > 0)
		sum += got;
	fact_text("client received", "%s", sum == held ? "what its kernel had" : "something else");
	fact(got, "client recv at last");
	fact(recv(client, data, SIZE, 0), "client recv again");
	fact(net_counter("TcpExt", "TCPChallengeACK") - asked, "kernel TCPChallengeACK");
	fact(net_counter("Tcp", "OutRsts") - resets, "kernel OutRsts");
}

int main(void)
{
	return over_both_families(scene);
}
