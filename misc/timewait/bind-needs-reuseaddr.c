/*
 * timewait/bind-needs-reuseaddr: a port in TIME_WAIT can be bound with SO_REUSEADDR, not without.
 *
 * A server that closes its connections itself, as one does that is told to stop, leaves them in
 * TIME_WAIT on its own port. Started again it finds the port taken: a connection that may still
 * get segments stands on it. SO_REUSEADDR says that this does not matter, and it does not, since
 * segments find a connection by all four numbers, not by the port alone. Linux asks both sides:
 * the socket that left the TIME_WAIT, which inherits from its listener, must have allowed it, too.
 *
 * The scene is played with the option on neither, on one of the two and on both listeners.
 *
 * So a server sets SO_REUSEADDR before it binds, each time it starts; otherwise it cannot be
 * started again for a minute, and not because anything was wrong with it.
 */
#include <netinet/tcp.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"

/* A port with nothing but a TIME_WAIT on it, left by a server that had the option, or not. */
static int port_in_time_wait(bool reuse)
{
	struct sockaddr_storage address;
	socklen_t length = loopback_address(0, &address);
	int listener = must(socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));

	set_option(listener, SOL_SOCKET, SO_REUSEADDR, reuse);
	must(bind(listener, (struct sockaddr *)&address, length));
	must(listen(listener, 1));

	int port = local_port(listener), client = connect_loopback(listener);
	int server = must(accept4(listener, NULL, NULL, SOCK_CLOEXEC));

	must(close(listener));
	must(close(server)); /* the server first */
	await_hangup(client);
	must(close(client));
	await_tcp_sockets(port, TCP_TIME_WAIT, 1);
	return port;
}

static void start_again(bool before, bool now, const char *who)
{
	struct sockaddr_storage address;
	socklen_t length = loopback_address(port_in_time_wait(before), &address);
	int fd = must(socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));

	set_option(fd, SOL_SOCKET, SO_REUSEADDR, now);
	if (fact(bind(fd, (struct sockaddr *)&address, length), "%s, server bind", who) == 0)
		fact(listen(fd, 1), "%s, server listen", who);
	must(close(fd));
}

static void scene(void)
{
	start_again(false, false, "SO_REUSEADDR on neither");
	start_again(true, false, "on the first");
	start_again(false, true, "on the second");
	start_again(true, true, "on both");
}

int main(void)
{
	need_orphans_told();
	return over_both_families(scene);
}
