/*
 * rst/connect-closed-port: connect() to a port where nobody listens is refused by RST.
 *
 * The port is closed for certain: it belongs to a socket that is bound and does not listen yet.
 * The connection that was asked for does not exist, so the RST has no sequence number of its own
 * to give (0) and no window (0); it is believed because it acknowledges the SYN. The error ends the
 * attempt, not the descriptor: once the same port listens, the same client socket connects. Both
 * sockets have their window clamped, for the picture's sake: it differs between machines else.
 *
 * So ECONNREFUSED means that the host is there and the server is not, or not yet. On Linux the same
 * descriptor may try again; POSIX leaves the state of the socket open after a failed connect(), so
 * portable programs close it and take a new one.
 */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"

enum { WINDOW = 1200 }; /* about the least that the kernel takes */

static void scene(void)
{
	struct sockaddr_storage loopback;
	socklen_t length = loopback_address(0, &loopback);
	int server = must(socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));
	int client = must(socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));

	set_option(server, IPPROTO_TCP, TCP_WINDOW_CLAMP, WINDOW);
	set_option(client, IPPROTO_TCP, TCP_WINDOW_CLAMP, WINDOW);
	must(bind(server, (struct sockaddr *)&loopback, length));

	long resets = counted("Tcp", "OutRsts");

	fact(connect_to(client, server), "client connect");
	fact_errno("client SO_ERROR", get_option(client, SOL_SOCKET, SO_ERROR));
	fact_counted("Tcp", "OutRsts", resets);

	must(listen(server, 1));
	set_option(client, IPPROTO_TCP, TCP_WINDOW_CLAMP, WINDOW); /* the RST has undone it */
	if (fact(connect_to(client, server), "client connect again") == -1)
		return;

	int accepted = must(accept4(server, NULL, NULL, SOCK_CLOEXEC));

	set_linger_zero(accepted); /* one packet ends the scene */
	must(close(accepted));
	await_poll(client, 0);
}

int main(void)
{
	return over_both_families(scene);
}
