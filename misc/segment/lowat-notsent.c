/*
 * segment/lowat-notsent: TCP_NOTSENT_LOWAT lets poll() say writable only below half of its limit.
 *
 * The send buffer holds what was sent and may have to be repeated, and what was not sent yet; only
 * the second is stale before it leaves. TCP_NOTSENT_LOWAT, here 10000, bounds that part alone.
 * poll() stops saying writable when half of it is there, so that a woken writer has something to
 * do; send() goes on until all of it is, and somewhat beyond, since it asks only when it begins
 * another buffer. Between the two a non-blocking send() succeeds on a socket that poll() would not
 * offer. The client's input is dropped, so that nothing leaves beyond the first congestion window,
 * ten segments of 988 bytes.
 *
 * So a server that multiplexes, sends video, or may want to change its mind sets it to what it can
 * write in one go, and its newest data is never far behind; and after EAGAIN it waits for poll()
 * rather than to try again.
 */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/timers.h"

static void send_and_look(int fd, size_t size)
{
	struct pollfd entry = {.fd = fd, .events = POLLOUT};
	char data[9880] = "";

	fact(send(fd, data, size, MSG_DONTWAIT), "client send of %zu", size);
	fact(not_sent(fd), "client not sent");
	must(poll(&entry, 1, 0));
	fact_text("client poll", "%s", poll_mask(entry.revents));
}

static void scene(void)
{
	char data[9880] = "";
	int ends[2];

	tcp_timers_at_least(60);
	tcp_pair_of_mss(1000, ends);
	set_option(ends[CLIENT], IPPROTO_TCP, TCP_NOTSENT_LOWAT, 10000);
	drop_input(ends[CLIENT], true);

	send_and_look(ends[CLIENT], 9880); /* which leave */
	send_and_look(ends[CLIENT], 4999);
	send_and_look(ends[CLIENT], 1);
	send_and_look(ends[CLIENT], 4999);
	while (send(ends[CLIENT], data, sizeof(data), MSG_DONTWAIT) > 0)
		continue;
	fact(send(ends[CLIENT], data, sizeof(data), MSG_DONTWAIT), "client send, at last");
	fact_text("client not sent, 10000 or more", "%s",
		  not_sent(ends[CLIENT]) >= 10000 ? "yes" : "no");
	fact_text("fewer than 64 KiB more", "%s",
		  not_sent(ends[CLIENT]) < 10000 + 65536 ? "yes" : "no");

	set_linger_zero(ends[CLIENT]);
	must(close(ends[CLIENT]));
	must(close(ends[SERVER]));
}

int main(void)
{
	return over_both_families(scene);
}
