/*
 * timeout/syn-user-timeout: TCP_USER_TIMEOUT ends connect() when it says, whatever TCP_SYNCNT is.
 *
 * The listener's socket drops what it receives, so that SYNs vanish, and the count of repetitions
 * (TCP_SYNCNT) would allow two minutes. How many SYNs fit into the 1.5 s is not claimed: the last
 * timer is cut to the rest of the time, and may go off a tick before it is over, to send once more.
 *
 * So use TCP_USER_TIMEOUT to limit connect(), which is a time and needs no table, or make the
 * socket non-blocking and wait with poll().
 */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/timers.h"

static void scene(void)
{
	int listener = listen_loopback(1);
	int client = must(socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));
	long since = milliseconds();

	drop_input(listener, true);
	set_option(client, IPPROTO_TCP, TCP_SYNCNT, 6);
	set_option(client, IPPROTO_TCP, TCP_USER_TIMEOUT, 1500);
	fact(connect_to(client, listener), "client connect");
	fact_lasted("TCP_USER_TIMEOUT 1500 ms", since, 1400);
}

int main(void)
{
	return over_both_families(scene);
}
