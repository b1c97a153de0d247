/*
 * backlog/relisten-grows: a second listen() changes the backlog, and lets in who was turned away.
 *
 * listen() on a socket that listens already sets the new limit and touches nothing else; the queue
 * and who is in it stay. A client whose SYN was dropped for a full queue is not told, for nobody
 * remembers it: its own kernel repeats the SYN, a second after the first, and then it gets in. The
 * number of retransmissions, which TCP_INFO tells, shows that it was so. Lowering the backlog, too,
 * turns nobody out.
 *
 * So a running server may raise its backlog without closing the listener or losing a connection;
 * clients that were dropped before see a connect() of whole seconds nonetheless.
 */
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/info.h"
#include "lib/must.h"
#include "lib/net.h"

static void scene(void)
{
	int listener = listen_loopback(0), clients[3];

	clients[0] = knock(listener);
	clients[1] = knock(listener);
	fact_text("client 1 state", "%s", tcp_state(clients[0]));
	fact_text("client 2 state", "%s", tcp_state(clients[1]));

	fact(listen(listener, 2), "listen again with more");
	await_poll(clients[1], POLLOUT);
	fact_text("client 2 state", "%s", tcp_state(clients[1]));
	fact_text("client 2 repeated its SYN", "%s",
		  tcp_counts(clients[1]).repeated > 0 ? "yes" : "no");
	await_accept_queue(listener, 2);
	clients[2] = knock(listener);
	fact_text("client 3 state", "%s", tcp_state(clients[2]));

	fact(listen(listener, 1), "listen again with less");
	fact(accept_queue(listener), "listener queue");
	for (int i = 0; i < 3; i++)
		must(close(must(accept4(listener, NULL, NULL, SOCK_CLOEXEC))));
	fact(accept_queue(listener), "listener queue when all are accepted");
}

int main(void)
{
	return over_both_families(scene);
}
