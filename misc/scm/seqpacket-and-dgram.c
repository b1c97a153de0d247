/*
 * scm/seqpacket-and-dgram: a record keeps its descriptors to itself, whoever sent it.
 *
 * Several senders write to one datagram receiver, and records of all lengths stand in one queue of
 * a SEQPACKET connection. Every receive gets one record with its own descriptors: none of the
 * records before it, which a stream would merge, and none of the next, though there is room.
 * Records without descriptors and empty ones stay what they are; MSG_PEEK shows the first one
 * alone; one read without room for descriptors costs only its own. Other scenes here play over all
 * types: order, truncation of either kind, limits and peeks are the same on all.
 *
 * So with records the descriptor needs no protocol to say which bytes it belongs to; that is the
 * reason to prefer SOCK_SEQPACKET for passing descriptors.
 */
#include <sys/socket.h>
#include <unistd.h>

#include "lib/cargo.h"
#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/scm.h"
#include "lib/unix.h"
#include "lib/variants.h"

/* first, second: the two senders of a datagram receiver, or the one of a connection twice. */
static void play(int first, int second, int receiver)
{
	int fds[3] = {numbered_file(1), numbered_file(2), numbered_file(3)};
	char byte;

	must_n(send_fds(first, "two", 3, fds, 2));
	send_all(second, "plain", 5);
	must_n(send_fds(second, "one", 3, fds + 2, 1));
	must_n(send_fds(first, "", 0, fds, 1));
	must_n(send_fds(second, "lost", 4, fds, 3));
	must_n(send_fds(first, "last", 4, fds + 1, 2));

	fact_received(receiver, 100, MSG_PEEK, "receiver with MSG_PEEK");
	for (int i = 0; i < 4; i++)
		fact_received(receiver, 100, 0, "receiver");
	fact(recv(receiver, &byte, 1, MSG_DONTWAIT), "receiver recv of 1");
	fact_received(receiver, 100, 0, "receiver");
	fact_received(receiver, 100, 0, "receiver");
}

static void connected_scene(void)
{
	int via[2];

	must(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, via));
	play(via[SENDER], via[SENDER], via[RECEIVER]);
}

static void datagram_scene(void)
{
	int receiver = unix_bound(SOCK_DGRAM);

	play(unix_connected(SOCK_DGRAM, receiver), unix_connected(SOCK_DGRAM, receiver), receiver);
}

int main(void)
{
	return over_both(connected_scene, datagram_scene, "two senders over DGRAM");
}
