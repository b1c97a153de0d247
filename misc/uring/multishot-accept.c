/*
 * uring/multishot-accept: one accept that stays answers for each connection, until an error.
 *
 * With IORING_ACCEPT_MULTISHOT a request is not used up: each connection is an answer of its own,
 * marked IORING_CQE_F_MORE while the request lives on. When no descriptor is left the answer is
 * EMFILE without that mark: the request is over. The client that was in turn is not lost: it waits
 * in the queue, and who makes room and asks again gets it. The limit that counts is RLIMIT_NOFILE
 * of when it was asked: lowered afterwards it stops accept(), but not what waits in the ring.
 *
 * So a server looks at IORING_CQE_F_MORE of every answer, not at the errors it knows, and asks
 * again where it is missing; else it stops to accept without a sign.
 */
#include <errno.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/uring.h"

static struct uring ring;

static void next(const char *who)
{
	struct uring_answer answer = uring_answer(&ring);

	if (answer.res == -EINVAL)
		impossible("IORING_ACCEPT_MULTISHOT: EINVAL");
	if (answer.res < 0)
		fact_errno(who, -answer.res);
	else
		fact_text(who, "%s", "accepted");
	fact_text("more will come", "%s", answer.flags & IORING_CQE_F_MORE ? "yes" : "no");
}

static void ask(int listener)
{
	uring_ask(&ring, IORING_OP_ACCEPT, listener, NULL, 0, 0)->ioprio = IORING_ACCEPT_MULTISHOT;
	uring_submit(&ring);
}

/* From now on so many descriptors are left to be made, from the lowest free one on. */
static void leave(rlim_t count)
{
	struct rlimit limit;

	must(getrlimit(RLIMIT_NOFILE, &limit));
	limit.rlim_cur = limit.rlim_max;
	must(setrlimit(RLIMIT_NOFILE, &limit));

	int lowest = must(dup(STDIN_FILENO));

	must(close(lowest));
	limit.rlim_cur = (rlim_t)lowest + count;
	must(setrlimit(RLIMIT_NOFILE, &limit));
}

static void scene(void)
{
	static const char *const names[] = {"first", "second", "no descriptor left"};
	int listener = listen_loopback(8), clients[5];

	uring_make(&ring);
	for (int i = 0; i < 5; i++)
		clients[i] = must(socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));
	leave(2);
	ask(listener);
	for (int i = 0; i < 3; i++) {
		must(connect_to(clients[i], listener));
		next(names[i]);
	}
	leave(8);
	fact(uring_answered(&ring), "answers with room again");
	ask(listener);
	next("asked again");
	leave(0);
	must(connect_to(clients[3], listener));
	next("no descriptor left since");
	must(connect_to(clients[4], listener));
	fact(accept(listener, NULL, NULL), "plain accept");
	leave(8); /* exit under a sanitizer opens files */
}

int main(void)
{
	return over_both_families(scene);
}
