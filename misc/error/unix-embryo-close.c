/*
 * error/unix-embryo-close: an AF_UNIX listener that closes resets who was not accepted yet.
 *
 * connect() on a Unix-domain socket succeeds as soon as the connection waits in the listener's
 * queue; the client may send, and nobody has taken it yet. When the listener is closed the client
 * finds ERR and HUP in poll(), and ECONNRESET once in recv(), then 0, whether it had sent something
 * or not; a send() is EPIPE, with SIGPIPE on a stream.
 *
 * So a connected client may still not have been served by anybody: ECONNRESET before the first byte
 * of an answer means that it can ask again, as after a server's restart.
 */
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/proc.h"
#include "lib/unix.h"
#include "lib/variants.h"

static void fact_poll(const char *name, int fd)
{
	struct pollfd entry = {.fd = fd, .events = POLLIN | POLLOUT | POLLRDHUP};

	must(poll(&entry, 1, 0));
	fact_text(name, "%s", poll_mask(entry.revents));
}

static void receive(const char *poll_first, int fd)
{
	char byte;

	fact_poll(poll_first, fd);
	fact(recv(fd, &byte, 1, MSG_DONTWAIT), "recv");
	fact_poll("poll", fd);
	fact(recv(fd, &byte, 1, MSG_DONTWAIT), "recv again");
}

static void scene(void)
{
	int listener = unix_listener(unix_type_played, 3);
	int silent = unix_connected(unix_type_played, listener);
	int spoke = unix_connected(unix_type_played, listener);
	int speaks = unix_connected(unix_type_played, listener);

	count_signal(SIGPIPE, 0);
	send_all(spoke, "hello", 5);
	fact_poll("poll", silent);
	must(close(listener));
	receive("poll of one that sent nothing", silent);
	receive("poll of one that had sent", spoke);
	fact(send(speaks, "x", 1, 0), "send of a third");
	fact(signals_counted(), "SIGPIPE by it");
	fact_errno("its SO_ERROR", get_option(speaks, SOL_SOCKET, SO_ERROR));
}

int main(void)
{
	return over_connected_unix_types(scene);
}
