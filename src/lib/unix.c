#include "unix.h"

#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

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
	static int count;
	struct sockaddr_un name = {.sun_family = AF_UNIX};
	int fd = must(socket(AF_UNIX, type | SOCK_CLOEXEC, 0));

	/* The kernel would pick one for an empty name, but gVisor's does not. */
	snprintf(name.sun_path + 1, sizeof(name.sun_path) - 1, "csdesign %d %d", getpid(), count++);
	must(bind(fd, (struct sockaddr *)&name, sizeof(name)));
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
