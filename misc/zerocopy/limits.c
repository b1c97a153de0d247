/*
 * zerocopy/limits: what the kernel has to remember for MSG_ZEROCOPY is limited, and ENOBUFS says
 * so.
 *
 * Every call keeps a note until its memory is free, and the notes of one socket may take as much as
 * net.core.optmem_max. Here that is 2048 bytes, and no ACK is heard, so nothing becomes free: after
 * a few calls send() with the flag is ENOBUFS, while one without it still goes through. When the
 * ACKs come, the notes are given back, and the flag works again. What failed took no number.
 *
 * So ENOBUFS is no end: send the same bytes without the flag, or wait for notifications and read
 * them. How many calls fit is not to be relied on.
 */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
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
	struct sock_extended_err notice = {0};
	int ends[2];
	unsigned calls = 0, last = 0;

	set_sysctl("net.core.optmem_max", "2048");
	tcp_pair(ends);
	set_option(ends[CLIENT], IPPROTO_TCP, TCP_NODELAY, 1); /* calls that wait share a note */
	zerocopy_enable(ends[CLIENT]);
	drop_input(ends[CLIENT], true);
	while (calls < 1000 && send(ends[CLIENT], page, 100, MSG_ZEROCOPY) == 100)
		calls++;
	fact_text("client sends with the flag", "%s", calls == 0 ? "none" : "some");
	fact(send(ends[CLIENT], page, 100, MSG_ZEROCOPY), "then");
	fact(send(ends[CLIENT], page, 100, 0), "client send without the flag");

	drop_input(ends[CLIENT], false);
	zerocopy_await(ends[CLIENT]);
	while (zerocopy_notice(ends[CLIENT], &notice))
		last = notice.ee_data;
	fact(calls - 1 - last, "calls that succeeded and were not named");
	fact(send(ends[CLIENT], page, 100, MSG_ZEROCOPY),
	     "client send with the flag, after the ACKs");
	zerocopy_await(ends[CLIENT]);
	if (zerocopy_notice(ends[CLIENT], &notice))
		fact(notice.ee_info - last, "its number, after the last before");
}

int main(void)
{
	return over_both_families(scene);
}
