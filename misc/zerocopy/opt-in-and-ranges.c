/*
 * zerocopy/opt-in-and-ranges: without SO_ZEROCOPY the flag means nothing; with it, calls are
 * numbered and notifications name ranges.
 *
 * A program that gives MSG_ZEROCOPY to a socket without the option gets an ordinary send(), and no
 * notification. With the option every send() with the flag takes the next number, from 0 on; one
 * without the flag takes none, nor does one of no bytes. When the kernel needs the memory of some
 * calls no longer it says so in the error queue, with ee_origin 5, SO_EE_ORIGIN_ZEROCOPY, ee_errno
 * 0, and the first and last number. Those that follow each other unread become one: three calls are
 * 0 to 2, the next two 3 to 4.
 *
 * So a program counts its own calls with the flag, and frees a buffer when its number lies in a
 * range it has read; one notification may free many.
 */
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/zerocopy.h"

static char page[4096] = "lent";

static void notices(int fd)
{
	struct sock_extended_err notice;

	zerocopy_await(fd);
	while (zerocopy_notice(fd, &notice)) {
		fact_text("notification", "%u to %u", notice.ee_info, notice.ee_data);
		fact(notice.ee_origin, "ee_origin");
		fact_errno("ee_errno", (int)notice.ee_errno);
	}
	fact(-1, "error queue");
}

static void scene(void)
{
	int ends[2];

	tcp_pair(ends);
	fact(send(ends[CLIENT], page, 100, MSG_ZEROCOPY), "send without SO_ZEROCOPY");
	notices(ends[CLIENT]);

	zerocopy_enable(ends[CLIENT]);
	for (int i = 0; i < 3; i++)
		fact(send(ends[CLIENT], page, 100, MSG_ZEROCOPY), "send with MSG_ZEROCOPY");
	notices(ends[CLIENT]);

	fact(send(ends[CLIENT], page, 100, MSG_ZEROCOPY), "send with MSG_ZEROCOPY");
	fact(send(ends[CLIENT], page, 100, 0), "send without");
	fact(send(ends[CLIENT], page, 0, MSG_ZEROCOPY), "send of nothing with MSG_ZEROCOPY");
	fact(send(ends[CLIENT], page, 100, MSG_ZEROCOPY), "send with MSG_ZEROCOPY");
	notices(ends[CLIENT]);
}

int main(void)
{
	return over_both_families(scene);
}
