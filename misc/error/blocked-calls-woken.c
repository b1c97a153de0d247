/*
 * error/blocked-calls-woken: a reset wakes who blocks in recv(), send() or poll(); one's own
 * SHUT_RD wakes recv() with 0.
 *
 * A thread is seen asleep in the call before anything happens. The peer's reset gives recv()
 * ECONNRESET, send() the count of what it had queued, poll() all its bits. A shutdown() by another
 * thread of the same process is a way to end a call that blocks: recv() returns 0, as after a FIN,
 * and poll() tells IN and RDHUP; the connection can still be written to. close() is none
 * (error/close-does-not-wake-recv).
 *
 * So a server stops its threads by shutdown() on their sockets, and needs no signal and no timeout
 * for it.
 */
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/parked.h"

enum { SIZE = 64 << 20 }; /* more than all buffers hold */
static char *bytes;

static long call_recv(int fd)
{
	char byte;

	return recv(fd, &byte, 1, 0);
}

static long call_send(int fd)
{
	return send(fd, bytes, SIZE, MSG_NOSIGNAL);
}

static long call_poll(int fd)
{
	struct pollfd entry = {.fd = fd, .events = POLLIN | POLLRDHUP};

	return poll(&entry, 1, -1) == 1 ? entry.revents : -1;
}

/* Block in the call, then let the peer reset the connection, or shut it down here. */
static long block(long (*call)(int fd), int own_shutdown)
{
	struct parked parked;
	int ends[2];

	tcp_pair(ends);
	park(&parked, call, ends[CLIENT]);
	if (own_shutdown) {
		must(shutdown(ends[CLIENT], SHUT_RD));
	} else {
		set_linger_zero(ends[SERVER]);
		must(close(ends[SERVER]));
	}

	long result = parked_result(&parked);

	if (own_shutdown)
		fact(send(ends[CLIENT], "x", 1, MSG_NOSIGNAL), "send afterwards");
	return result;
}

static void scene(void)
{
	bytes = must_ptr(calloc(1, SIZE));
	fact(block(call_recv, 0), "reset: recv");

	long sent = block(call_send, 0);

	fact_text("reset: send", "%s", sent > 0 && sent < SIZE ? "a part" : "all or nothing");
	fact_text("reset: poll", "%s", poll_mask((int)block(call_poll, 0)));
	fact(block(call_recv, 1), "own SHUT_RD: recv");
	fact_text("own SHUT_RD: poll", "%s", poll_mask((int)block(call_poll, 1)));
	free(bytes);
}

int main(void)
{
	return over_both_families(scene);
}
