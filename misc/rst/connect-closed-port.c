/*
 * rst/connect-closed-port: connect() to a port where nobody listens is refused by RST.
 *
 * The port is closed for certain: it belongs to a socket that is bound and does not listen yet.
 * The connection that was asked for does not exist, so the RST has no sequence number of its own
 * to give (0) and names the SYN that it answers by acknowledging it. The error ends the attempt,
 * not the descriptor: once the same port listens, the same client socket connects.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/must.h"
#include "lib/net.h"

int main(void)
{
	struct sockaddr_in loopback = {.sin_family = AF_INET,
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int server = must(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
	int client = must(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));

	must(bind(server, (struct sockaddr *)&loopback, sizeof(loopback)));

	long resets = counted("Tcp", "OutRsts");

	fact(connect_to(client, server), "client connect");
	fact_errno("client SO_ERROR", get_option(client, SOL_SOCKET, SO_ERROR));
	fact_counted("Tcp", "OutRsts", resets);

	must(listen(server, 1));
	if (fact(connect_to(client, server), "client connect again") == -1)
		return 0;

	int accepted = must(accept4(server, NULL, NULL, SOCK_CLOEXEC));

	set_linger_zero(accepted); /* one packet ends the scene */
	must(close(accepted));
	await_poll(client, 0);
	return 0;
}
