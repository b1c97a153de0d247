/*
 * timeout/user-zero-window: TCP_USER_TIMEOUT ends a connection whose peer lives, but does not read.
 *
 * The server does not read until its buffer is full and its kernel announces a window of zero. The
 * client's kernel asks again and again whether it has opened (segment/window-zero-window-probe),
 * and each probe is answered: so without the option the connection may stay like that forever. With
 * it the client gives up after that time, as if nobody had answered. Two connections in the same
 * state wait side by side; only the one with the option ends.
 *
 * So the option limits how long a peer may stand still, too. For a server this is the cheap cure
 * for clients that ask for much and read nothing; for a client whose server is slow by design it is
 * a trap: choose it longer than the longest pause of the reader.
 */
#include <errno.h>
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

/* A connection that the server, who never reads, has brought to a standstill. */
static void stand_still(int ends[2], int user_timeout)
{
	char data[4096] = "";

	tcp_pair_of_mss(512, ends);
	set_option(ends[CLIENT], IPPROTO_TCP, TCP_USER_TIMEOUT, user_timeout);
	set_nonblocking(ends[CLIENT], true);
	while (send(ends[CLIENT], data, sizeof(data), 0) > 0 || tcp_counts(ends[CLIENT]).window > 0)
		nap();
	set_nonblocking(ends[CLIENT], false);
}

static void scene(void)
{
	int patient[2], impatient[2];
	char byte;

	set_sysctl("net.ipv4.tcp_rmem", "4096 4096 4096");
	set_sysctl("net.ipv4.tcp_wmem", "4096 65536 65536");
	stand_still(patient, 0);

	long since = milliseconds();

	stand_still(impatient, 1500);

	long aborts = counted("TcpExt", "TCPAbortOnTimeout"), resets = counted("Tcp", "OutRsts");
	struct counts before = tcp_counts(impatient[CLIENT]);
	fact(recv(impatient[CLIENT], &byte, 1, 0), "with TCP_USER_TIMEOUT, client recv");
	fact_lasted("client recv", since, 1480);
	fact_counted("TcpExt", "TCPAbortOnTimeout", aborts);
	fact_counted("Tcp", "OutRsts", resets);
	fact_text("probes answered", "%s",
		  tcp_counts(impatient[CLIENT]).segments_in > before.segments_in ? "yes" : "no");
	fact_text("without it, client state", "%s", tcp_state(patient[CLIENT]));
	set_linger_zero(patient[SERVER]);
	must(close(patient[SERVER]));
	set_linger_zero(impatient[SERVER]);
	must(close(impatient[SERVER]));
}

int main(void)
{
	return over_both_families(scene);
}
