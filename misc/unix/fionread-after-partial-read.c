/*
 * unix/fionread-after-partial-read: SIOCINQ counts what is left, to the byte; a peek changes
 * nothing.
 *
 * A hundred bytes are queued in one piece and thirty of them read. On a stream the piece stays in
 * the queue with a note how far it was read, and the count must heed that note, as it must the ends
 * of several pieces. Of records the count is that of all in the queue on SEQPACKET, and of the
 * first alone on DGRAM, as for UDP; a record read in part is gone as a whole on both.
 *
 * So SIOCINQ (or FIONREAD, which is the same number) tells how big a buffer one recv() can fill on
 * a stream, and how big the next message is on DGRAM; on SEQPACKET it is no size of anything that
 * one call could return.
 */
#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/unix.h"

static void fact_queued(int fd, const char *type, const char *when)
{
	int queued;

	must(ioctl(fd, SIOCINQ, &queued));
	fact(queued, "%s SIOCINQ %s", type, when);
}

static void read_in_part(int type)
{
	const char *name = unix_type(type);
	char bytes[100] = {0};
	int ends[2];

	must(socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, ends));
	fact_queued(ends[1], name, "at first");
	send_all(ends[0], bytes, 100);
	send_all(ends[0], bytes, 10);
	fact_queued(ends[1], name, "after sends of 100 and 10");
	must_n(recv(ends[1], bytes, 30, MSG_PEEK));
	fact_queued(ends[1], name, "after a peek at 30");
	must_n(recv(ends[1], bytes, 30, 0));
	fact_queued(ends[1], name, "after a recv of 30");
	while (recv(ends[1], bytes, sizeof(bytes), MSG_DONTWAIT) > 0)
		;
	fact_queued(ends[1], name, "when all is read");
	must(close(ends[0]));
	must(close(ends[1]));
}

int main(void)
{
	read_in_part(SOCK_STREAM);
	read_in_part(SOCK_SEQPACKET);
	read_in_part(SOCK_DGRAM);
	return 0;
}
