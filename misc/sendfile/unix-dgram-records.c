/*
 * sendfile/unix-dgram-records: a file sent to a datagram socket is one record.
 *
 * 10000 bytes in one sendfile() to an AF_UNIX datagram socket; how many records the peer receives,
 * and of how many bytes, shows whether the kernel hands the pages over at once or one by one.
 */
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/known.h"
#include "lib/must.h"
#include "lib/net.h"

int main(void)
{
	char bytes[16384];
	int ends[2], file = known_file(10000);

	must(socketpair(AF_UNIX, SOCK_DGRAM, 0, ends));
	set_nonblocking(ends[1], true);

	fact(sendfile(ends[0], file, NULL, 10000), "sendfile");
	while (fact(recv(ends[1], bytes, sizeof(bytes), 0), "peer recv") > 0)
		;
	return 0;
}
