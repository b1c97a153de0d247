/*
 * timeout/user-unacked-data: TCP_USER_TIMEOUT ends a connection whose data nobody acknowledges.
 *
 * The server's socket drops what it receives, as a machine does that was switched off. The client's
 * kernel repeats the data at growing intervals, which by default goes on for about a quarter of an
 * hour (tcp_retries2). TCP_USER_TIMEOUT puts an end to it: where the data would be repeated the
 * next time the kernel sees that it has waited for longer. Nobody is told: no RST is sent, for
 * nothing says that it would arrive. The next call reads ETIMEDOUT.
 *
 * The option is set when the data was repeated twice, and to less than that took. Set before, it
 * also moves the last timer to the moment when the time is up, where a tick decides whether there
 * is one repetition more.
 *
 * So a client that must notice a dead server within seconds sets TCP_USER_TIMEOUT. send() does not
 * tell: it succeeded when the data was in the buffer. Who only waits for an answer, with nothing
 * unacknowledged, needs keepalive besides.
 */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/info.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/proc.h"
#include "lib/timers.h"

static void scene(void)
{
	int ends[2];
	char byte;

	tcp_pair(ends);
	drop_input(ends[SERVER], true);

	long resets = counted("Tcp", "OutRsts"), aborts = counted("TcpExt", "TCPAbortOnTimeout");
	long since = milliseconds();

	fact(send(ends[CLIENT], "0123456789", 10, 0), "client send");
	while (tcp_counts(ends[CLIENT]).repeated < 2)
		nap();
	set_option(ends[CLIENT], IPPROTO_TCP, TCP_USER_TIMEOUT, 100);
	fact(recv(ends[CLIENT], &byte, 1, 0), "client recv");
	fact_lasted("client recv", since, 1200);
	fact(recv(ends[CLIENT], &byte, 1, 0), "client recv again");
	fact(send(ends[CLIENT], "x", 1, MSG_NOSIGNAL), "client send");
	fact(tcp_counts(ends[CLIENT]).repeated, "client repeated its data");
	fact_counted("TcpExt", "TCPAbortOnTimeout", aborts);
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
