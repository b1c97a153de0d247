/*
 * uring/linked-timeout: a timeout linked to a request ends it, or is ended by it.
 *
 * IOSQE_IO_LINK binds IORING_OP_LINK_TIMEOUT to the request before it. Where nothing comes the
 * timeout says ETIME and the recv ECANCELED (not EAGAIN, as with SO_RCVTIMEO), and no byte is
 * taken: what comes later is there for the next. Where data comes first the recv has its result and
 * the timeout says ECANCELED. Both answers come in either case, in no promised order. SO_RCVTIMEO
 * has no say in the ring: a recv waits there for longer than that.
 *
 * So replace SO_RCVTIMEO and SO_SNDTIMEO by linked timeouts where a ring waits, and count two
 * answers for each such request.
 */
#include <sys/socket.h>
#include <sys/time.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/timers.h"
#include "lib/uring.h"

enum { RECV = 1, TIMEOUT };
static struct uring ring;
static char byte;

static void ask(int fd, long seconds, long nanoseconds)
{
	static struct __kernel_timespec time;

	time.tv_sec = seconds;
	time.tv_nsec = nanoseconds;
	uring_ask(&ring, IORING_OP_RECV, fd, &byte, 1, RECV)->flags = IOSQE_IO_LINK;
	uring_ask(&ring, IORING_OP_LINK_TIMEOUT, -1, &time, 1, TIMEOUT);
	uring_submit(&ring);
}

static void tell(const char *when)
{
	int results[3] = {0};

	for (int i = 0; i < 2; i++) {
		struct uring_answer answer = uring_answer(&ring);

		results[answer.user_data] = answer.res;
	}
	if (results[RECV] >= 0)
		fact_text(when, "recv %d", results[RECV]);
	else
		fact_text(when, "recv %s", errno_name(-results[RECV]));
	fact_errno("timeout", -results[TIMEOUT]);
}

static void scene(void)
{
	struct timeval limit = {.tv_usec = 1000};
	int ends[2];

	uring_make(&ring);
	tcp_pair(ends);
	must(setsockopt(ends[SERVER], SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)));

	long since = milliseconds();

	ask(ends[SERVER], 0, 200L * 1000 * 1000);
	tell("nothing comes");
	fact_lasted("with SO_RCVTIMEO 1 ms, too", since, 150);
	ask(ends[SERVER], 3600, 0);
	send_all(ends[CLIENT], "x", 1);
	tell("a byte comes");
	send_all(ends[CLIENT], "x", 1);
	await_poll(ends[SERVER], 1);
	ask(ends[SERVER], 3600, 0);
	tell("a byte is there");
	fact(uring_answered(&ring), "answers more");
}

int main(void)
{
	return over_both_families(scene);
}
