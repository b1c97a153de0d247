/*
 * zerocopy/loopback-copied: over loopback the kernel copies after all, and says so.
 *
 * A receiver in the same kernel could hold the sender's pages for as long as it likes. So the
 * loopback device copies before it hands them on: the notification comes while the peer has read
 * nothing yet, with ee_code 1, SO_EE_CODE_ZEROCOPY_COPIED. Buffers that are overwritten then do not
 * change what the peer reads. sendfile(), which lends pages of a file, has no such scruples
 * (sendfile/aliases-page-cache).
 *
 * So what MSG_ZEROCOPY saves cannot be measured over loopback: there it costs a copy and the
 * notifications. A program that sees ee_code 1 may as well stop to give the flag.
 */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/zerocopy.h"

enum { SIZE = 4096 };

static void scene(void)
{
	static char page[SIZE], received[SIZE];
	struct sock_extended_err notice;
	int ends[2], old = 0;

	tcp_pair(ends);
	zerocopy_enable(ends[CLIENT]);
	memset(page, 'o', sizeof(page));
	fact(send(ends[CLIENT], page, sizeof(page), MSG_ZEROCOPY), "client send");
	zerocopy_await(ends[CLIENT]);
	if (!zerocopy_notice(ends[CLIENT], &notice))
		die("no notification: %s", errno_name(errno));
	fact(notice.ee_code, "notification before the peer reads, ee_code");

	memset(page, 'n', sizeof(page));
	recv_all(ends[SERVER], received, sizeof(received));
	for (int i = 0; i < SIZE; i++)
		old += received[i] == 'o';
	fact(old, "bytes that the server gets from before the change");
}

int main(void)
{
	return over_both_families(scene);
}
