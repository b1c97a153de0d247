/*
 * segment/cork-holds-partial: under TCP_CORK only full segments leave, TCP_NODELAY or not.
 *
 * Of 2500 bytes one segment of 1448 leaves, and the rest with the three small writes that follow
 * when the cork is taken out. Corked again, small writes stay until TCP_NODELAY is set anew, which
 * pushes them though the cork is in. The timer that ends a cork after 200 ms is made to wait.
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

static void fact_unsent(int fd, const char *when)
{
	int unsent = 0;

	must(ioctl(fd, SIOCOUTQNSD, &unsent));
	fact(unsent, "client not sent %s", when);
}

int main(void)
{
	char data[2600] = "";
	int ends[2];

	tcp_timers_at_least(60);
	tcp_pair(ends);
	set_option(ends[CLIENT], IPPROTO_TCP, TCP_NODELAY, 1);
	set_option(ends[CLIENT], IPPROTO_TCP, TCP_CORK, 1);

	fact(send(ends[CLIENT], data, 2500, 0), "client send");
	fact_unsent(ends[CLIENT], "after 2500 bytes");
	for (int i = 0; i < 3; i++)
		must_n(send(ends[CLIENT], data, 10, 0));
	fact_unsent(ends[CLIENT], "after 30 more");
	set_option(ends[CLIENT], IPPROTO_TCP, TCP_CORK, 0);
	fact_unsent(ends[CLIENT], "uncorked");
	recv_all(ends[SERVER], data, 2530);

	set_option(ends[CLIENT], IPPROTO_TCP, TCP_CORK, 1);
	must_n(send(ends[CLIENT], data, 40, 0));
	fact_unsent(ends[CLIENT], "corked again");
	set_option(ends[CLIENT], IPPROTO_TCP, TCP_NODELAY, 1);
	fact_unsent(ends[CLIENT], "after setting TCP_NODELAY");
	recv_all(ends[SERVER], data, 40);

	must(close(ends[CLIENT]));
	await_hangup(ends[SERVER]);
	must(close(ends[SERVER]));
	return 0;
}
