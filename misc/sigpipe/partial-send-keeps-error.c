/*
 * sigpipe/partial-send-keeps-error: a blocked send() that a reset cuts short returns what it had
 * queued; the next send() gets the error, the one after it SIGPIPE.
 *
 * The buffers hold a part of what is sent, the peer reads nothing, and resets when the sender is
 * seen asleep. A call that has done something says how much, so the error waits: nothing is lost.
 * The order is that of any reset, then: ECONNRESET without a signal, EPIPE with one.
 *
 * So a short count from a blocking send() is not an error yet, but it never comes without a cause:
 * call again with the rest, and the cause is told. That bytes were counted means that the kernel
 * had them, not that the peer got them.
 */
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/parked.h"
#include "lib/proc.h"

enum { SIZE = 64 << 20 }; /* more than all buffers hold */
static char *bytes;

static long call_send(int fd)
{
	return send(fd, bytes, SIZE, 0);
}

static void scene(void)
{
	struct parked sender;
	int ends[2];

	tcp_pair(ends);
	bytes = must_ptr(calloc(1, SIZE));
	count_signal(SIGPIPE, 0);
	park(&sender, call_send, ends[CLIENT]);
	set_linger_zero(ends[SERVER]);
	must(close(ends[SERVER]));

	long sent = parked_result(&sender);

	fact_text("blocked send", "%s", sent > 0 && sent < SIZE ? "a part" : "all or nothing");
	fact(signals_counted(), "SIGPIPE by it");
	fact_text("poll", "%s", poll_mask(await_poll(ends[CLIENT], POLLIN | POLLOUT)));
	fact(send(ends[CLIENT], bytes, SIZE, 0), "next send");
	fact(signals_counted(), "SIGPIPE by it");
	fact(send(ends[CLIENT], bytes, SIZE, 0), "send after that");
	fact(signals_counted(), "SIGPIPE by it");
	free(bytes);
}

int main(void)
{
	return over_both_families(scene);
}
