/*
 * uring/accept-in-turn: of accepts that wait in rings a connection completes one, the oldest.
 *
 * Two rings, and two requests in each, wait at one listener. A request that finds nobody stands in
 * the listener's list of waiters as an exclusive one, behind those that came before, as who blocks
 * in accept() does: each connection completes one request, in the order in which they were asked,
 * whatever ring they are in; the others are not answered, and nobody gets EAGAIN. Before Linux 5.18
 * all of them were woken, and any of them got it.
 *
 * So workers with a ring each may share a listener without a herd; and no worker gets more
 * connections than it has asked for, which makes the number of its requests the measure of its
 * share.
 */
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/proc.h"
#include "lib/uring.h"

enum { RINGS = 2, REQUESTS = 4 };

static void scene(void)
{
	struct uring rings[RINGS];
	int listener = listen_loopback(8);

	for (int i = 0; i < RINGS; i++)
		uring_make(&rings[i]);
	for (int i = 0; i < REQUESTS; i++) {
		uring_ask(&rings[i % RINGS], IORING_OP_ACCEPT, listener, NULL, 0, (uint64_t)i);
		uring_submit(&rings[i % RINGS]);
	}
	for (int i = 0; i < REQUESTS; i++) {
		int ring = 0;

		connect_loopback(listener);
		while (!uring_answered(&rings[ring])) {
			nap();
			ring = (ring + 1) % RINGS;
		}

		struct uring_answer answer = uring_answer(&rings[ring]);

		fact(answer.res < 0 ? answer.res : (long)answer.user_data, "connection %d, request",
		     i);
		fact(uring_answered(&rings[0]) + uring_answered(&rings[1]), "answers more");
	}
}

int main(void)
{
	return over_both_families(scene);
}
