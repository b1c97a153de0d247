/*
 * segment/more-coalesces-over-nodelay: what is sent with MSG_MORE leaves with the next plain send.
 *
 * MSG_MORE is TCP_CORK for one call. Two sends with it and one without are one segment, although
 * TCP_NODELAY is set. A send of nothing is no send: it does not push what is held. The timer that
 * would push it is made to wait; a connection begun before that shows it: what nobody follows up
 * leaves after 200 ms.
 *
 * So send a header with MSG_MORE and the body without: one segment, and no system calls to put a
 * cork in and take it out. The last part must not have the flag, and must not be empty: a program
 * that learns too late that there was no more ends with TCP_NODELAY, set once more, or waits 200
 * ms.
 */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/timers.h"

static void begin(int ends[2])
{
	tcp_pair(ends);
	set_option(ends[CLIENT], IPPROTO_TCP, TCP_NODELAY, 1);
}

static void end(int ends[2])
{
	must(close(ends[CLIENT]));
	await_hangup(ends[SERVER]);
	must(close(ends[SERVER]));
}

static void send_and_look(int fd, size_t size, int flags, const char *what)
{
	char data[10] = "";

	fact(send(fd, data, size, flags), "client send %s", what);
	fact(not_sent(fd), "client not sent");
}

static void scene(void)
{
	char data[30] = "";
	int ends[2];

	begin(ends);

	long since = milliseconds();

	must_n(send(ends[CLIENT], data, 10, MSG_MORE));
	recv_all(ends[SERVER], data, 10);
	fact_lasted("10 bytes that nothing follows, held", since, 100);
	end(ends);

	tcp_timers_at_least(60);
	begin(ends);
	send_and_look(ends[CLIENT], 10, MSG_MORE, "with MSG_MORE");
	send_and_look(ends[CLIENT], 10, MSG_MORE, "with MSG_MORE");
	send_and_look(ends[CLIENT], 0, 0, "of nothing");
	send_and_look(ends[CLIENT], 10, 0, "plain");
	recv_all(ends[SERVER], data, sizeof(data));
	end(ends);
}

int main(void)
{
	return over_both_families(scene);
}
