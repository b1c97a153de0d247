/*
 * segment/cork-close-carries-fin: what a cork or MSG_MORE holds leaves in one segment with the FIN.
 *
 * A cork says that more will come, and a stream that has ended gets no more: shutdown() and close()
 * send what is held, and the FIN with it. The timer that would push it out before is made to wait.
 *
 * So a reply that ends with the connection needs no uncorking: its last segment tells the peer that
 * this was all. And nothing is lost where a cork is forgotten before close().
 */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/timers.h"

static void end_holding(const char *how, bool cork, bool by_shutdown)
{
	char data[10] = "";
	int ends[2];

	tcp_pair(ends);
	set_option(ends[CLIENT], IPPROTO_TCP, TCP_CORK, cork);
	must_n(send(ends[CLIENT], data, sizeof(data), cork ? 0 : MSG_MORE));
	fact(not_sent(ends[CLIENT]), "%s, client not sent", how);
	if (by_shutdown) {
		fact(shutdown(ends[CLIENT], SHUT_WR), "client shutdown");
		fact(not_sent(ends[CLIENT]), "client not sent");
	} else {
		fact(close(ends[CLIENT]), "client close");
	}
	recv_all(ends[SERVER], data, sizeof(data));
	fact(recv(ends[SERVER], data, sizeof(data), 0), "server recv at the end");
	must(close(ends[SERVER]));
	if (by_shutdown)
		must(close(ends[CLIENT]));
}

static void scene(void)
{
	tcp_timers_at_least(60);
	end_holding("TCP_CORK", true, false);
	end_holding("TCP_CORK", true, true);
	end_holding("MSG_MORE", false, false);
	end_holding("MSG_MORE", false, true);
}

int main(void)
{
	return over_both_families(scene);
}
