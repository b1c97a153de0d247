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
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/info.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/timers.h"

/* A connection that the server, whose buffer two segments fill, has brought to a standstill. */
static void stand_still(int listener, int ends[2], int user_timeout)
{
	char data[494] = ""; /* no segment is longer than half of the largest window */

	ends[CLIENT] = connect_loopback(listener);
	ends[SERVER] = must(accept4(listener, NULL, NULL, SOCK_CLOEXEC));
	set_option(ends[CLIENT], IPPROTO_TCP, TCP_USER_TIMEOUT, user_timeout);
	for (int i = 0; i < 2; i++) {
		send_all(ends[CLIENT], data, sizeof(data));
		await_acked(ends[CLIENT]);
	}
	fact(tcp_counts(ends[CLIENT]).window, "window");
	send_all(ends[CLIENT], data, sizeof(data)); /* not sent */
}

static void scene(void)
{
	int listener = listen_loopback(1), patient[2], impatient[2];
	char byte;

	set_option(listener, IPPROTO_TCP, TCP_MAXSEG, 1000);
	set_option(listener, SOL_SOCKET, SO_RCVBUF, 1); /* the least there is */
	stand_still(listener, patient, 0);

	long since = milliseconds();

	stand_still(listener, impatient, 1500);

	long aborts = counted("TcpExt", "TCPAbortOnTimeout"), resets = counted("Tcp", "OutRsts");
	struct counts before = tcp_counts(impatient[CLIENT]);
	fact(recv(impatient[CLIENT], &byte, 1, 0), "with TCP_USER_TIMEOUT, client recv");
	fact_lasted("client recv", since, 1400);
	fact_counted("TcpExt", "TCPAbortOnTimeout", aborts);
	fact_counted("Tcp", "OutRsts", resets);
	fact_text("probes answered", "%s",
		  tcp_counts(impatient[CLIENT]).segments_in > before.segments_in ? "yes" : "no");
	fact_text("without it, client state", "%s", tcp_state(patient[CLIENT]));
	set_linger_zero(patient[SERVER]);
	must(close(patient[SERVER]));
	await_hangup(patient[CLIENT]);
	set_linger_zero(impatient[SERVER]);
	must(close(impatient[SERVER]));
}

int main(void)
{
	return over_both_families(scene);
}
