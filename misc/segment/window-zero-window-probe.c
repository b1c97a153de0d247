/*
 * segment/window-zero-window-probe: a full receiver closes its window, and the sender keeps asking.
 *
 * The server does not read, and its buffer is so small that two segments fill it: the ACK of the
 * second announces a window of zero. From now on nothing leaves the client; what is written stays
 * in its buffer until that is full, too, and poll() does not say OUT any more. The server's kernel
 * will tell when there is room again; but that ACK may be lost, and both would wait forever. So the
 * client's kernel asks: a segment without data that repeats an old number, which must be answered.
 * The first comes after 0.2 s, and each pause is twice the one before.
 *
 * So a receiver that does not read stops its sender, without a limit of time (but see
 * timeout/user-zero-window): a server that writes to a client which never reads must have a timeout
 * of its own, or be caught in send().
 */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/info.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/timers.h"

static void scene(void)
{
	char data[4096] = "";
	int ends[2], listener = listen_loopback(1);

	set_option(listener, IPPROTO_TCP, TCP_MAXSEG, 1000);
	set_option(listener, SOL_SOCKET, SO_RCVBUF, 1); /* the least there is */
	ends[CLIENT] = connect_loopback(listener);
	ends[SERVER] = must(accept4(listener, NULL, NULL, SOCK_CLOEXEC));
	fact(tcp_counts(ends[CLIENT]).window, "window");

	long since = milliseconds(), segments = tcp_counts(ends[CLIENT]).segments_in;

	for (int i = 0; i < 2; i++) { /* no segment is longer than half of the largest window */
		send_all(ends[CLIENT], data, 494);
		await_acked(ends[CLIENT]);
	}
	fact(tcp_counts(ends[CLIENT]).window, "window after 988 bytes");

	struct pollfd entry = {.fd = ends[CLIENT], .events = POLLOUT};

	must(poll(&entry, 1, 0));
	fact_text("client poll", "%s", poll_mask(entry.revents));
	while (send(ends[CLIENT], data, sizeof(data), MSG_DONTWAIT) > 0)
		continue;
	must(poll(&entry, 1, 0));
	fact_text("client poll, its buffer full", "%s", poll_mask(entry.revents));

	/* The next probe would come 2.8 s after the first: the kernel itself gives up before, for
	 * this program may be too slow to. */
	set_option(ends[CLIENT], IPPROTO_TCP, TCP_USER_TIMEOUT, 2000);
	await_segments_in(ends[CLIENT], segments + 2 + 3);
	fact_lasted("three probes answered", since, 1200);
	fact(tcp_counts(ends[CLIENT]).window, "window then");
	fact(tcp_counts(ends[CLIENT]).data_out, "client segments with data");

	set_linger_zero(ends[SERVER]);
	must(close(ends[SERVER]));
	await_poll(ends[CLIENT], 0);
	must(close(ends[CLIENT]));
	must(close(listener));
}

int main(void)
{
	return over_both_families(scene);
}
