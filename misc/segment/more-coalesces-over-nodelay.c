/*
 * segment/more-coalesces-over-nodelay: what is sent with MSG_MORE leaves with the next plain send.
 *
 * Two sends with MSG_MORE and one without are one segment, although TCP_NODELAY is set. A send of
 * nothing is no send: it does not push what is held. The timer that would is made to wait.
 */
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/timers.h"

static void send_and_look(int fd, size_t size, int flags, const char *what)
{
	char data[10] = "";
	int unsent = 0;

	fact(send(fd, data, size, flags), "client send %s", what);
	must(ioctl(fd, SIOCOUTQNSD, &unsent));
	fact(unsent, "client not sent");
}

int main(void)
{
	char data[30];
	int ends[2];

	tcp_timers_at_least(60);
	tcp_pair(ends);
	set_option(ends[CLIENT], IPPROTO_TCP, TCP_NODELAY, 1);

	send_and_look(ends[CLIENT], 10, MSG_MORE, "with MSG_MORE");
	send_and_look(ends[CLIENT], 10, MSG_MORE, "with MSG_MORE");
	send_and_look(ends[CLIENT], 0, 0, "of nothing");
	send_and_look(ends[CLIENT], 10, 0, "plain");
	recv_all(ends[SERVER], data, sizeof(data));

	must(close(ends[CLIENT]));
	await_hangup(ends[SERVER]);
	must(close(ends[SERVER]));
	return 0;
}
