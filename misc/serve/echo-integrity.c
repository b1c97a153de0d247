/*
 * serve/echo-integrity: a client of many connections at once, which checks every byte.
 *
 *   echo-integrity ADDRESS PORT CONNECTIONS REQUESTS-EACH
 *
 * All connections are open before the first request is sent. They differ in how much they ask for
 * and in how they ask: line by line, all lines in one segment, each line in two segments, every
 * byte in a segment of its own. Every other one ends its stream at once after its last request,
 * whose newline it leaves out: the end of the stream ends a line, too. One process drives them all
 * with poll(), so that a thousand requests cost no process but what the server's design needs.
 *
 * Prints, on one line, how many replies each manner got in full and right, on connections that then
 * ended in good order and brought nothing more. The test plays this against every server, over
 * IPv4 and over IPv6, with socat and `client` after it; then the server must stop in good order and
 * have counted every connection. The connections use the segments of an Ethernet: with loopback's
 * own, of 64 KiB, buffers start at megabytes, and a server that ignores short writes would pass.
 *
 * So a line is whatever stands before a newline or the end, however it was cut; what was read
 * beyond it is the next one; a write may be short; and the end of a client's stream does not mean
 * that it does not listen.
 */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/must.h"
#include "lib/net.h"
#include "lib/pattern.h"

enum { REQUESTS_MAX = 10 };
enum manner { LINES, AHEAD, HALVES, BYTES, MANNERS };

static const size_t sizes[] = {3000, 0, 1, 61, 10007, 1448, 40000, 256, 4096};
/* Once in so many connections a reply that no socket takes in one piece. */
enum { RARELY = 9, MUCH = 300000 };

struct conversation {
	enum manner manner;
	bool ends_early; /* with its last request, not after the last reply */
	bool ended;
	int requests;
	size_t size[REQUESTS_MAX]; /* asked for */
	size_t line[REQUESTS_MAX]; /* where that request ends in `text` */
	char text[REQUESTS_MAX * 8];
	size_t length, sent;
	int answered;
	size_t got; /* of the reply that comes */
};

static int open_connection(const char *host, const char *port)
{
	struct sockaddr_storage address;
	socklen_t length = resolve(host, port, &address);
	int fd = must(socket(address.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0));

	/* With the segments of an Ethernet, not of loopback, the server's buffers start small
	 * enough for a write to be cut short. */
	set_option(fd, IPPROTO_TCP, TCP_MAXSEG, 1448);
	set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
	must(connect(fd, (struct sockaddr *)&address, length));
	set_nonblocking(fd, true);
	return fd;
}

static void prepare(struct conversation *talk, int number, int requests)
{
	*talk = (struct conversation){.manner = (enum manner)(number % MANNERS),
				      .ends_early = number / MANNERS % 2,
				      .requests = requests};
	for (int i = 0; i < requests; i++) {
		talk->size[i] = sizes[(number + i) % (int)(sizeof(sizes) / sizeof(sizes[0]))];
		if (i == 0 && number % RARELY == 0)
			talk->size[i] = MUCH;
		talk->length +=
			(size_t)snprintf(talk->text + talk->length,
					 sizeof(talk->text) - talk->length, "%zu\n", talk->size[i]);
		talk->line[i] = talk->length;
	}
	talk->length -= talk->ends_early;
}

/* How much may go out now, in one segment; 0 when it is the server's turn. */
static size_t portion(const struct conversation *talk)
{
	size_t end = talk->length, line = 0;

	if (talk->sent == talk->length)
		return 0;
	while (talk->line[line] <= talk->sent)
		line++;
	if (talk->line[line] < end)
		end = talk->line[line];
	switch (talk->manner) {
	case LINES: return (int)line > talk->answered ? 0 : end - talk->sent;
	case HALVES: return (end - talk->sent + 1) / 2;
	case BYTES: return 1;
	default: return talk->length - talk->sent;
	}
}

/* Send what may go out; true unless the connection is lost. */
static bool speak(struct conversation *talk, int fd)
{
	size_t size = portion(talk);

	if (size > 0) {
		ssize_t n = send(fd, talk->text + talk->sent, size, MSG_NOSIGNAL);

		if (n == -1)
			return false;
		talk->sent += (size_t)n;
	}
	/* A reply of no bytes is there once it was asked for. */
	while (talk->answered < talk->requests && talk->got == talk->size[talk->answered] &&
	       (talk->sent >= talk->line[talk->answered] || talk->sent == talk->length)) {
		talk->answered++;
		talk->got = 0;
	}
	if (talk->sent == talk->length && !talk->ended &&
	    (talk->ends_early || talk->answered == talk->requests)) {
		if (shutdown(fd, SHUT_WR) == -1)
			return false;
		talk->ended = true;
	}
	return true;
}

/* Check what has come, up to the end of the reply; true unless it is wrong. */
static bool hear(struct conversation *talk, int fd, bool *over)
{
	static char reply[PATTERN_PIECE];
	size_t rest = talk->answered < talk->requests ? talk->size[talk->answered] - talk->got : 0;
	size_t size = rest == 0 ? 1 : rest < sizeof(reply) ? rest : sizeof(reply);
	ssize_t n = recv(fd, reply, size, 0);

	*over = n == 0;
	if (n <= 0)
		return n == 0 && talk->ended && talk->answered == talk->requests;
	if ((size_t)n > rest || memcmp(reply, pattern_at(talk->got), (size_t)n) != 0)
		return false;
	talk->got += (size_t)n;
	return true;
}

/* One turn of a connection that is ready; -1 is put in place of its descriptor when it is over. */
static void turn(struct conversation *talk, struct pollfd *entry, int number, int *right)
{
	static bool told;
	bool over = false, good = true;

	if (entry->revents & ~POLLOUT)
		good = hear(talk, entry->fd, &over);
	if (good && !over)
		good = speak(talk, entry->fd);
	if (!good && !told)
		complain("connection %d is the first that is lost or wrong: after %d replies and "
			 "%zu bytes",
			 number, talk->answered, talk->got);
	told |= !good;
	if (good && over)
		right[talk->manner] += talk->answered;
	if (over || !good) {
		must(close(entry->fd));
		entry->fd = -1;
		return;
	}
	entry->events = portion(talk) > 0 ? POLLIN | POLLOUT : POLLIN;
}

int main(int argc, char **argv)
{
	int right[MANNERS] = {0};

	if (argc != 5)
		usage_error("an address, a port, a number of connections, and of requests each");
	int count = (int)parse_number(argv[3], 1, 1000, "CONNECTIONS"), left = count;
	int requests = (int)parse_number(argv[4], 1, REQUESTS_MAX, "REQUESTS-EACH");
	struct conversation *talks = must_ptr(calloc((size_t)count, sizeof(*talks)));
	struct pollfd *entries = must_ptr(calloc((size_t)count, sizeof(*entries)));

	for (int i = 0; i < count; i++) {
		prepare(&talks[i], i, requests);
		entries[i] =
			(struct pollfd){.fd = open_connection(argv[1], argv[2]), .events = POLLOUT};
	}
	while (left > 0) {
		must(poll(entries, (nfds_t)count, -1));
		for (int i = 0; i < count; i++) {
			if (entries[i].fd == -1 || !entries[i].revents)
				continue;
			turn(&talks[i], &entries[i], i, right);
			left -= entries[i].fd == -1;
		}
	}
	printf("lines %d, ahead %d, halves %d, bytes %d\n", right[LINES], right[AHEAD],
	       right[HALVES], right[BYTES]);
	free(talks);
	free(entries);
	return 0;
}
