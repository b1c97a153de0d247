/*
 * timewait/assassination: a RST with the exact number ends TIME_WAIT at once, unless tcp_rfc1337
 * forbids it.
 *
 * TIME_WAIT is there so that what is left of a connection on its way cannot get into the next one
 * of the same ports. An old segment that reaches it is answered with an ACK; if that goes to a peer
 * which has forgotten the connection, it answers with a RST, which has just the number expected,
 * and TIME_WAIT is gone too early ("assassinated"). By default the kernel lets that happen, since
 * RST is also how a peer says that nothing is left to wait for. With tcp_rfc1337=1 it ignores RST
 * there. The hand-made peer closes in good order, then sends first a RST that is out of the window,
 * then the exact one.
 *
 * So the minute of TIME_WAIT is no promise. Whoever relies on it, or sees "address in use" come and
 * go, finds here why; a RST that is forged cannot do it without knowing the number.
 */
#include <netinet/tcp.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/peer.h"
#include "lib/timers.h"

static void protect(bool on)
{
	FILE *file = must_ptr(fopen("/proc/sys/net/ipv4/tcp_rfc1337", "we"));

	fputs(on ? "1" : "0", file);
	if (fclose(file) == EOF)
		die("tcp_rfc1337: cannot set");
}

static void die_in_time_wait(const char *name, bool protected)
{
	struct peer peer;
	int listener = listen_loopback(1), port = local_port(listener);

	protect(protected);
	peer_open(&peer);

	int fd = peer_connect(&peer, listener, "");

	must(close(listener));
	must(close(fd));
	peer_expects(&peer, "F. 0 seq 1");
	peer_sends(&peer, "F. 0");
	peer_expects(&peer, ". 0 ack 2");
	fact(tcp_sockets(port, TCP_TIME_WAIT), "%s, in TIME_WAIT", name);

	peer_sends(&peer, "R 0 seq 1000000");
	peer_hears(&peer, "%s, RST beyond the window draws", name);
	fact(tcp_sockets(port, TCP_TIME_WAIT), "%s, in TIME_WAIT", name);
	peer_sends(&peer, "P. 5 seq 1");
	peer_hears(&peer, "%s, old data draws", name);
	fact(tcp_sockets(port, TCP_TIME_WAIT), "%s, in TIME_WAIT", name);
	peer_sends(&peer, "R 0 seq 2");
	peer_hears(&peer, "%s, the exact RST draws", name);
	fact(tcp_sockets(port, TCP_TIME_WAIT), "%s, in TIME_WAIT", name);
	peer_close(&peer);
}

static void scene(void)
{
	tcp_timers_at_least(60);
	die_in_time_wait("tcp_rfc1337=0", false);
	die_in_time_wait("tcp_rfc1337=1", true);
}

int main(void)
{
	need_orphans_told();
	return over_both_families(scene);
}
