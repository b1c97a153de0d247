/*
 * splice/eof-and-more: at the end of a file splice() says 0 at once, and what was sent has left.
 *
 * A file of 2000 bytes goes to a TCP socket that blocks, and to one that does not. sendfile() gives
 * 0 at the end and has held nothing back. Through a pipe, the first splice() moves all of it, asked
 * for more; the next finds the end and returns 0, though nobody waits at the pipe. Sent on without
 * SPLICE_F_MORE all of it leaves. With the flag the last segment, not full, is held, for between a
 * pipe and a socket nobody knows that the file has ended; the end of the pipe does not push it out
 * either. Taking TCP_CORK off does, even if it was never on. ACKs, which would, too, are dropped.
 *
 * So with splice() the program alone knows what comes last: SPLICE_F_MORE belongs on no piece that
 * may be it.
 */
#include <fcntl.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/known.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/timers.h"

enum { SIZE = 2000 };

static void fact_unsent(int fd, const char *when)
{
	int unsent = 0;

	must(ioctl(fd, SIOCOUTQNSD, &unsent));
	fact(unsent, "not sent%s", when);
}

static char way[64]; /* of the transfer, for its first fact */

static void by_splice(int to, int file, unsigned more)
{
	int pipes[2];

	must(pipe2(pipes, O_CLOEXEC));
	fact(splice(file, NULL, pipes[1], NULL, SIZE + 1, more), "%s, file to pipe", way);
	fact(splice(file, NULL, pipes[1], NULL, SIZE + 1, more), "file to pipe at its end");
	fact(splice(pipes[0], NULL, to, NULL, SIZE + 1, more), "pipe to socket");
	fact_unsent(to, "");
	must(close(pipes[1]));
	fact(splice(pipes[0], NULL, to, NULL, 1, 0), "pipe to socket at its end");
	fact_unsent(to, "");
	must(close(pipes[0]));
}

static void by_sendfile(int to, int file, unsigned more)
{
	(void)more; /* there is no such flag */
	fact(sendfile(to, file, NULL, SIZE), "%s", way);
	fact(sendfile(to, file, NULL, SIZE), "sendfile at the end");
	fact_unsent(to, "");
}

static void transfer(const char *what, void (*move)(int to, int file, unsigned more), unsigned more,
		     bool nonblocking)
{
	int ends[2], listener = listen_loopback(1), file = known_file(SIZE);

	set_option(listener, IPPROTO_TCP, TCP_MAXSEG, 1000);
	ends[CLIENT] = connect_loopback(listener);
	ends[SERVER] = must(accept4(listener, NULL, NULL, SOCK_CLOEXEC));
	set_option(ends[SERVER], IPPROTO_TCP, TCP_NODELAY, 1);
	set_nonblocking(ends[SERVER], nonblocking);
	drop_input(ends[SERVER], true); /* no ACK pushes out what is held */

	snprintf(way, sizeof(way), "%s %s", nonblocking ? "non-blocking" : "blocking", what);
	move(ends[SERVER], file, more);
	set_option(ends[SERVER], IPPROTO_TCP, TCP_CORK, 0);
	fact_unsent(ends[SERVER], " when TCP_CORK is taken off");

	drop_input(ends[SERVER], false);
	must(close(ends[SERVER]));
	fact_text("client recv", "%s", known_to_end(ends[CLIENT], 0, SIZE));
	must(close(ends[CLIENT]));
	must(close(listener));
}

static void scene(void)
{
	tcp_timers_at_least(60);
	for (int nonblocking = 0; nonblocking <= 1; nonblocking++) {
		transfer("sendfile", by_sendfile, 0, nonblocking);
		transfer("splice", by_splice, 0, nonblocking);
		transfer("splice with SPLICE_F_MORE", by_splice, SPLICE_F_MORE, nonblocking);
	}
}

int main(void)
{
	return over_both_families(scene);
}
