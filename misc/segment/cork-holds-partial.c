/*
 * segment/cork-holds-partial: under TCP_CORK only full segments leave, TCP_NODELAY or not.
 *
 * Of 2500 bytes two segments of 988 leave at once; the rest stays and leaves with the three small
 * writes that follow when the cork is taken out. Corked again, small writes stay until TCP_NODELAY
 * is set anew: setting it pushes what is held though the cork is in, while having set it before
 * changed nothing. The timer that pushes out what a cork holds is made to wait here; a connection
 * begun before that shows it: what nobody uncorks leaves after 200 ms.
 *
 * So cork a reply of several parts, header and file, and take the cork out at its end. One that is
 * forgotten ends by itself after 200 ms, a delay that nobody sees in a test and everybody in
 * production.
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

static void end(int ends[2])
{
	must(close(ends[CLIENT]));
	await_hangup(ends[SERVER]);
	must(close(ends[SERVER]));
}

static void scene(void)
{
	char data[2530] = "";
	int ends[2];

	tcp_pair_of_mss(1000, ends);
	not_sent(ends[CLIENT]); /* can it be told? */
	set_option(ends[CLIENT], IPPROTO_TCP, TCP_CORK, 1);

	long since = milliseconds();

	send_all(ends[CLIENT], data, 40);
	recv_all(ends[SERVER], data, 40);
	fact_lasted("40 bytes that nobody uncorks, held", since, 100);
	end(ends);

	tcp_timers_at_least(60);
	tcp_pair_of_mss(1000, ends);
	set_option(ends[CLIENT], IPPROTO_TCP, TCP_NODELAY, 1);
	set_option(ends[CLIENT], IPPROTO_TCP, TCP_CORK, 1);

	fact(send(ends[CLIENT], data, 2500, 0), "client send");
	fact(not_sent(ends[CLIENT]), "client not sent after 2500 bytes");
	for (int i = 0; i < 3; i++)
		must_n(send(ends[CLIENT], data, 10, 0));
	fact(not_sent(ends[CLIENT]), "client not sent after 30 more");
	set_option(ends[CLIENT], IPPROTO_TCP, TCP_CORK, 0);
	fact(not_sent(ends[CLIENT]), "client not sent uncorked");
	recv_all(ends[SERVER], data, 2530);

	set_option(ends[CLIENT], IPPROTO_TCP, TCP_CORK, 1);
	must_n(send(ends[CLIENT], data, 40, 0));
	fact(not_sent(ends[CLIENT]), "client not sent corked again");
	set_option(ends[CLIENT], IPPROTO_TCP, TCP_NODELAY, 1);
	fact(not_sent(ends[CLIENT]), "client not sent after setting TCP_NODELAY");
	recv_all(ends[SERVER], data, 40);
	end(ends);
}

int main(void)
{
	return over_both_families(scene);
}
