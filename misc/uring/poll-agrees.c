/*
 * uring/poll-agrees: IORING_OP_POLL_ADD says of a socket what poll() says.
 *
 * A poll by the ring asks the same function of the file as poll(): the masks are equal for a fresh
 * socket, an idle connection, data, FIN, one's own SHUT_WR, both, and a reset before and after its
 * error was taken. It is asked once and answered once: what is ready already is answered at once.
 * ERR and HUP are told unasked.
 *
 * So a loop on poll() may be moved into a ring, descriptor by descriptor, without a change to what
 * it does with the bits; it has to ask again after each answer.
 */
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/uring.h"
#include "lib/variants.h"

static struct uring ring;

/* The two are asked one after the other; of a difference both are told. */
static void tell(const char *when, int fd)
{
	struct pollfd entry = {.fd = fd, .events = POLLIN | POLLOUT | POLLRDHUP};

	must(poll(&entry, 1, 0));
	uring_ask(&ring, IORING_OP_POLL_ADD, fd, NULL, 0, 0)->poll32_events =
		POLLIN | POLLOUT | POLLRDHUP;

	int by_ring = (int)uring_call(&ring);

	if (by_ring == entry.revents)
		fact_text(when, "%s", poll_mask(by_ring));
	else
		fact_text(when, "poll 0x%x, ring 0x%x", (unsigned)entry.revents, (unsigned)by_ring);
}

static void scene(void)
{
	int ends[2], fd;
	char byte;

	uring_make(&ring);
	tell("fresh", must(socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0)));
	tcp_pair(ends);
	tell("idle", ends[CLIENT]);
	send_all(ends[SERVER], "x", 1);
	await_poll(ends[CLIENT], POLLIN);
	tell("data", ends[CLIENT]);
	recv_all(ends[CLIENT], &byte, 1);
	must(shutdown(ends[CLIENT], SHUT_WR));
	tell("own SHUT_WR", ends[CLIENT]);
	await_poll(ends[SERVER], POLLRDHUP);
	tell("FIN", ends[SERVER]);
	must(shutdown(ends[SERVER], SHUT_WR));
	await_poll(ends[CLIENT], POLLHUP);
	tell("both", ends[CLIENT]);
	fd = reset_by_peer();
	tell("RST", fd);
	must(recv(fd, &byte, 1, 0) == -1 ? 0 : -1);
	tell("RST, error taken", fd);
}

int main(void)
{
	return over_both_families(scene);
}
