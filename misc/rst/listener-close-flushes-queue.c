/*
 * rst/listener-close-flushes-queue: close() of a listener resets what nobody accepted.
 *
 * Two clients are connected, for the kernel completes handshakes by itself; one has even sent and
 * had its bytes acknowledged. No process knows of either. When the listener is closed nobody ever
 * will, and each gets its RST. The server's side of both is established by then, which is awaited:
 * a client is connected a little earlier, with its own ACK still on the way.
 */
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/must.h"
#include "lib/net.h"

int main(void)
{
	int listener = listen_loopback(2);
	int clients[2];
	char byte;

	for (int i = 0; i < 2; i++) {
		clients[i] = connect_loopback(listener);
		await_accept_queue(listener, i + 1);
	}
	send_all(clients[1], "hello", 5);
	await_acked(clients[1]);

	long resets = counted("Tcp", "OutRsts");

	must(close(listener));
	for (int i = 0; i < 2; i++) {
		fact(recv(clients[i], &byte, 1, 0), "client %d recv", i + 1);
		fact(recv(clients[i], &byte, 1, 0), "client %d recv again", i + 1);
	}
	fact_counted("Tcp", "OutRsts", resets);
	return 0;
}
