/*
 * accept/emfile-keeps-connection: an accept() without a free descriptor leaves the connection
 * queued.
 *
 * accept() reserves the new descriptor before it looks at the queue. Where the process has reached
 * RLIMIT_NOFILE it fails with EMFILE, and the connection stays where it was with all that the
 * client sends: the listener remains readable, and once a descriptor is free it is accepted like
 * any other. For the same reason a blocking accept() on an empty queue does not wait at the limit.
 *
 * So a server whose loop answers EMFILE by going back to poll() spins, for the listener stays
 * readable. It must stop watching the listener until it has closed something, or keep one
 * descriptor in reserve, close that, accept the connection, close it, and open the reserve again:
 * then the client at least hears of it.
 */
#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"

static void scene(void)
{
	int listener = listen_loopback(1), client = connect_loopback(listener), served;
	struct pollfd entry = {.fd = listener, .events = POLLIN};
	struct rlimit limit;
	char text[8];

	if (!await_accept_queue(listener, 1))
		impossible("TCP_INFO does not tell how many connections wait to be accepted");
	must(getrlimit(RLIMIT_NOFILE, &limit));

	struct rlimit reached = limit;
	int first_free = must(fcntl(listener, F_DUPFD_CLOEXEC, 0));

	must(close(first_free));
	reached.rlim_cur = (rlim_t)first_free;
	must(setrlimit(RLIMIT_NOFILE, &reached));
	fact(accept4(listener, NULL, NULL, SOCK_CLOEXEC), "accept at the limit");
	fact(accept4(listener, NULL, NULL, SOCK_CLOEXEC), "accept again");
	must(poll(&entry, 1, 0));
	fact_text("listener poll", "%s", poll_mask(entry.revents));
	fact(accept_queue(listener), "listener queue");
	send_all(client, "hello", 5);

	must(setrlimit(RLIMIT_NOFILE, &limit));
	served = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	fact(served == -1 ? -1 : 0, "accept below the limit");
	fact(recv(served, text, sizeof(text), 0), "server recv");

	reached.rlim_cur = (rlim_t)first_free;
	must(setrlimit(RLIMIT_NOFILE, &reached));
	fact(accept4(listener, NULL, NULL, SOCK_CLOEXEC), "accept at the limit, queue empty");
	must(setrlimit(RLIMIT_NOFILE, &limit));
}

int main(void)
{
	return over_both_families(scene);
}
