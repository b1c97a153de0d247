/*
 * uring/close-keeps-pending: close() does not end a recv that waits in a ring; shutdown() does.
 *
 * A request in a ring holds the open file, as a descriptor does. So close() takes the number away
 * and no more: the connection lives, without FIN or RST (the linger time is zero here), and the
 * bytes that the peer sends later are the answer. Only then is the file let go, and the peer is
 * told: by RST, as the linger time wants it. shutdown() acts on the connection instead: the recv
 * that waits is answered with 0 at once. An accept that waits keeps its listener alive likewise:
 * a client still gets in after close(), and it is the last one.
 *
 * So a server with requests in a ring shuts a connection down, or cancels what waits, before it
 * closes; or it is never closed. A port stays taken as long as an accept waits in some ring.
 */
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/uring.h"

static struct uring ring;
static char byte;

static void wait_in_ring(int operation, int fd)
{
	uring_ask(&ring, operation, fd, operation == IORING_OP_RECV ? &byte : NULL,
		  operation == IORING_OP_RECV, 0);
	uring_submit(&ring);
	must(uring_answered(&ring) ? -1 : 0);
}

static void scene(void)
{
	int ends[2], shut[2], listener = listen_loopback(4);
	struct sockaddr_storage address;
	socklen_t length = loopback_address(local_port(listener), &address);

	uring_make(&ring);
	tcp_pair(ends);
	set_linger_zero(ends[SERVER]);
	wait_in_ring(IORING_OP_RECV, ends[SERVER]);
	fact(close(ends[SERVER]), "close");
	fact(uring_answered(&ring), "answers");
	fact(recv(ends[CLIENT], &byte, 1, MSG_DONTWAIT), "client recv");
	fact_text("client state", "%s", tcp_state(ends[CLIENT]));
	fact(send(ends[CLIENT], "x", 1, MSG_NOSIGNAL), "client send");
	fact(uring_result(&ring), "recv in the ring");
	fact(recv(ends[CLIENT], &byte, 1, 0), "client recv then");

	tcp_pair(shut);
	wait_in_ring(IORING_OP_RECV, shut[SERVER]);
	fact(shutdown(shut[SERVER], SHUT_RDWR), "shutdown");
	fact(uring_result(&ring), "recv in the ring");

	wait_in_ring(IORING_OP_ACCEPT, listener);
	fact(close(listener), "listener close");

	int client = must(socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));

	fact(connect(client, (struct sockaddr *)&address, length), "client connect");
	fact(uring_result(&ring) == -1 ? -1 : 0, "accept in the ring");
	must(close(client));
}

int main(void)
{
	return over_both_families(scene);
}
