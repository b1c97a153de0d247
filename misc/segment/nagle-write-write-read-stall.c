/*
 * segment/nagle-write-write-read-stall: a request in two small writes waits for a delayed ACK.
 *
 * The client writes a header, then a body, and waits for the answer. Nagle's rule holds the body
 * until the header is acknowledged; the server's kernel delays that ACK, 40 ms at least, because it
 * hopes for an answer to carry it; and the server cannot answer before it has the body. Each of
 * them is right and together they stand still until the timer rings. Four ways out are tried: with
 * TCP_NODELAY, in one write and in one writev() the request leaves at once, as the count of bytes
 * not sent says; a server that set TCP_QUICKACK acknowledges the header without any timer, as the
 * count of ACKs by timer says. TCP_QUICKACK 0 puts a server where any is after a few exchanges.
 *
 * So a program writes a message at once, from a buffer of its own or with writev(); and sets
 * TCP_NODELAY where it cannot know what a message is.
 */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/timers.h"

enum request { WRITE_WRITE, WRITE_WRITE_NODELAY, ONE_WRITE, WRITEV, WRITE_WRITE_QUICKACK };

static void transact(enum request request)
{
	static const char *const names[] = {"two writes", "two writes, TCP_NODELAY", "one write",
					    "writev", "two writes, TCP_QUICKACK"};
	char header[10] = "", body[10] = "", both[20] = "";
	int ends[2], server_quick = request == WRITE_WRITE_QUICKACK;
	struct iovec parts[] = {{header, sizeof(header)}, {body, sizeof(body)}};

	tcp_pair(ends);
	set_option(ends[SERVER], IPPROTO_TCP, TCP_QUICKACK, server_quick);
	set_option(ends[CLIENT], IPPROTO_TCP, TCP_NODELAY, request == WRITE_WRITE_NODELAY);

	long by_timer = net_counter("TcpExt", "DelayedACKs"), since = milliseconds();

	if (request == ONE_WRITE) {
		send_all(ends[CLIENT], both, sizeof(both));
	} else if (request == WRITEV) {
		must_n(writev(ends[CLIENT], parts, 2));
	} else {
		send_all(ends[CLIENT], header, sizeof(header));
		if (request == WRITE_WRITE_QUICKACK) {
			await_acked(ends[CLIENT]);
			fact(net_counter("TcpExt", "DelayedACKs") - by_timer,
			     "%s, ACKs by timer before the second", names[request]);
		}
		send_all(ends[CLIENT], body, sizeof(body));
	}
	if (request != WRITE_WRITE)
		fact(not_sent(ends[CLIENT]), "%s, client not sent", names[request]);
	recv_all(ends[SERVER], both, sizeof(both));
	if (request == WRITE_WRITE) {
		fact_lasted("two writes, request", since, 10);
		by_timer = net_counter("TcpExt", "DelayedACKs") - by_timer;
		fact_text("two writes, an ACK by timer", "%s", by_timer > 0 ? "yes" : "no");
	}
	send_all(ends[SERVER], both, 10);
	recv_all(ends[CLIENT], both, 10);

	must(close(ends[CLIENT]));
	await_hangup(ends[SERVER]);
	must(close(ends[SERVER]));
}

static void scene(void)
{
	for (enum request request = WRITE_WRITE; request <= WRITE_WRITE_QUICKACK; request++)
		transact(request);
}

int main(void)
{
	return over_both_families(scene);
}
