/*
 * timewait/finwait2-port-is-not-stolen: a new connection takes the port of no half-closed one.
 *
 * When no port is free, connect() may take one that is in TIME_WAIT to the same address for more
 * than a second: the timestamps tell old segments from new ones, and net.ipv4.tcp_tw_reuse allows
 * it, over loopback by default. An orphan in FIN_WAIT2 lies in the same table, but its peer still
 * has a whole connection, which the new SYN would end by a reset. Here all ports of a narrow range
 * are orphans, of which one has become TIME_WAIT. After that second one connection can be made, in
 * its place, and the next finds no address; the peers of the others see nothing of all that.
 *
 * So a client that opens and closes faster than its peer closes runs out of ports, and must be
 * ready for EADDRNOTAVAIL from connect(); it will not get a port by breaking another connection.
 */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/proc.h"
#include "lib/timers.h"

enum { PORTS = 4 };

static void scene(void)
{
	int listener = listen_loopback(PORTS), port = local_port(listener), servers[PORTS];
	char range[32];

	snprintf(range, sizeof(range), "%d %d", port + 1, port + PORTS);
	set_sysctl("net.ipv4.ip_local_port_range", range);
	for (int i = 0; i < PORTS; i++) {
		int client = connect_loopback(listener);

		servers[i] = must(accept4(listener, NULL, NULL, SOCK_CLOEXEC));
		close_in_fin_wait2(client);
		await_hangup(servers[i]);
	}
	must(close(servers[0]));
	await_tcp_sockets(0, TCP_TIME_WAIT, 1);
	await_tcp_sockets(0, TCP_FIN_WAIT2, PORTS - 1);

	/* The kernel compares whole seconds of this clock. */
	for (long then = milliseconds() / 1000 + 2; milliseconds() / 1000 < then;)
		nap();

	long resets = counted("Tcp", "OutRsts");

	int client = must(socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));
	int another = must(socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));

	fact(connect_to(client, listener), "client connect");
	fact(connect_to(another, listener), "client connect again");
	fact_counted("Tcp", "OutRsts", resets);
	for (int i = 1; i < PORTS; i++) {
		fact_text("server state", "%s", tcp_state(servers[i]));
		must(close(servers[i]));
	}
	must(close(client));
}

int main(void)
{
	need_orphans_told();
	return over_both_families(scene);
}
