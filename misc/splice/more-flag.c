/*
 * splice/more-flag: SPLICE_F_MORE holds a segment that is not full, as MSG_MORE does for send().
 *
 * 100 bytes go from a pipe to a TCP socket without the flag, and leave at once. 100 more go with it
 * and are held: SIOCOUTQNSD counts them. 100 without it take those along, as one segment. The timer
 * that would push out after 200 ms what is held is made to wait.
 *
 * So give SPLICE_F_MORE only when another call is sure to follow, and leave it out of the last: a
 * flag too many costs the peer 200 ms.
 */
#include <fcntl.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/known.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/timers.h"

static int ends[2], pipes[2];

static void splice_out(const char *how, unsigned flags)
{
	int unsent = 0;

	fact(splice(pipes[0], NULL, ends[SERVER], NULL, 100, flags), "splice %s", how);
	must(ioctl(ends[SERVER], SIOCOUTQNSD, &unsent));
	fact(unsent, "not sent");
}

static void scene(void)
{
	int file = known_file(300);

	tcp_timers_at_least(60);
	tcp_pair(ends);
	set_option(ends[SERVER], IPPROTO_TCP, TCP_NODELAY, 1);
	must(pipe2(pipes, O_CLOEXEC));
	must_n(splice(file, NULL, pipes[1], NULL, 300, 0));

	splice_out("without SPLICE_F_MORE", 0);
	await_acked(ends[SERVER]); /* an ACK would push out what is held */
	splice_out("with SPLICE_F_MORE", SPLICE_F_MORE);
	splice_out("without SPLICE_F_MORE", 0);
	must(close(ends[SERVER]));
	fact_text("client recv", "%s", known_to_end(ends[CLIENT], 0, 300));
	must(close(ends[CLIENT]));
}

int main(void)
{
	return over_both_families(scene);
}
