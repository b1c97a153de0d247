/*
 * zerocopy/failed-send-takes-no-id: only a send() that succeeded is numbered.
 *
 * One send() with MSG_ZEROCOPY succeeds and takes number 0. Then the peer resets the connection:
 * the next one is ECONNRESET, the one after it EPIPE. Neither lends memory, and neither takes a
 * number; the error queue holds the notification of number 0, which the reset does not lose, and no
 * other.
 *
 * So count a number only when send() returned more than 0; a buffer of a call that failed is the
 * program's own at once.
 */
#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/zerocopy.h"

static void scene(void)
{
	static char page[4096];
	struct sock_extended_err notice;
	int ends[2];

	tcp_pair(ends);
	zerocopy_enable(ends[CLIENT]);
	fact(send(ends[CLIENT], page, 100, MSG_ZEROCOPY), "client send");
	zerocopy_await(ends[CLIENT]);
	set_linger_zero(ends[SERVER]);
	must(close(ends[SERVER]));
	await_hangup(ends[CLIENT]);
	fact(send(ends[CLIENT], page, 100, MSG_ZEROCOPY | MSG_NOSIGNAL), "client send after RST");
	fact(send(ends[CLIENT], page, 100, MSG_ZEROCOPY | MSG_NOSIGNAL), "client send again");
	while (zerocopy_notice(ends[CLIENT], &notice))
		fact_text("notification", "%u to %u", notice.ee_info, notice.ee_data);
	fact(-1, "error queue");
}

int main(void)
{
	return over_both_families(scene);
}
