/*
 * accept/rst-before-accept: a connection that was reset while it waited is accepted all the same.
 *
 * The client sends, aborts, and only then the server calls accept(). POSIX offers ECONNABORTED for
 * this, and BSD systems have taken such a connection from the queue. Linux leaves it there: the
 * reset changes the state of the waiting socket, not the queue. The listener stays readable,
 * accept() succeeds and even tells who it was, and the error waits in the new socket: poll() shows
 * it, getpeername() knows no peer any more, and recv() hands out what came before the reset first.
 *
 * So accept() is no proof of a live connection, and a server learns of the abort where it reads.
 * The listener should be non-blocking nonetheless where it is polled: on systems that do take the
 * connection away accept() would block for the next one.
 */
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"

static void play(const char *name, const char *data, size_t size)
{
	int listener = listen_loopback(1), client = connect_loopback(listener), fd;
	int port = local_port(client);
	struct sockaddr_storage peer, expected;
	socklen_t length = sizeof(peer), expected_length = loopback_address(port, &expected);
	char text[8];

	await_accept_queue(listener, 1);
	send_all(client, data, size);
	await_acked(client);
	set_linger_zero(client);
	must(close(client));
	/* The listener's own connection, at its port, is the one that the reset ends. */
	await_tcp_sockets(local_port(listener), TCP_ESTABLISHED, 0);

	fact(accept_queue(listener), "%s: listener queue", name);
	fact_text("listener poll", "%s", poll_mask(await_poll(listener, POLLIN)));
	fd = accept4(listener, (struct sockaddr *)&peer, &length, SOCK_CLOEXEC);
	fact(fd == -1 ? -1 : 0, "accept");
	fact_text("address", "%s",
		  length == expected_length && memcmp(&peer, &expected, length) == 0
			  ? "the client's"
			  : "another");
	fact_text("server poll", "%s", poll_mask(await_poll(fd, POLLIN | POLLOUT | POLLRDHUP)));
	length = sizeof(peer);
	fact(getpeername(fd, (struct sockaddr *)&peer, &length), "server getpeername");
	for (int i = 0; i < 3; i++)
		fact(recv(fd, text, sizeof(text), 0), "server recv");
	must(close(fd));
	must(close(listener));
}

static void scene(void)
{
	play("without data", "", 0);
	play("with data", "hello", 5);
}

int main(void)
{
	return over_both_families(scene);
}
