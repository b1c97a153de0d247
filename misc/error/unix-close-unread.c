/*
 * error/unix-close-unread: an AF_UNIX peer that closes with input unread leaves ECONNRESET behind.
 *
 * As on TCP (rst/close-unread), bytes that nobody took are lost, and the sender is to know. The
 * error is told once, then comes 0. A stream gives what the peer had sent before it tells; a first
 * send() there is EPIPE with SIGPIPE already and leaves the error to be asked for, where TCP's
 * would take it. On SEQPACKET the error comes before the record, and send() takes it, as on TCP.
 * DGRAM has no connection to reset: send() is ECONNREFUSED, which dissolves the association, and
 * what the peer had sent and nobody read is thrown away with it.
 *
 * So a protocol in which one side may close without reading to the end meets ECONNRESET on
 * Unix-domain sockets, too; the cure is the same: shut down for writing, read to the end, close.
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

static const char *name;

/* One end of a pair whose other end sent "bye" and closed with "hello" unread. */
static int left_behind(int type)
{
	struct pollfd entry = {.events = POLLIN | POLLOUT | POLLRDHUP};
	int ends[2];

	name = unix_type(type);
	must(socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, ends));
	send_all(ends[0], "hello", 5);
	send_all(ends[1], "bye", 3);
	must(close(ends[1]));
	entry.fd = ends[0];
	must(poll(&entry, 1, 0));
	fact_text("poll", "%s", poll_mask(entry.revents));
	return ends[0];
}

static void fact_recv(int fd, const char *when)
{
	char bytes[8];

	fact(recv(fd, bytes, sizeof(bytes), MSG_DONTWAIT), "%s recv %s", name, when);
}

static void receive_first(int type)
{
	int fd = left_behind(type);

	fact_recv(fd, "first");
	fact_recv(fd, "second");
	fact_recv(fd, "third");
	fact_recv(fd, "fourth");
	must(close(fd));
}

static void send_first(int type)
{
	int fd = left_behind(type);

	fact(send(fd, "x", 1, 0), "%s send first", name);
	fact(signals_counted(), "%s SIGPIPE by it", name);
	fact_errno("SO_ERROR after it", get_option(fd, SOL_SOCKET, SO_ERROR));
	fact_recv(fd, "then");
	fact_recv(fd, "and then");
	must(close(fd));
}

int main(void)
{
	static const int types[] = {SOCK_STREAM, SOCK_SEQPACKET, SOCK_DGRAM};

	count_signal(SIGPIPE, 0);
	for (int i = 0; i < 3; i++) {
		receive_first(types[i]);
		send_first(types[i]);
	}
	return 0;
}
