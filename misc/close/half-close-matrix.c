/*
 * close/half-close-matrix: what recv(), send() and poll() say at both ends of a socket shut down.
 *
 * One end calls shutdown(), in each of its three ways, and then both are asked in turn, twice: the
 * mask of poll(), recv() until it gives no more bytes, and send() of a byte, which the other end
 * meets next. SHUT_WR is an end of file for the peer wherever there is a connection; datagrams have
 * none. SHUT_RD differs. TCP and UDP cannot tell the peer of it, whose bytes still arrive and are
 * read; between Unix-domain sockets the peer's send() is EPIPE. TCP that is shut both ways answers
 * the peer's next byte by RST: ECONNRESET here, EPIPE there, where end of file has been read. A
 * datagram socket that was shut for reading is IN for poll() and has nothing to read: recv() is 0
 * only if it may wait, and EAGAIN if it may not. What was queued before can always be read.
 *
 * So SHUT_WR is the way that does the same for all, and SHUT_RD the one to do without: it stops no
 * TCP peer, and a loop of poll() and recv() that must not block spins at a datagram socket.
 */
#include <errno.h>
#include <linux/sockios.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/proc.h"
#include "lib/variants.h"

enum { TCP4, TCP6, STREAM, SEQPACKET, UDP4, UDP6, DGRAM };
static int which, ends[2];

static bool is_tcp(void)
{
	return which <= TCP6;
}

static bool is_udp(void)
{
	return which == UDP4 || which == UDP6;
}

static void udp_pair(void)
{
	struct sockaddr_storage address;
	socklen_t length = loopback_address(0, &address);

	for (int i = 0; i < 2; i++) {
		ends[i] = must(socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0));
		must(bind(ends[i], (struct sockaddr *)&address, length));
	}
	must(connect_to(ends[0], ends[1]));
	must(connect_to(ends[1], ends[0]));
}

static void make_pair(void)
{
	family = which == TCP6 || which == UDP6 ? AF_INET6 : AF_INET;
	unix_type_played = which == STREAM      ? SOCK_STREAM
			   : which == SEQPACKET ? SOCK_SEQPACKET
						: SOCK_DGRAM;
	if (is_tcp())
		tcp_pair(ends);
	else if (is_udp())
		udp_pair();
	else
		unix_pair(ends);
}

/* What was sent has arrived: it is acknowledged, or has been answered by a reset. */
static void settle(int from, int to)
{
	int bytes;

	if (is_tcp() && ioctl(from, SIOCOUTQ, &bytes) == -1)
		impossible("SIOCOUTQ: %s", errno_name(errno));
	while (is_tcp() && strcmp(tcp_state(from), "CLOSE") != 0 &&
	       (must(ioctl(from, SIOCOUTQ, &bytes)), bytes > 0))
		nap();
	while (is_udp() && (must(ioctl(to, SIOCINQ, &bytes)), bytes == 0))
		nap();
}

/* poll(), and recv() until it gives no byte. */
static const char *ask(int fd)
{
	struct pollfd entry = {.fd = fd, .events = POLLIN | POLLOUT | POLLRDHUP};
	static char text[128];
	char byte;
	long result;

	must(poll(&entry, 1, 0));

	int used = sprintf(text, "%s, recv", poll_mask(entry.revents));

	do {
		result = recv(fd, &byte, 1, MSG_DONTWAIT);
		used += sprintf(text + used, " %s", result_text(result));
	} while (result > 0);
	if (result == -1 && errno == EAGAIN && entry.revents & POLLRDHUP)
		sprintf(text + used, ", that may wait %s", result_text(recv(fd, &byte, 1, 0)));
	return text;
}

static void play(const char *name, int how)
{
	make_pair();
	must(shutdown(ends[0], how));
	if (is_tcp() && how != SHUT_RD)
		await_hangup(ends[1]);
	for (int turn = 0; turn < 4; turn++) {
		int end = turn % 2;
		const char *answers = ask(ends[end]);
		long sent = send(ends[end], "x", 1, MSG_DONTWAIT | MSG_NOSIGNAL);

		fact_text(end == 0 ? name : "its peer", "%s, send %s", answers, result_text(sent));
		if (sent == 1)
			settle(ends[end], ends[!end]);
	}

	make_pair();
	send_all(ends[1], "x", 1);
	await_poll(ends[0], POLLIN);
	must(shutdown(ends[0], how));
	fact_text("a byte was queued before", "%s", ask(ends[0]));
}

static void scene(void)
{
	static const char *const ways[] = {"SHUT_RD", "SHUT_WR", "SHUT_RDWR"};
	const char *what = is_tcp() ? "TCP" : which >= UDP4 ? "datagrams" : "AF_UNIX";
	char name[64];

	for (int how = SHUT_RD; how <= SHUT_RDWR; how++) {
		snprintf(name, sizeof(name), "%s %s", what, ways[how]);
		play(name, how);
	}
}

int main(void)
{
	static const struct variant tcp[] = {{"TCP", TCP4}, {"over IPv6", TCP6}},
				    records[] = {{"STREAM", STREAM}, {"over SEQPACKET", SEQPACKET}},
				    datagrams[] = {{"UDP", UDP4},
						   {"over IPv6", UDP6},
						   {"over AF_UNIX DGRAM", DGRAM}};
	int status = play_variants(tcp, 2, &which, scene);

	status = status ? status : play_variants(records, 2, &which, scene);
	return status ? status : play_variants(datagrams, 3, &which, scene);
}
