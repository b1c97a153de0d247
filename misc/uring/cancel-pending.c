/*
 * uring/cancel-pending: a request that waits can be taken back, and has then taken nothing.
 *
 * An accept and a recv wait in the ring. IORING_OP_ASYNC_CANCEL names one by its number: that is
 * answered with ECANCELED, the cancelling with 0; a second time there is nothing to find: ENOENT.
 * Neither a connection nor a byte that comes afterwards was taken: the plain calls get them. A
 * request that was answered before the cancelling came is ENOENT, too, and keeps its result.
 *
 * So who cancels a request must still wait for that request's own answer: it may be a connection
 * which somebody has to close.
 */
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/uring.h"

enum { REQUEST = 1, CANCEL };
static struct uring ring;

static void cancel(const char *what)
{
	long request = 0, cancelling = 0;

	uring_ask(&ring, IORING_OP_ASYNC_CANCEL, -1, NULL, 0, CANCEL)->addr = REQUEST;
	uring_submit(&ring);
	for (int i = 0; i < 2; i++) {
		struct uring_answer answer = uring_answer(&ring);

		*(answer.user_data == REQUEST ? &request : &cancelling) = answer.res;
	}
	fact_errno(what, (int)-request);
	fact_errno("cancelling it", (int)-cancelling);
	uring_ask(&ring, IORING_OP_ASYNC_CANCEL, -1, NULL, 0, CANCEL)->addr = REQUEST;
	fact(uring_call(&ring), "cancelling it again");
}

static void scene(void)
{
	int listener = listen_loopback(4), client, server;
	char byte;

	uring_make(&ring);
	uring_ask(&ring, IORING_OP_ACCEPT, listener, NULL, 0, REQUEST);
	uring_submit(&ring);
	fact(uring_answered(&ring), "accept, answers before");
	cancel("accept");
	client = connect_loopback(listener);
	await_poll(listener, POLLIN);
	server = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	fact(server == -1 ? -1 : 0, "plain accept then");

	uring_ask(&ring, IORING_OP_RECV, server, &byte, 1, REQUEST);
	uring_submit(&ring);
	fact(uring_answered(&ring), "recv, answers before");
	cancel("recv");
	send_all(client, "x", 1);
	await_poll(server, POLLIN);
	fact(recv(server, &byte, 1, MSG_DONTWAIT), "plain recv then");
	fact(uring_answered(&ring), "answers more");
}

int main(void)
{
	return over_both_families(scene);
}
