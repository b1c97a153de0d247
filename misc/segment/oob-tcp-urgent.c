/*
 * segment/oob-tcp-urgent: TCP's urgent data is a mark in the stream, and one byte lifted out of it.
 *
 * send() of three bytes with MSG_OOB sends them as any others, with the URG flag and a pointer to
 * the end of the third. The receiver's kernel signals SIGURG to the owner of the socket and lets
 * poll() say PRI, select() an exceptional condition. The byte before the mark is taken out of the
 * stream: recv() stops in front of it, ioctl(SIOCATMARK) tells when that place is reached, recv()
 * with MSG_OOB reads it, once; the bytes before it are ordinary. With SO_OOBINLINE it stays in its
 * place, and the mark alone is left.
 *
 * So this is no second channel: the other bytes of an urgent send() come in line, and the next
 * urgent byte displaces one that was not read. Middleboxes clear the flag. It is there for TELNET
 * and FTP; a new protocol needs a message type of its own (RFC 6093).
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/proc.h"

static void fact_recv(int fd, int flags, const char *what)
{
	char data[20];
	ssize_t got = recv(fd, data, sizeof(data), flags | MSG_DONTWAIT);

	if (got > 0)
		fact_text(what, "%.*s", (int)got, data);
	else
		fact(got, "%s", what);
}

static void fact_mark(int fd)
{
	int at_mark = -1;

	if (ioctl(fd, SIOCATMARK, &at_mark) == -1)
		impossible("SIOCATMARK: %s", errno_name(errno));
	fact(at_mark, "server SIOCATMARK");
}

static void begin(int ends[2], int in_line)
{
	tcp_pair(ends);
	must(fcntl(ends[SERVER], F_SETOWN, getpid()));
	set_option(ends[SERVER], SOL_SOCKET, SO_OOBINLINE, in_line);
	send_all(ends[CLIENT], "ab", 2);
	fact(send(ends[CLIENT], "cde", 3, MSG_OOB), "client send with MSG_OOB");
	await_acked(ends[CLIENT]);
	fact(signals_counted(), "server SIGURG");
}

static void scene(void)
{
	struct timeval now = {0};
	fd_set exceptional;
	int ends[2];

	count_signal(SIGURG, SA_RESTART);

	begin(ends, 0);
	send_all(ends[CLIENT], "fg", 2);
	await_acked(ends[CLIENT]);
	fact_text("server poll", "%s", poll_mask(await_poll(ends[SERVER], POLLIN | POLLPRI)));
	FD_ZERO(&exceptional);
	FD_SET(ends[SERVER], &exceptional);
	fact(select(ends[SERVER] + 1, NULL, NULL, &exceptional, &now),
	     "server select, exceptional");
	fact_mark(ends[SERVER]);
	fact_recv(ends[SERVER], 0, "server recv");
	fact_mark(ends[SERVER]);
	fact_recv(ends[SERVER], MSG_OOB, "server recv with MSG_OOB");
	fact_recv(ends[SERVER], MSG_OOB, "server recv with MSG_OOB again");
	fact_recv(ends[SERVER], 0, "server recv");
	fact_mark(ends[SERVER]);
	must(close(ends[CLIENT]));
	await_hangup(ends[SERVER]);
	must(close(ends[SERVER]));

	begin(ends, 1);
	fact_recv(ends[SERVER], MSG_OOB, "SO_OOBINLINE, server recv with MSG_OOB");
	fact_recv(ends[SERVER], 0, "server recv");
	fact_mark(ends[SERVER]);
	fact_recv(ends[SERVER], 0, "server recv");
	must(close(ends[CLIENT]));
	await_hangup(ends[SERVER]);
	must(close(ends[SERVER]));
}

int main(void)
{
	return over_both_families(scene);
}
