/*
 * unix/listen-on-connected: a connected socket cannot be made to listen, even if it has a name.
 *
 * A Unix-domain socket that listens and one that has a peer are different things in the kernel, and
 * the second cannot become the first: listen() is refused with EINVAL and nothing changes. The
 * scene asks both ends of a connection, the one that was accepted (which has the listener's name)
 * and the one that called bind() before connect(), under a name in the abstract namespace and under
 * one in a directory; afterwards a byte goes each way. A DGRAM socket has no connections to wait
 * for: EOPNOTSUPP.
 *
 * So the result of listen() must be looked at: a program that takes it for granted waits in
 * accept() on a socket to which nobody can connect.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/unix.h"

static int named(int type, bool abstract, const char *name)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = must(socket(AF_UNIX, type | SOCK_CLOEXEC, 0));

	snprintf(address.sun_path + abstract, sizeof(address.sun_path) - 1, "%s", name);
	must(bind(fd, (struct sockaddr *)&address, sizeof(address)));
	return fd;
}

static void listen_when_connected(int type, bool abstract)
{
	int listener = named(type, abstract, "server"), client = named(type, abstract, "client");
	char what[64], byte;

	must(listen(listener, 1));
	must(connect_to(client, listener));

	int server = must(accept4(listener, NULL, NULL, SOCK_CLOEXEC));

	snprintf(what, sizeof(what), "%s %s", unix_type(type), abstract ? "abstract" : "pathname");
	fact(listen(client, 1), "%s client listen", what);
	fact(listen(server, 1), "%s server listen", what);
	fact(get_option(client, SOL_SOCKET, SO_ACCEPTCONN), "%s client SO_ACCEPTCONN", what);
	fact(send(client, "x", 1, 0), "%s client send", what);
	fact(recv(server, &byte, 1, 0), "%s server recv", what);
	fact(send(server, "x", 1, 0), "%s server send", what);
	fact(recv(client, &byte, 1, 0), "%s client recv", what);
	must(close(listener));
	must(close(client));
	must(close(server));
	if (!abstract) {
		must(unlink("server"));
		must(unlink("client"));
	}
}

int main(void)
{
	char directory[] = "/tmp/csdesign-XXXXXX";

	must_ptr(mkdtemp(directory));
	must(chdir(directory));
	for (int abstract = 0; abstract <= 1; abstract++) {
		listen_when_connected(SOCK_STREAM, abstract);
		listen_when_connected(SOCK_SEQPACKET, abstract);
	}
	must(rmdir(directory));
	fact(listen(unix_bound(SOCK_DGRAM), 1), "DGRAM listen");
	return 0;
}
