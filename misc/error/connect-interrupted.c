/*
 * error/connect-interrupted: EINTR from connect() does not end the attempt; a later connect() tells
 * how it went.
 *
 * The client's filter drops the SYN-ACK, so connect() blocks; a signal with a handler ends the call
 * and not the handshake. connect() on the same socket is EALREADY where it may not block. When the
 * filter is off the server repeats its SYN-ACK, the socket polls OUT, SO_ERROR is 0; connect()
 * then returns 0, once, and after that EISCONN. A second socket is interrupted in the same way, and
 * its second connect() blocks: it waits for the same handshake and returns 0. There is one
 * connection for each socket.
 *
 * So after EINTR do not close and start anew, and do not loop on connect() as on read(): wait with
 * poll() for OUT and look at SO_ERROR, as for a connect() that does not block.
 */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/parked.h"
#include "lib/proc.h"

static int listener;

static long call_connect(int fd)
{
	return connect_to(fd, listener);
}

/* A socket whose connect() was interrupted. */
static int interrupted(void)
{
	struct parked connecting;
	int fd = must(socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));

	drop_input(fd, true);
	park(&connecting, call_connect, fd);
	errno = pthread_kill(connecting.thread, SIGUSR1);
	if (errno)
		die("pthread_kill: %s", errno_name(errno));
	fact(parked_result(&connecting), "connect, interrupted");
	return fd;
}

static void scene(void)
{
	struct parked again;

	listener = listen_loopback(4);
	count_signal(SIGUSR1, 0);

	int polled = interrupted(), blocked = interrupted();

	set_nonblocking(polled, true);
	fact(connect_to(polled, listener), "connect again, not blocking");
	park(&again, call_connect, blocked);
	drop_input(polled, false);
	drop_input(blocked, false);

	fact_text("poll", "%s", poll_mask(await_poll(polled, POLLOUT)));
	fact_errno("SO_ERROR", get_option(polled, SOL_SOCKET, SO_ERROR));
	fact(connect_to(polled, listener), "connect");
	fact(connect_to(polled, listener), "connect and again");
	fact(parked_result(&again), "connect again, blocking");
	await_accept_queue(listener, 2);
	fact(accept_queue(listener), "connections at the listener");
}

int main(void)
{
	return over_both_families(scene);
}
