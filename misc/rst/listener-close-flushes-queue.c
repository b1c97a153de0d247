/*
 * rst/listener-close-flushes-queue: close() of a listener resets what nobody accepted.
 *
 * The kernel completes handshakes by itself, and takes and acknowledges data, before any process
 * has called accept(). Here two clients are connected so, one has even sent; no process knows of
 * either. When the listener is closed nobody ever will, and each gets its RST: no standard asks for
 * it, but whom could the bytes be given to? The server's side of both is established by then, which
 * is awaited: a client is connected a little earlier, with its own ACK still on the way.
 *
 * So a client that is connected has not reached a server yet, and a server that restarts loses
 * those clients unless the listening socket outlives it: hand it to the successor over exec, or by
 * SCM_RIGHTS (scm/listener-pass), rather than close it.
 */
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"

static void scene(void)
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
}

int main(void)
{
	return over_both_families(scene);
}
