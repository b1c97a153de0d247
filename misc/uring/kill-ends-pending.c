/*
 * uring/kill-ends-pending: a process that is killed lets go of what waits in its ring.
 *
 * Requests in a ring hold their files. When the process that asked is killed, its ring is taken
 * down and what waits in it is cancelled, so the connection ends as if nothing had waited: with
 * FIN, or with RST where the linger time is zero or input was left unread. The kernel does part of
 * that after the process is gone: its parent may have reaped it a moment before the peer is told.
 *
 * So peers of a killed server that uses io_uring are told, as those of any other; but whoever
 * restarts it must be ready for a port that is taken for a moment longer.
 */
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/proc.h"
#include "lib/uring.h"

static void kill_owner(const char *what, bool linger_zero, int events)
{
	int ends[2];
	struct gate ready;
	char byte;
	pid_t owner;

	tcp_pair(ends);
	if (linger_zero)
		set_linger_zero(ends[SERVER]);
	gate_make(&ready);
	owner = must_fork();
	if (owner == 0) {
		struct uring ring;

		uring_make(&ring);
		if (events)
			uring_ask(&ring, IORING_OP_POLL_ADD, ends[SERVER], NULL, 0, 0)
				->poll32_events = (unsigned)events;
		else
			uring_ask(&ring, IORING_OP_RECV, ends[SERVER], &byte, 1, 0);
		uring_submit(&ring);
		gate_open(&ready);
		for (;;)
			pause();
	}
	gate_wait(&ready);
	must(close(ends[SERVER]));
	if (events) {
		send_all(ends[CLIENT], "hello", 5);
		await_acked(ends[CLIENT]);
	}
	must(kill(owner, SIGKILL));
	reap(owner);
	fact(recv(ends[CLIENT], &byte, 1, 0), "%s: client recv", what);
}

static void scene(void)
{
	struct uring ring;

	uring_make(&ring); /* or it is not possible here */
	kill_owner("recv waits", false, 0);
	kill_owner("recv waits, linger time zero", true, 0);
	kill_owner("poll waits, input unread", false, POLLPRI);
}

int main(void)
{
	return over_both_families(scene);
}
