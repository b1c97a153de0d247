/*
 * backlog/unix: a Unix-domain listener is full like any other, but says so.
 *
 * Both ends are in one kernel, so there is no handshake and nothing to repeat: connect() itself
 * puts the connection into the listener's queue. That takes one more than the backlog, as in TCP.
 * When it is full, connect() waits until accept() has freed a place; where it may not wait it fails
 * with EAGAIN at once, and not with EINPROGRESS, for nothing is under way: poll() would not tell
 * when there is room. SO_SNDTIMEO bounds the wait, and ends it with EAGAIN as well.
 *
 * So a client of a Unix-domain server that uses non-blocking sockets needs a timer to try again,
 * and must not treat EAGAIN here as it does elsewhere, by waiting for POLLOUT.
 */
#include <poll.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/parked.h"
#include "lib/unix.h"
#include "lib/variants.h"

enum { BACKLOG = 3 };

static int listener;

static long connect_blocking(int fd)
{
	return connect_to(fd, listener);
}

static int client_of_type(int flags)
{
	return must(socket(AF_UNIX, unix_type_played | flags | SOCK_CLOEXEC, 0));
}

static void scene(void)
{
	struct timeval patience = {.tv_usec = 1000};
	struct parked parked;
	int fd, admitted = 0;

	listener = unix_listener(unix_type_played, BACKLOG);
	while (connect_to(client_of_type(SOCK_NONBLOCK), listener) == 0)
		admitted++;
	fact(admitted, "clients connected");
	fd = client_of_type(SOCK_NONBLOCK);
	fact(connect_to(fd, listener), "another non-blocking connect");
	struct pollfd entry = {.fd = fd, .events = POLLOUT};

	must(poll(&entry, 1, 0));
	fact_text("its poll", "%s", poll_mask(entry.revents));
	fd = client_of_type(0);
	must(setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience)));
	fact(connect_to(fd, listener), "another connect with SO_SNDTIMEO");

	bool blocks = try_to_park(&parked, connect_blocking, client_of_type(0));

	fact_text("another connect", "%s", blocks ? "blocks" : "returns");
	must(close(must(accept4(listener, NULL, NULL, SOCK_CLOEXEC))));
	fact(parked_result(&parked), "%s",
	     blocks ? "it returns after accept" : "it returns at once");
	fact(connect_to(client_of_type(SOCK_NONBLOCK), listener), "another non-blocking connect");
}

int main(void)
{
	return over_connected_unix_types(scene);
}
