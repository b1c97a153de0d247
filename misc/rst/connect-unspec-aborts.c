/*
 * rst/connect-unspec-aborts: connect() to an address of family AF_UNSPEC aborts a connection.
 *
 * For a datagram socket that dissolves an association. For TCP Linux takes it as a wish to be rid
 * of the connection now: it sends RST, the socket is back in CLOSE, and the descriptor may connect
 * anew. The peer reads ECONNRESET. The socket itself keeps that error, too, for whoever asks first,
 * as if the reset had come from outside.
 *
 * So there is a second way to abort, one that keeps the descriptor, with its number, its options
 * and its place in an epoll set. It is of Linux; POSIX asks for it with datagram sockets only.
 */
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"

static void scene(void)
{
	const struct sockaddr unspec = {.sa_family = AF_UNSPEC};
	int listener = listen_loopback(1);
	int client = connect_loopback(listener);
	int server = must(accept4(listener, NULL, NULL, SOCK_CLOEXEC));
	char byte;

	long resets = counted("Tcp", "OutRsts");

	if (fact(connect(client, &unspec, sizeof(unspec)), "client connect to AF_UNSPEC") == -1)
		return;
	fact_text("client state", "%s", tcp_state(client));
	fact_errno("client SO_ERROR", get_option(client, SOL_SOCKET, SO_ERROR));
	fact_errno("client SO_ERROR again", get_option(client, SOL_SOCKET, SO_ERROR));
	fact(recv(client, &byte, 1, 0), "client recv");
	fact(recv(server, &byte, 1, 0), "server recv");
	fact(recv(server, &byte, 1, 0), "server recv again");
	fact_counted("Tcp", "OutRsts", resets);
	must(close(server));

	fact(connect_to(client, listener), "client connect");
	server = must(accept4(listener, NULL, NULL, SOCK_CLOEXEC));
	fact(send(client, "x", 1, MSG_NOSIGNAL), "client send");
	fact(recv(server, &byte, 1, 0), "server recv");
	set_linger_zero(server); /* one packet ends the scene */
	must(close(server));
	await_hangup(client);
}

int main(void)
{
	return over_both_families(scene);
}
