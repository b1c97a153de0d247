/*
 * scm/passrights-off: a socket that takes no descriptors makes the sender fail.
 *
 * SO_PASSRIGHTS is on by default. Switched off at the receiver, sendmsg() with a descriptor is
 * EPERM and nothing arrives, while plain data passes: a server need not fear to be handed
 * descriptors that it has to find and close.
 */
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/scm.h"

#ifndef SO_PASSRIGHTS
#define SO_PASSRIGHTS 83
#endif

int main(void)
{
	int ends[2], value = -1, off = 0, fd = STDOUT_FILENO;
	socklen_t length = sizeof(value);
	char byte;

	must(socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
	if (fact(getsockopt(ends[1], SOL_SOCKET, SO_PASSRIGHTS, &value, &length),
		 "getsockopt(SO_PASSRIGHTS)") == -1)
		return 0;
	fact(value, "receiver SO_PASSRIGHTS");
	must(setsockopt(ends[1], SOL_SOCKET, SO_PASSRIGHTS, &off, sizeof(off)));

	fact(send_fds(ends[0], "f", 1, &fd, 1), "send with a descriptor");
	fact(send(ends[0], "x", 1, 0), "send without");
	fact(recv(ends[1], &byte, 1, MSG_DONTWAIT), "receiver recv");
	fact(recv(ends[1], &byte, 1, MSG_DONTWAIT), "receiver recv again");
	return 0;
}
