/*
 * accept/rebind-with-live-connections: a port with live connections is free for whoever both allow.
 *
 * The listener is closed while a connection that it accepted goes on. That connection has the
 * listener's port, and the kernel lets another socket bind to it only where both sockets allow it
 * by SO_REUSEADDR: the new one, and the one that is there. The latter has what its listener had
 * when the handshake began. It need not be TIME_WAIT: an established connection is enough to keep
 * the port, and to let it go.
 *
 * So a server sets SO_REUSEADDR before its first bind(), always: set only by the one that is
 * restarted it comes too late, for as long as a client of the old one stays. It does not allow two
 * listeners on one port; that remains EADDRINUSE (reuseport/bind-rules).
 */
#include <stdbool.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"

static int make_socket(bool reuse)
{
	int fd = must(socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));

	set_option(fd, SOL_SOCKET, SO_REUSEADDR, reuse);
	return fd;
}

static void play(const char *name, bool old_allows, bool new_allows)
{
	struct sockaddr_storage address;
	socklen_t length = loopback_address(0, &address);
	int listener = make_socket(old_allows), again = make_socket(new_allows);

	must(bind(listener, (struct sockaddr *)&address, length));
	must(listen(listener, 1));
	must(getsockname(listener, (struct sockaddr *)&address, &length));

	int client = connect_loopback(listener);
	int served = must(accept4(listener, NULL, NULL, SOCK_CLOEXEC));

	must(close(listener));
	if (fact(bind(again, (struct sockaddr *)&address, length), "%s: bind", name) == 0)
		fact(listen(again, 1), "listen");
	fact_text("connection", "%s", tcp_state(served));
	must(close(again));
	must(close(client));
	must(close(served));
}

static void scene(void)
{
	play("neither", false, false);
	play("only the old", true, false);
	play("only the new", false, true);
	play("both", true, true);
}

int main(void)
{
	return over_both_families(scene);
}
