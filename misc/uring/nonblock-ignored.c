/*
 * uring/nonblock-ignored: O_NONBLOCK does not keep recv, read and accept from waiting in a ring.
 *
 * Each request in a ring is tried without waiting first, whatever the descriptor's flags; where it
 * would have to wait the kernel waits for the socket to become ready, and tries again. O_NONBLOCK
 * of the socket is not asked for then. What a request has for it is MSG_DONTWAIT: EAGAIN.
 *
 * So sockets that a server has made non-blocking for epoll can be used in a ring as they are; but
 * who shares code between kernels treats EAGAIN there as an answer that may come, and polls first.
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

/* Where it waits, `other` makes it go on: a peer that sends, or a listener to connect to. */
static void ask(const char *what, int operation, int fd, int flags, int other)
{
	static char byte;
	bool accepts = operation == IORING_OP_ACCEPT;

	uring_ask(&ring, operation, fd, accepts ? NULL : &byte, !accepts, 0)->msg_flags =
		(unsigned)flags;
	uring_submit(&ring);
	if (uring_answered(&ring)) {
		fact(uring_result(&ring), "%s", what);
		return;
	}
	if (accepts)
		connect_loopback(other);
	else
		send_all(other, "x", 1);
	fact_text(what, "%s", uring_result(&ring) == -1 ? "waits, then fails" : "waits");
}

static void scene(void)
{
	int ends[2], listener = listen_loopback(4);

	uring_make(&ring);
	tcp_pair(ends);
	set_nonblocking(ends[SERVER], true);
	set_nonblocking(listener, true);
	ask("recv, MSG_DONTWAIT", IORING_OP_RECV, ends[SERVER], MSG_DONTWAIT, ends[CLIENT]);
	ask("recv", IORING_OP_RECV, ends[SERVER], 0, ends[CLIENT]);
	ask("read", IORING_OP_READ, ends[SERVER], 0, ends[CLIENT]);
	ask("accept", IORING_OP_ACCEPT, listener, 0, listener);
}

int main(void)
{
	return over_both_families(scene);
}
