/*
 * sigpipe/seqpacket-no-signal: sockets that keep records never raise SIGPIPE: SEQPACKET says EPIPE,
 * DGRAM ECONNREFUSED once and then ENOTCONN.
 *
 * The signal is made for byte streams at the end of a pipeline; the kernel raises it for
 * SOCK_STREAM only, whatever call wrote. A SEQPACKET socket whose peer has closed has a connection
 * that is over: EPIPE, again and again. A DGRAM socket has a peer by name only: with the first
 * refused message the association is dissolved, so what follows is ENOTCONN, and poll() does not
 * say a word before. After one's own SHUT_WR both say EPIPE, without a signal. (FreeBSD raises
 * SIGPIPE for SEQPACKET.)
 *
 * So where records are used the result of send() is all there is: it must be looked at. A client of
 * a datagram service, such as syslog's, must connect() again after ECONNREFUSED.
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

static void write_to(int type, const char *what, int fd)
{
	const char *name = unix_type(type);

	fact(send(fd, "x", 1, 0), "%s, %s, send", name, what);
	fact(write(fd, "x", 1), "%s, %s, write", name, what);
	fact(send(fd, "x", 1, 0), "%s, %s, send again", name, what);
	fact(signals_counted(), "%s, %s, SIGPIPE", name, what);
	fact_errno("SO_ERROR", get_option(fd, SOL_SOCKET, SO_ERROR));
}

static void play(int type)
{
	struct pollfd entry = {.events = POLLIN | POLLOUT | POLLRDHUP};
	int closed[2], shut[2], peer_shut[2];

	must(socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, closed));
	must(close(closed[1]));
	entry.fd = closed[0];
	must(poll(&entry, 1, 0));
	fact_text("poll", "%s", poll_mask(entry.revents));
	write_to(type, "peer closed", closed[0]);

	must(socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, peer_shut));
	must(shutdown(peer_shut[1], SHUT_RD));
	write_to(type, "peer SHUT_RD", peer_shut[0]);

	must(socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, shut));
	must(shutdown(shut[0], SHUT_WR));
	write_to(type, "own SHUT_WR", shut[0]);
}

int main(void)
{
	count_signal(SIGPIPE, 0);
	play(SOCK_SEQPACKET);
	play(SOCK_DGRAM);
	return 0;
}
