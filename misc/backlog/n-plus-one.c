/*
 * backlog/n-plus-one: listen(n) queues n + 1 connections; the next SYN is dropped without a word.
 *
 * Three clients connect to listen(2) and nobody accepts: the kernel lets a SYN in while the queue
 * is not longer than n, which is one more than n. The fourth client hears nothing, neither SYN-ACK
 * nor RST, for the server is only busy: the client's kernel will repeat the SYN after a second, and
 * go on doing so for minutes. Only the server's counters tell of the drop. Once one connection has
 * been accepted a newcomer gets in; the one that was dropped learns of it only when its own timer
 * lets it ask again (backlog/freed-place-at-next-syn). With tcp_abort_on_overflow the kernel
 * refuses instead of staying silent, though not here: it applies to the last ACK of a handshake
 * that found the queue full, not to the SYN (rst/abort-on-overflow).
 *
 * Nothing here is measured in time. Were the machine so slow that the fourth SYN is repeated after
 * its second, each repetition is dropped and counted like the first and subtracted here. The
 * fourth client gives up before the place is freed, for its retransmission would race for it.
 *
 * So to the client the server looks slow: its connect() takes a second, or several, and nothing on
 * its side says why. On the server each such SYN is counted in ListenOverflows and ListenDrops. A
 * larger backlog absorbs a burst; it does not help a server that accepts too slowly.
 */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"

enum { BACKLOG = 2, QUEUED = BACKLOG + 1 };

static struct tcp_info tcp_info(int fd)
{
	struct tcp_info info;
	socklen_t length = sizeof(info);

	must(getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &length));
	return info;
}

/* Connect another client, and see the queue with it in it: the SYN of the next comes after that. */
static int join_queue(int listener, int number, int queued)
{
	int fd = must(socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));

	fact(connect_to(fd, listener), "client %d connect", number);
	await_accept_queue(listener, queued);
	return fd;
}

/* By how much a counter exceeds `before` once it holds all SYNs that `fd` has sent, less those that
 * only repeat the first: 1 where each was counted once. */
static long counted_per_syn(int fd, const char *counter, long before)
{
	long repeated, counted;

	do {
		repeated = tcp_info(fd).tcpi_total_retrans;
		counted = await_net_counter("TcpExt", counter, before + 1 + repeated) - before;
	} while (tcp_info(fd).tcpi_total_retrans != repeated);
	return counted - repeated;
}

static void scene(void)
{
	int listener = listen_loopback(BACKLOG), clients[QUEUED + 1], refused, accepted;

	for (int i = 0; i < QUEUED; i++)
		clients[i] = join_queue(listener, i + 1, i + 1);
	fact(accept_queue(listener), "listener queue");
	fact(tcp_info(listener).tcpi_sacked, "listener limit");

	long overflows = net_counter("TcpExt", "ListenOverflows");
	long drops = net_counter("TcpExt", "ListenDrops");

	refused = must(socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
	fact(connect_to(refused, listener), "client 4 connect");
	fact(counted_per_syn(refused, "ListenOverflows", overflows), "kernel ListenOverflows");
	fact(counted_per_syn(refused, "ListenDrops", drops), "kernel ListenDrops");
	fact_text("client 4 state", "%s", tcp_state(refused));
	must(close(refused));

	accepted = must(accept4(listener, NULL, NULL, SOCK_CLOEXEC));
	fact(accept_queue(listener), "listener queue after accept");
	clients[QUEUED] = join_queue(listener, QUEUED + 2, QUEUED);
	fact(accept_queue(listener), "listener queue");

	set_linger_zero(accepted); /* one packet ends each connection */
	must(close(accepted));
	must(close(listener));
	for (int i = 0; i <= QUEUED; i++)
		await_poll(clients[i], 0);
}

int main(void)
{
	return over_both_families(scene);
}
