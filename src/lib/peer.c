#include "peer.h"

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fact.h"
#include "family.h"
#include "must.h"
#include "net.h"

enum { FIRST_NUMBER = 1000000, WINDOW = 65535 };
enum { PATIENCE = 10000 }; /* ms: longer than any ACK is delayed; ends what would not end */

/* A datagram from this process to itself comes after all that is on its way through loopback on
 * this CPU: when it is here, all else is. */
static void settle(const struct peer *peer)
{
	char byte;

	must_n(send(peer->loop, "", 1, 0));
	must_n(recv(peer->loop, &byte, 1, 0));
}

static void stay_on_this_cpu(void)
{
	cpu_set_t here;

	CPU_ZERO(&here);
	CPU_SET((size_t)must(sched_getcpu()), &here);
	must(sched_setaffinity(0, sizeof(here), &here));
}

void peer_open(struct peer *peer)
{
	struct sockaddr_storage address;
	socklen_t length = loopback_address(0, &address);

	stay_on_this_cpu();
	*peer = (struct peer){.isn = FIRST_NUMBER, .shows = COLUMN(SEQ) | COLUMN(ACKNO)};

	peer->raw = socket(family, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_TCP);
	if (peer->raw == -1)
		impossible("no raw sockets: %s", errno_name(errno));
	must(bind(peer->raw, (struct sockaddr *)&address, length));

	peer->silent = must(socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));
	drop_input(peer->silent, true);
	must(bind(peer->silent, (struct sockaddr *)&address, length));
	must(listen(peer->silent, 1));
	peer->port = (uint16_t)local_port(peer->silent);

	peer->loop = must(socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0));
	must(bind(peer->loop, (struct sockaddr *)&address, length));
	must(connect_to(peer->loop, peer->loop));
}

void peer_close(struct peer *peer)
{
	must(close(peer->raw));
	must(close(peer->silent));
	must(close(peer->loop));

	/* The port stays taken: who comes next must not be given it, and be taken for this one. */
	struct sockaddr_storage address;
	socklen_t length = peer_address(peer, &address);
	int taken = must(socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));

	set_option(taken, SOL_SOCKET, SO_REUSEADDR, 1); /* its connections may still be there */
	must(bind(taken, (struct sockaddr *)&address, length));
}

void peer_forgets(struct peer *peer, int further)
{
	peer->isn += (uint32_t)further;
	peer->their_isn = peer->next = peer->heard = 0;
	peer->knows = peer->answered = false;
}

socklen_t peer_address(const struct peer *peer, struct sockaddr_storage *out)
{
	return loopback_address(peer->port, out);
}

/* What the line leaves out is what a good peer would say. */
static void complete(struct peer *peer, struct segment *segment)
{
	if (!(segment->has & COLUMN(SEQ)))
		segment->value[SEQ] = peer->next;
	if (!(segment->has & COLUMN(ACKNO)) && segment->flags & ACK)
		segment->value[ACKNO] = peer->heard;
	if (!(segment->has & COLUMN(WIN)))
		segment->value[WIN] = WINDOW;
	if (segment->has & COLUMN(VAL) && (int32_t)(segment->value[VAL] - peer->val) > 0)
		peer->val = segment->value[VAL];
	if (!(segment->has & COLUMN(VAL)) && peer->stamps) {
		segment->has |= COLUMN(VAL);
		segment->value[VAL] = peer->val;
	}
	if (segment->has & COLUMN(VAL) && !(segment->has & COLUMN(ECR)))
		segment->value[ECR] = peer->ecr;
}

static void make_absolute(const struct peer *peer, struct segment *segment)
{
	segment->from = peer->port;
	segment->to = peer->to;
	segment->value[SEQ] += peer->isn;
	if (segment->flags & ACK)
		segment->value[ACKNO] += peer->their_isn;
	for (int i = 0; i < segment->sacks; i++) {
		segment->sack[i].from += peer->their_isn;
		segment->sack[i].to += peer->their_isn;
	}
}

static void vsend(struct peer *peer, const char *format, va_list args)
{
	static uint8_t bytes[SEGMENT_MAX];
	struct sockaddr_storage here;
	socklen_t length = loopback_address(0, &here);
	struct sockaddr *address = (struct sockaddr *)&here;
	char line[SEGMENT_TEXT];
	struct segment segment;
	struct reason why = {""};

	vsnprintf(line, sizeof(line), format, args);
	if (!segment_parse(&segment, line, &why))
		die("%s", why.text);
	complete(peer, &segment);

	uint32_t begin = segment.value[SEQ], end = begin + segment_length(&segment);

	if ((int32_t)(begin - peer->next) <= 0 && (int32_t)(end - peer->next) > 0)
		peer->next = end; /* what comes out of order leaves a gap to fill */
	if (segment.flags & SYN)
		peer->offered = segment.has & COLUMN(VAL);
	make_absolute(peer, &segment);

	size_t size = segment_write(&segment, bytes);
	uint8_t *payload = bytes + size - segment.bytes;

	for (uint32_t i = 0; i < segment.bytes; i++)
		payload[i] = (uint8_t)('a' + (begin - 1 + i) % 26);
	segment_seal(bytes, size, address, address, segment.has & COLUMN(BADSUM));
	must_n(sendto(peer->raw, bytes, size, 0, address, length));
	settle(peer);
}

void peer_sends(struct peer *peer, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsend(peer, format, args);
	va_end(args);
}

