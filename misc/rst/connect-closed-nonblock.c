/*
 * rst/connect-closed-nonblock: of a refused connect() that did not block, the first call to ask is
 * told, and no other.
 *
 * A nonblocking connect() is under way (EINPROGRESS) when it returns; the RST that refuses it sets
 * every bit that poll() was asked for, and ERR and HUP. The error waits in the socket for whoever
 * comes first, be it SO_ERROR, recv(), send() or a second connect(), and is gone with that. Whoever
 * comes later finds a socket that looks as if it had been connected and had ended: recv() is 0, and
 * send() is EPIPE with SIGPIPE. Only after connect() itself has reported the error is the socket as
 * good as new: not connected.
 *
 * So a client looks at SO_ERROR once, as soon as poll() says that the socket is writable, and keeps
 * what it says. Who treats "writable" as "connected" and reads first takes the second call's 0 for
 * an empty answer, and who writes may be killed.
 */
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/proc.h"

static int server; /* bound, and never listens */

static int refused(const char *what)
{
	int fd = must(socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));

	fact(connect_to(fd, server), "client connect, then %s first", what);
	await_hangup(fd);
	return fd;
}

static void then(int fd)
{
	char byte;

	fact_text("client poll", "%s", poll_mask(await_poll(fd, POLLIN | POLLOUT | POLLRDHUP)));
	fact_errno("client SO_ERROR", get_option(fd, SOL_SOCKET, SO_ERROR));
	fact(recv(fd, &byte, 1, 0), "client recv");
	fact(send(fd, "x", 1, 0), "client send");
	fact(signals_counted(), "client SIGPIPEs");
	must(close(fd));
}

static void scene(void)
{
	struct sockaddr_storage loopback;
	socklen_t length = loopback_address(0, &loopback);
	char byte;
	int fd;

	count_signal(SIGPIPE, 0);
	server = must(socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));
	must(bind(server, (struct sockaddr *)&loopback, length));

	fd = refused("SO_ERROR");
	fact_text("client poll", "%s", poll_mask(await_poll(fd, POLLIN | POLLOUT | POLLRDHUP)));
	fact_errno("client SO_ERROR", get_option(fd, SOL_SOCKET, SO_ERROR));
	then(fd);

	fd = refused("recv");
	fact(recv(fd, &byte, 1, 0), "client recv");
	then(fd);

	fd = refused("send");
	fact(send(fd, "x", 1, 0), "client send");
	fact(signals_counted(), "client SIGPIPEs");
	then(fd);

	fd = refused("connect");
	fact(connect_to(fd, server), "client connect again");
	then(fd);
}

int main(void)
{
	return over_both_families(scene);
}
