/*
 * backlog/freed-place-at-next-syn: accept() frees a place, which a dropped client learns by asking
 * again.
 *
 * The queue is full and the second client's SYN was dropped without a word (backlog/n-plus-one).
 * The server then accepts the first: there is room, but the kernel kept nothing of the second
 * client and cannot call it in. Its own kernel repeats the SYN when its timer ends, after a second
 * at first, and that is let in. Until then the place is free for whoever comes: here nobody does.
 *
 * So a moment in which the queue is full costs each client that asks in it a second or more,
 * however soon the server has caught up; connect times that come in whole seconds are its sign, and
 * ListenOverflows counts them. `nstat -az TcpExtListenOverflows` is the first thing to look at.
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
	int listener = listen_loopback(0), first = knock(listener), second = knock(listener);
	int served;

	fact_text("client 1 state", "%s", tcp_state(first));
	fact_text("client 2 state", "%s", tcp_state(second));
	served = must(accept4(listener, NULL, NULL, SOCK_CLOEXEC));
	await_poll(second, POLLOUT);
	fact_text("client 2 state", "%s", tcp_state(second));
	fact_text("client 2 repeated its SYN", "%s",
		  tcp_counts(second).repeated > 0 ? "yes" : "no");

	set_linger_zero(served); /* one packet ends each connection */
	must(close(served));
	served = must(accept4(listener, NULL, NULL, SOCK_CLOEXEC));
	set_linger_zero(served);
	must(close(served));
	await_hangup(first);
	await_hangup(second);
}

int main(void)
{
	return over_both_families(scene);
}
