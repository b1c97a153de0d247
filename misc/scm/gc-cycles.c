/*
 * scm/gc-cycles: sockets that only hold each other are found and freed.
 *
 * A Unix-domain socket may be sent like any other file, and so may come to lie in its own queue, or
 * in that of a socket that lies in its queue. When the last descriptor is closed such a ring holds
 * itself: every member has a reference, and nobody can reach any. The kernel therefore looks for
 * rings whenever a Unix-domain socket is closed while some are in flight, and frees those that no
 * descriptor leads to, with all else in their queues: here fifty pairs in one ring leave
 * /proc/net/unix, and a TCP connection that lies in a ring with them is closed, which its client
 * sees as FIN. A socket in its own queue to which a descriptor does lead is left alone: after other
 * rings have gone it is received, and works.
 *
 * The probe closes another pair each time it looks: the collector may be at work just then for
 * someone else, and would not look again by itself.
 *
 * So rings are no leak for ever, but what lies in them is closed only when the next Unix-domain
 * socket of the machine is: a server that must see a connection end does not let clients put it
 * there, and shuts a connection down before it forgets it.
 */
#include <errno.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/cargo.h"
#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/ring.h"
#include "lib/scm.h"
#include "lib/variants.h"

enum { PAIRS = 50 };

static void orphan_scene(void)
{
	int before = unix_sockets();

	orphan_ring(PAIRS, -1);
	while (unix_sockets() != before)
		wake_collector();
	fact(unix_sockets() - before, "sockets left of 50 pairs in a ring");
}

static void reachable_scene(void)
{
	int before = unix_sockets(), via[2], again = -1, flags = MSG_CMSG_CLOEXEC | MSG_DONTWAIT;
	size_t count = 1;
	char text[16];

	unix_pair(via);
	must_n(send_fds(via[SENDER], "self", 4, &via[RECEIVER], 1));
	orphan_ring(PAIRS, -1);
	while (unix_sockets() != before + 2)
		wake_collector();
	fact(recv_fds(via[RECEIVER], text, 4, &again, &count, &flags), "receiver of itself");
	must(close(via[RECEIVER]));
	fact(send(via[SENDER], "hello", 5, MSG_NOSIGNAL), "sender send");
	fact(recv(again, text, sizeof(text), MSG_DONTWAIT), "receiver by what it received");
}

static void unix_scene(void)
{
	orphan_scene();
	reachable_scene();
}

static void tcp_scene(void)
{
	int ends[2];
	char byte;
	ssize_t got;

	tcp_pair(ends);

	int server_port = local_port(ends[SERVER]);

	orphan_ring(2, ends[SERVER]);
	must(close(ends[SERVER]));
	while ((got = recv(ends[CLIENT], &byte, 1, MSG_DONTWAIT)) == -1 && errno == EAGAIN)
		wake_collector();
	fact(got, "client recv, its connection in a ring");
	/* The FIN is acknowledged by a timer of the collector's CPU: if the client's own FIN
	 * overtook that ACK, the server would answer it, and the client's kernel that answer by
	 * RST. */
	await_tcp_sockets(server_port, TCP_FIN_WAIT2, 1);
	must(close(ends[CLIENT]));
}

int main(void)
{
	need_collector();

	int status = over_unix_types(unix_scene);

	return status ? status : over_both_families(tcp_scene);
}
