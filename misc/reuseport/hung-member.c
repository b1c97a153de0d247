/*
 * reuseport/hung-member: a listener that nobody serves keeps its share of the connections.
 *
 * The kernel picks a listener by a hash of addresses and ports; it does not know who is busy. Of
 * two listeners one is served at once, each time, and one never. Clients come until the latter's
 * queue is full and one more SYN of its share is dropped: from the first to the last nobody has
 * helped, though the other listener was idle all the time. To a client in that queue all looks
 * well: it is connected, it may send, and hears nothing. Where the hash sends whom is chance; that
 * it goes on sending its share to both is not: 200 clients in a row for one listener come once in
 * 10^60 runs.
 *
 * So a pool of listeners with SO_REUSEPORT needs a guardian: a worker that hangs, is stopped or
 * swaps takes a fixed part of the clients with it, where in one shared queue it would be missed by
 * nobody (accept/stopped-worker-skipped). Watch each worker, and close its listener if it is stuck.
 */
#include <errno.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/group.h"
#include "lib/must.h"
#include "lib/net.h"

enum { HUNG, IDLE, BACKLOG = 2, CLIENTS = 200 };

static int members[2];

/* Connect and wait until it is clear what becomes of it: served by the idle one, which is true, or
 * in the queue of the other, or dropped. */
static bool visit(int *client)
{
	long drops = net_counter("TcpExt", "ListenDrops");
	int queue = accept_queue(members[HUNG]), served;

	*client = must(socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
	if (connect_to(*client, members[HUNG]) == -1 && errno != EINPROGRESS)
		die("connect: %s", errno_name(errno));
	while (accept_queue(members[HUNG]) == queue &&
	       net_counter("TcpExt", "ListenDrops") == drops) {
		served = accept4(members[IDLE], NULL, NULL, SOCK_CLOEXEC);
		if (served == -1)
			continue;
		must(close(served));
		return true;
	}
	return false;
}

static void scene(void)
{
	int queued[BACKLOG + 1], queue = 0, served = 0, client = -1;
	char byte;

	group_listen(members, 2, BACKLOG);
	set_nonblocking(members[IDLE], true);
	/* Until the hung one's queue is full, the other has served, and another one was dropped. */
	for (int i = 0; i < CLIENTS; i++) {
		int before = accept_queue(members[HUNG]);
		bool idle_served = visit(&client);

		served += idle_served;
		if (accept_queue(members[HUNG]) > before)
			queued[queue++] = client;
		else if (!idle_served && served > 0)
			break;
		else
			must(close(client));
	}
	fact(accept_queue(members[HUNG]), "hung member queue");
	for (int i = 0; i < queue; i++) {
		fact_text("its client", "%s", tcp_state(queued[i]));
		fact(recv(queued[i], &byte, 1, MSG_DONTWAIT), "its client recv");
	}
	fact_text("next client of its share", "%s", tcp_state(client));
	fact(accept_queue(members[IDLE]), "idle member queue");
	fact_text("idle member served others", "%s", served > 0 ? "yes" : "no");
}

int main(void)
{
	return over_both_families(scene);
}
