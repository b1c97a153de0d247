/*
 * segment/nagle-flushed-by: what Nagle's rule holds leaves with FIN, or when TCP_NODELAY is set.
 *
 * Each of four clients drops its input, so that no ACK arrives, and writes twice 10 bytes; the
 * second 10 are held. Whoever ends the stream, by shutdown() or close(), has nothing more to wait
 * for: data and FIN leave in one segment. Setting TCP_NODELAY sends what waits, besides changing
 * the rule for what comes. A cork put in and taken out again does not: it ends its own hold, not
 * Nagle's.
 *
 * So data is never lost to the rule, only late; and who wants to send now, once, sets TCP_NODELAY
 * and clears it again.
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

static void hold(int ends[2])
{
	tcp_pair(ends);
	drop_input(ends[CLIENT], true);
	send_all(ends[CLIENT], "0123456789", 10);
	send_all(ends[CLIENT], "0123456789", 10);
	fact(not_sent(ends[CLIENT]), "client not sent");
}

/* Let the server read what comes, to its end if it does, and end the connection by RST, which needs
 * no answer: the client would not hear it. */
static void end(int server, size_t size, bool to_its_end)
{
	char data[20];

	recv_all(server, data, size);
	if (to_its_end)
		fact(recv(server, data, 1, 0), "server recv at the end");
	set_linger_zero(server);
	must(close(server));
}

static void scene(void)
{
	int ends[2];

	tcp_timers_at_least(60);

	hold(ends);
	fact(shutdown(ends[CLIENT], SHUT_WR), "client shutdown");
	fact(not_sent(ends[CLIENT]), "client not sent");
	end(ends[SERVER], 20, true);
	must(close(ends[CLIENT]));

	hold(ends);
	fact(close(ends[CLIENT]), "client close");
	end(ends[SERVER], 20, true);

	hold(ends);
	set_option(ends[CLIENT], IPPROTO_TCP, TCP_NODELAY, 1);
	fact(not_sent(ends[CLIENT]), "client not sent after TCP_NODELAY");
	end(ends[SERVER], 20, false);
	set_linger_zero(ends[CLIENT]);
	must(close(ends[CLIENT]));

	hold(ends);
	set_option(ends[CLIENT], IPPROTO_TCP, TCP_CORK, 1);
	set_option(ends[CLIENT], IPPROTO_TCP, TCP_CORK, 0);
	fact(not_sent(ends[CLIENT]), "client not sent after TCP_CORK on and off");
	end(ends[SERVER], 10, false);
	set_linger_zero(ends[CLIENT]);
	must(close(ends[CLIENT]));
}

int main(void)
{
	return over_both_families(scene);
}