void peer_sends_to(struct peer *peer, int fd, const char *format, ...)
{
	va_list args;

	peer->to = (uint16_t)local_port(fd);
	va_start(args, format);
	vsend(peer, format, args);
	va_end(args);
}

/* One segment of those that arrive at any port; false where none is there in time. */
static bool receive(const struct peer *peer, int milliseconds, struct segment *out)
{
	static uint8_t bytes[SEGMENT_MAX + 60];
	struct pollfd entry = {.fd = peer->raw, .events = POLLIN};

	if (must(poll(&entry, 1, milliseconds)) == 0)
		return false;

	ssize_t got = must_n(recv(peer->raw, bytes, sizeof(bytes), 0));

	/* IPv4 comes with its header, IPv6 without (raw(7), ipv6(7)). */
	size_t skip = family == AF_INET ? (size_t)(bytes[0] & 0x0f) * 4 : 0;

	if (!segment_read(out, bytes + skip, (size_t)got - skip))
		die("the kernel sent something that is no TCP segment");
	return true;
}

/* Passed over: the kernel repeats what was heard, for its timers do not wait for a slow machine. */
static bool is_again(const struct peer *peer, const struct segment *segment)
{
	uint32_t length = segment_length(segment);

	return length > 0 && peer->knows && (peer->answered || !(segment->flags & ACK)) &&
	       (int32_t)(segment->value[SEQ] - peer->their_isn + length - peer->heard) <= 0;
}

static void make_relative(struct peer *peer, struct segment *segment)
{
	if (segment->flags & SYN && !peer->knows) {
		peer->their_isn = segment->value[SEQ];
		peer->knows = true;
	}
	if (!(segment->flags & RST && segment->value[SEQ] == 0)) /* nobody chose that 0 */
		segment->value[SEQ] -= peer->their_isn;
	if (segment->flags & ACK)
		segment->value[ACKNO] -= peer->isn;
	for (int i = 0; i < segment->sacks; i++) {
		segment->sack[i].from -= peer->isn;
		segment->sack[i].to -= peer->isn;
	}
}

bool peer_listens(struct peer *peer, int milliseconds, struct segment *heard)
{
	settle(peer);
	do {
		if (!receive(peer, milliseconds, heard))
			return false;
	} while (heard->to != peer->port || heard->from == peer->port ||
		 (peer->to && heard->from != peer->to) ||
		 (!peer->hears_again && is_again(peer, heard)));
	peer->to = heard->from;
	peer->answered |= heard->flags & ACK;
	make_relative(peer, heard);
	heard->flags &= (uint8_t)~PSH;

	uint32_t end = heard->value[SEQ] + segment_length(heard);

	if (peer->knows && (int32_t)(end - peer->heard) > 0)
		peer->heard = end;
	if (heard->has & COLUMN(VAL)) {
		peer->ecr = heard->value[VAL];
		peer->stamps = peer->offered;
	}
	return true;
}

static void fact_heard(struct peer *peer, int milliseconds, const char *name, va_list args)
{
	char text[SEGMENT_TEXT], what[200];
	struct segment heard;

	vsnprintf(what, sizeof(what), name, args);
	if (peer_listens(peer, milliseconds, &heard))
		fact_text(what, "%s", segment_text(&heard, peer->shows, text));
	else
		fact_text(what, "nothing");
}

void peer_hears(struct peer *peer, const char *name, ...)
{
	va_list args;

	va_start(args, name);
	fact_heard(peer, 0, name, args);
	va_end(args);
}

void peer_awaits(struct peer *peer, const char *name, ...)
{
	va_list args;

	va_start(args, name);
	fact_heard(peer, -1, name, args);
	va_end(args);
}

static bool agrees(const struct segment *wanted, const struct segment *heard)
{
	for (int c = 0; c < SEGMENT_COLUMNS; c++)
		if (wanted->has & COLUMN(c) &&
		    (!(heard->has & COLUMN(c)) || heard->value[c] != wanted->value[c]))
			return false;
	return wanted->flags == heard->flags && wanted->bytes == heard->bytes;
}

void peer_expects(struct peer *peer, const char *line)
{
	char one[SEGMENT_TEXT], other[SEGMENT_TEXT];
	struct segment wanted, heard;
	struct reason why = {""};

	if (!segment_parse(&wanted, line, &why))
		die("%s", why.text);
	bool any = peer_listens(peer, PATIENCE, &heard);

	if (any && agrees(&wanted, &heard))
		return;
	complain("expected  %s", segment_text(&wanted, wanted.has, one));
	die("came      %s",
	    any ? segment_text(&heard, wanted.has | COLUMN(SEQ) | COLUMN(ACKNO), other)
		: "nothing");
}

int peer_connect(struct peer *peer, int listener, const char *options)
{
	peer_sends_to(peer, listener, "S 0 %s", options);
	peer_expects(peer, "S. 0 seq 0 ack 1");
	peer_sends(peer, ". 0");
	return must(accept4(listener, NULL, NULL, SOCK_CLOEXEC));
}

int peer_accept(struct peer *peer, const char *options)
{
	struct sockaddr_storage address;
	socklen_t length = peer_address(peer, &address);
	int fd = must(socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));

	if (connect(fd, (struct sockaddr *)&address, length) == 0 || errno != EINPROGRESS)
		die("connect to the peer: not EINPROGRESS");
	set_nonblocking(fd, false);
	peer_expects(peer, "S 0 seq 0");
	peer_sends(peer, "S. 0 %s", options);
	peer_expects(peer, ". 0 seq 1 ack 1");
	return fd;
}
