#include "unix.h"

#include <sys/socket.h>

#include "must.h"
#include "net.h"

const char *unix_type(int type)
{
	switch (type) {
	case SOCK_STREAM: return "STREAM";
	case SOCK_SEQPACKET: return "SEQPACKET";
	case SOCK_DGRAM: return "DGRAM";
	default: die("socket type %d", type);
	}
}

int unix_bound(int type)
{
	struct sockaddr nameless = {.sa_family = AF_UNIX};
	int fd = must(socket(AF_UNIX, type | SOCK_CLOEXEC, 0));

	must(bind(fd, &nameless, sizeof(nameless.sa_family))); /* the kernel picks a name */
	return fd;
}

int unix_listener(int type, int backlog)
{
	int fd = unix_bound(type);

	must(listen(fd, backlog));
	return fd;
}

int unix_connected(int type, int other)
{
	int fd = must(socket(AF_UNIX, type | SOCK_CLOEXEC, 0));

	must(connect_to(fd, other));
	return fd;
}
