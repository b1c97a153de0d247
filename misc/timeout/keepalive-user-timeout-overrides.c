/*
 * timeout/keepalive-user-timeout-overrides: with TCP_USER_TIMEOUT no count of probes matters.
 *
 * TCP_USER_TIMEOUT says how long the peer may be silent, and for keepalive it replaces TCP_KEEPCNT:
 * when the next probe is due, the kernel looks at the time since the peer was heard, and no longer
 * at the number of probes. Four connections with a silent peer, and a probe each second, show it:
 * a short user timeout ends one that would have asked ten times; a long one keeps another that one
 * unanswered probe would have ended, as it ends the third, which has no user timeout. The fourth
 * has data that is not acknowledged: then retransmission is what asks, and no probe is sent.
 *
 * So set both or neither: TCP_USER_TIMEOUT for the time that matters, TCP_KEEPIDLE and
 * TCP_KEEPINTVL for how often to ask in it. It also covers what keepalive cannot see,
 * unacknowledged data.
 */
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/info.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/proc.h"
#include "lib/timers.h"

/* How many segments this socket's filter has dropped: until then a probe is on its way. */
static unsigned dropped(int fd)
{
	unsigned info[SK_MEMINFO_VARS] = {0};
	socklen_t length = sizeof(info);

	must(getsockopt(fd, SOL_SOCKET, SO_MEMINFO, info, &length));
	return info[SK_MEMINFO_DROPS];
}

/* A connection with a silent peer. */
static void begin(int ends[2], int count, int user_timeout)
{
	tcp_pair(ends);
	drop_input(ends[SERVER], true);
	set_option(ends[CLIENT], IPPROTO_TCP, TCP_KEEPIDLE, 1);
	set_option(ends[CLIENT], IPPROTO_TCP, TCP_KEEPINTVL, 1);
	set_option(ends[CLIENT], IPPROTO_TCP, TCP_KEEPCNT, count);
	set_option(ends[CLIENT], IPPROTO_TCP, TCP_USER_TIMEOUT, user_timeout);
}

static void end(int ends[2])
{
	set_option(ends[CLIENT], SOL_SOCKET, SO_KEEPALIVE, 0); /* no probe meets a closed port */
	set_linger_zero(ends[SERVER]);
	must(close(ends[SERVER]));
	await_hangup(ends[CLIENT]);
	must(close(ends[CLIENT]));
}

static void scene(void)
{
	int kept[2], unacked[2], cut[2], asked[2];
	char byte;

	tcp_timers_at_least(60); /* none of them repeats what the handshake or a send() sent */
	begin(kept, 1, 30000);
	begin(unacked, 1, 0);
	begin(cut, 10, 1500);
	begin(asked, 1, 0);
	send_all(unacked[CLIENT], "x", 1);

	long sent = tcp_counts(unacked[CLIENT]).segments_out, since = milliseconds();

	set_option(kept[CLIENT], SOL_SOCKET, SO_KEEPALIVE, 1);
	set_option(unacked[CLIENT], SOL_SOCKET, SO_KEEPALIVE, 1);
	set_option(cut[CLIENT], SOL_SOCKET, SO_KEEPALIVE, 1);
	set_option(asked[CLIENT], SOL_SOCKET, SO_KEEPALIVE, 1);

	fact(recv(asked[CLIENT], &byte, 1, 0), "1 probe, no user timeout, client recv");
	fact(recv(cut[CLIENT], &byte, 1, 0), "10 probes, user timeout 1500 ms, client recv");
	fact_lasted("10 probes, user timeout 1500 ms", since, 1400);
	while (dropped(kept[SERVER]) < 2 && strcmp(tcp_state(kept[CLIENT]), "ESTABLISHED") == 0)
		nap();
	fact_text("1 probe, user timeout 30000 ms, client state after 2", "%s",
		  tcp_state(kept[CLIENT]));
	fact_text("1 probe, data not acknowledged, client state", "%s", tcp_state(unacked[CLIENT]));
	fact(tcp_counts(unacked[CLIENT]).segments_out - sent, "its probes");

	end(kept);
	end(unacked);
	end(cut);
	end(asked);
}

int main(void)
{
	return over_both_families(scene);
}
