/*
 * rst/peer-vanished: a peer that has forgotten the connection answers what comes next with RST.
 *
 * A host that crashed and came up again knows nothing of its old connections. Here the server's
 * socket is made to vanish in the same way: in repair mode (TCP_REPAIR, made for moving containers)
 * close() sends nothing. The client cannot know. Its next segment is for a connection that does not
 * exist, and draws a RST which takes its number from what that segment acknowledged; then the
 * client knows: ECONNRESET. In the first connection it is data that asks, in the second a keepalive
 * probe, which has no data and asks nothing else.
 *
 * So a connection on which nothing is sent may be dead for days. Who waits for a peer to speak
 * first turns on SO_KEEPALIVE, with times of its own choice, or asks for a sign of life in the
 * protocol.
 */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"

/* A connection whose peer has just vanished. */
static int forgotten(void)
{
	int ends[2], repair;
	socklen_t size = sizeof(repair);

	tcp_pair(ends);

	long sent = counted("Tcp", "OutSegs");

	set_option(ends[SERVER], IPPROTO_TCP, TCP_REPAIR, 1);
	/* gVisor takes it and ignores it: it has nothing to show. */
	if (getsockopt(ends[SERVER], IPPROTO_TCP, TCP_REPAIR, &repair, &size) == -1)
		impossible("no repair mode: TCP_REPAIR: %s", errno_name(errno));
	fact(close(ends[SERVER]), "server close in repair mode");
	fact_counted("Tcp", "OutSegs", sent);
	fact_text("client state", "%s", tcp_state(ends[CLIENT]));
	return ends[CLIENT];
}

static void scene(void)
{
	char byte;
	int fd;

	fd = forgotten();
	fact(send(fd, "late", 4, 0), "client send");
	fact(recv(fd, &byte, 1, 0), "client recv");
	fact(recv(fd, &byte, 1, 0), "client recv again");
	must(close(fd));

	fd = forgotten();
	set_option(fd, IPPROTO_TCP, TCP_KEEPIDLE, 1); /* a second, the least there is */
	set_option(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
	fact(recv(fd, &byte, 1, 0), "client recv with SO_KEEPALIVE");
	fact(recv(fd, &byte, 1, 0), "client recv again");
}

int main(void)
{
	return over_both_families(scene);
}
