/*
 * unix/oob-not-on-records: sockets that keep records know no urgent byte.
 *
 * MSG_OOB in send() and in recv(), and SIOCATMARK, are EOPNOTSUPP on DGRAM and SEQPACKET: a mark is
 * a place in a stream of bytes, and a message has its own boundaries. The refused send() queues
 * nothing, the refused recv() takes nothing: the record that waits there is read afterwards.
 *
 * So where messages carry urgency it belongs into them, or on a socket of its own.
 */
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "lib/fact.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/unix.h"

static void ask(int type)
{
	const char *name = unix_type(type);
	char bytes[8];
	int ends[2], at_mark = 0;

	must(socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, ends));
	send_all(ends[0], "record", 6);
	fact(send(ends[0], "x", 1, MSG_OOB), "%s send MSG_OOB", name);
	fact(recv(ends[1], bytes, sizeof(bytes), MSG_OOB), "%s recv MSG_OOB", name);
	fact(ioctl(ends[1], SIOCATMARK, &at_mark), "%s SIOCATMARK", name);
	fact(recv(ends[1], bytes, sizeof(bytes), 0), "%s recv", name);
	fact(recv(ends[1], bytes, sizeof(bytes), MSG_DONTWAIT), "%s recv again", name);
}

int main(void)
{
	ask(SOCK_SEQPACKET);
	ask(SOCK_DGRAM);
	return 0;
}
