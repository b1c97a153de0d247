/*
 * rst/segment-to-closed-or-listen: what draws RST where there is no connection, and with which
 * number.
 *
 * A RST must be believed by who gets it, so its number follows from the segment it answers: where
 * that had an ACK, that is the number expected next; where it had none, the RST has number 0 and an
 * ACK of all that was sent, SYN and FIN counted. A hand-made peer sends stray segments to a port
 * that nobody listens on, and to a listener. There only an ACK is answered, as it can belong to
 * nothing; what might be left over from an old connection, a FIN or a RST, is silently dropped. A
 * RST draws nothing anywhere, or two ends would go on for ever; nor does a SYN that was damaged on
 * the way.
 *
 * So a port scanner can tell a closed port from an open one without a SYN, by a FIN alone: silence
 * is a listener, or a firewall.
 */
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/peer.h"

static void try(int fd, const char *to, const char *what, const char *line)
{
	struct peer
		peer; /* each time another port: the segments have nothing to do with each other */

	peer_open(&peer);
	peer_sends_to(&peer, fd, "%s", line);
	peer_hears(&peer, "%s: %s draws", to, what);
	peer_close(&peer);
}

static void scene(void)
{
	struct sockaddr_storage address;
	socklen_t length = loopback_address(0, &address);
	int closed = must(socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));
	int listener = listen_loopback(1);

	must(bind(closed, (struct sockaddr *)&address, length)); /* bound, but it does not listen */

	long resets = net_counter("Tcp", "OutRsts");
	long bad = net_counter("Tcp", "InCsumErrors");

	try(closed, "closed", "SYN", "S 0 seq 100");
	try(closed, "closed", "ACK and data", "P. 5 seq 100 ack 500");
	try(closed, "closed", "data without ACK", "P 5 seq 100");
	try(closed, "closed", "FIN", "F 0 seq 100");
	try(closed, "closed", "FIN and ACK", "F. 0 seq 100 ack 500");
	try(closed, "closed", "RST", "R 0 seq 100");
	try(closed, "closed", "RST and ACK", "R. 0 seq 100 ack 500");
	try(listener, "listener", "ACK", ". 0 seq 100 ack 500");
	try(listener, "listener", "SYN and ACK", "S. 0 seq 100 ack 500");
	try(listener, "listener", "FIN", "F 0 seq 100");
	try(listener, "listener", "FIN and ACK", "F. 0 seq 100 ack 500");
	try(listener, "listener", "RST", "R 0 seq 100");
	fact(net_counter("Tcp", "OutRsts") - resets, "kernel OutRsts");

	try(listener, "listener", "SYN with a wrong checksum", "S 0 badsum");
	try(closed, "closed", "SYN with a wrong checksum", "S 0 badsum");
	fact(net_counter("Tcp", "InCsumErrors") - bad, "kernel InCsumErrors");
}

int main(void)
{
	return over_both_families(scene);
}
