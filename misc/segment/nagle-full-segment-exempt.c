/*
 * segment/nagle-full-segment-exempt: Nagle's rule holds no full segment, and counts no full one.
 *
 * The rule is about small segments: one of them may be on its way, not more. A full segment leaves
 * whatever else is unacknowledged. And in Linux, which follows a proposal of Minshall's here, a
 * small one waits only for another small one: after full segments that nobody acknowledged yet, the
 * rest of a large write leaves at once. The client drops its input, so that no ACK arrives; in the
 * first connection it sends a small, a full and a small segment, in the second a full and two small
 * ones.
 *
 * So large writes do not need TCP_NODELAY: neither their body nor their tail waits. What the rule
 * punishes is the second small write in a row.
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

enum { SMALL = 10, FULL = 988 };

static void three_writes(const char *how, const size_t *sizes)
{
	char data[FULL + 2 * SMALL] = "";
	int ends[2];

	tcp_pair_of_mss(1000, ends);
	drop_input(ends[CLIENT], true);
	for (int i = 0; i < 3; i++) {
		must_n(send(ends[CLIENT], data, sizes[i], 0));
		fact(not_sent(ends[CLIENT]), "%s, client not sent after %zu", how, sizes[i]);
	}

	drop_input(ends[CLIENT], false);
	send_all(ends[SERVER], data, 1); /* which brings the ACK */
	recv_all(ends[CLIENT], data, 1);
	recv_all(ends[SERVER], data, sizes[0] + sizes[1] + sizes[2]);
	must(close(ends[CLIENT]));
	await_hangup(ends[SERVER]);
	must(close(ends[SERVER]));
}

static void scene(void)
{
	tcp_timers_at_least(60);
	three_writes("small first", (const size_t[]){SMALL, FULL, SMALL});
	three_writes("full first", (const size_t[]){FULL, SMALL, SMALL});
}

int main(void)
{
	return over_both_families(scene);
}
