/*
 * maker: captures made in memory, for the tests of wire: the bytes of every link layer, IP and
 * transport, written out from the standards and not with the reader's own code.
 */
#ifndef CSDESIGN_MAKER_H
#define CSDESIGN_MAKER_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <pcap/dlt.h>

#include "lib/capture.h"
#include "lib/expectation.h"
#include "lib/lines.h"

/* LINKTYPE_ numbers of files, where they differ from DLT_ numbers (pcap-linktype(7)). */
enum { LINKTYPE_RAW_IP = 101, LINKTYPE_LOOPBACK = 108 };

struct maker {
	uint8_t *bytes;
	size_t size;
	uint32_t link; /* LINKTYPE_ */
	bool six;      /* IPv6 */
	bool nano;
	uint32_t snap;        /* bytes that are captured of a packet */
	uint64_t now;         /* ns */
	int tags;             /* 802.1Q */
	uint32_t next[16][2]; /* sequence numbers, by connection and side (0 C, 1 S) */
	uint32_t seq;         /* of the segment made last */
};

static inline void put(struct maker *maker, const void *bytes, size_t size)
{
	maker->bytes = realloc(maker->bytes, maker->size + size);
	assert_non_null(maker->bytes);
	memcpy(maker->bytes + maker->size, bytes, size);
	maker->size += size;
}

static inline void put16(uint8_t *at, unsigned value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static inline void put32(uint8_t *at, uint32_t value)
{
	put16(at, value >> 16);
	put16(at + 2, value & 0xffff);
}

static inline struct maker make(uint32_t link, bool six, bool nano)
{
	struct maker maker = {.link = link, .six = six, .nano = nano, .snap = 128};
	struct {
		uint32_t magic;
		uint16_t major, minor;
		uint32_t zone, digits, snap, link;
	} header = {nano ? 0xa1b23c4d : 0xa1b2c3d4, 2, 4, 0, 0, 262144, link};

	put(&maker, &header, sizeof(header));
	for (int i = 0; i < 16; i++) {
		maker.next[i][0] = 0xfffffff0u + (uint32_t)i * 7u; /* wraps early */
		maker.next[i][1] = 500000000u + (uint32_t)i;
	}
	maker.now = 1700000000123456789u;
	return maker;
}

static inline struct maker make_usual(void)
{
	return make(DLT_EN10MB, false, false);
}

/* A record with these bytes, of a packet that was `length` long. */
static inline void put_record(struct maker *maker, const uint8_t *data, size_t captured,
			      size_t length)
{
	uint64_t unit = maker->nano ? 1 : 1000;
	uint32_t header[4] = {(uint32_t)(maker->now / 1000000000u),
			      (uint32_t)(maker->now % 1000000000u / unit), (uint32_t)captured,
			      (uint32_t)length};

	put(maker, header, sizeof(header));
	put(maker, data, captured);
	maker->now += 12000;
}

/* The link layer's header; returns its size. */
static inline size_t put_link(const struct maker *maker, uint8_t *at)
{
	unsigned type = maker->six ? 0x86dd : 0x0800;
	uint32_t family = maker->six ? 10 : 2; /* of this machine, in its byte order */
	size_t used;

	switch (maker->link) {
	case DLT_EN10MB:
		used = 12;
		for (int i = 0; i < maker->tags; i++, used += 4) {
			put16(at + used, i + 1 < maker->tags ? 0x88a8 : 0x8100);
			put16(at + used + 2, 42);
		}
		put16(at + used, type);
		return used + 2;
	case DLT_NULL: memcpy(at, &family, 4); return 4;
	case LINKTYPE_LOOPBACK: put32(at, maker->six ? 24 : 2); return 4;
	case DLT_LINUX_SLL:
		put16(at + 2, 772);
		put16(at + 14, type);
		return 16;
	case DLT_LINUX_SLL2:
		put16(at, type);
		put32(at + 4, 1);
		put16(at + 8, 772);
		return 20;
	default: return 0;
	}
}

/* The IP header, from one loopback address to the other; returns its size. */
static inline size_t put_ip(const struct maker *maker, uint8_t *at, unsigned protocol,
			    size_t payload)
{
	if (maker->six) {
		at[0] = 0x60;
		put16(at + 4, (unsigned)payload);
		at[6] = (uint8_t)protocol;
		at[7] = 64;
		at[23] = at[39] = 1;
		return 40;
	}
	at[0] = 0x45;
	put16(at + 2, (unsigned)payload + 20);
	put16(at + 6, 0x4000);
	at[8] = 64;
	at[9] = (uint8_t)protocol;
	put32(at + 12, 0x7f000001);
	put32(at + 16, 0x7f000001);
	return 20;
}

/* A whole packet around a transport header of `size` bytes and `payload` more, cut at the snapshot
 * length. */
static inline void put_packet(struct maker *maker, unsigned protocol, const uint8_t *header,
			      size_t size, size_t payload)
{
	uint8_t data[512] = {0};
	size_t used = put_link(maker, data);

	used += put_ip(maker, data + used, protocol, size + payload);
	memcpy(data + used, header, size);
	used += size;

	size_t length = used + payload;

	put_record(maker, data, length < maker->snap ? length : maker->snap, length);
}

static inline uint8_t flag_bits(const char *flags)
{
	static const char letters[] = "FSRP.UEW";
	uint8_t bits = 0;

	for (; *flags; flags++)
		bits |= (uint8_t)(1u << (strchr(letters, *flags) - letters));
	return bits;
}

/* A segment with every number given: `who` is C or S of a connection from 0 to 15. */
static inline void put_tcp(struct maker *maker, int connection, char who, const char *flags,
			   uint32_t seq, uint32_t ack, uint32_t bytes)
{
	/* MSS 1460, NOP, window scale 7, SACK permitted, end */
	static const uint8_t options[] = {2, 4, 1460 >> 8, 1460 & 0xff, 1, 3, 3, 7, 4, 2, 0};
	bool syn = strchr(flags, 'S') != NULL;
	uint8_t header[40] = {0};
	unsigned client = 40000u + (unsigned)connection;

	put16(header, who == 'C' ? client : 2000);
	put16(header + 2, who == 'C' ? 2000 : client);
	put32(header + 4, seq);
	put32(header + 8, ack);
	header[12] = syn ? 10 << 4 : 5 << 4;
	header[13] = flag_bits(flags);
	put16(header + 14, who == 'C' ? 1111 : 2222);
	put16(header + 18, strchr(flags, 'U') ? 3 : 0);
	if (syn)
		memcpy(header + 20, options, sizeof(options));
	maker->seq = seq;
	put_packet(maker, 6, header, syn ? 40 : 20, bytes);
}

/* The next segment of this side: its numbers continue, and it acknowledges all so far. */
static inline void tcp(struct maker *maker, int connection, char who, const char *flags,
		       uint32_t bytes)
{
	uint32_t *next = maker->next[connection];
	int me = who == 'S';

	put_tcp(maker, connection, who, flags, next[me], strchr(flags, '.') ? next[!me] : 0, bytes);
	next[me] += bytes + (strchr(flags, 'S') != NULL) + (strchr(flags, 'F') != NULL);
}

static inline void handshake(struct maker *maker, int connection)
{
	tcp(maker, connection, 'C', "S", 0);
	tcp(maker, connection, 'S', "S.", 0);
	tcp(maker, connection, 'C', ".", 0);
}

static inline void put_udp(struct maker *maker, unsigned from, unsigned to, const char *payload)
{
	uint8_t header[128] = {0};
	size_t size = strlen(payload);

	put16(header, from);
	put16(header + 2, to);
	put16(header + 4, (unsigned)size + 8);
	snprintf((char *)header + 8, sizeof(header) - 8, "%s", payload);
	put_packet(maker, 17, header, size + 8, 0);
}

static inline void put_marker(struct maker *maker)
{
	put_udp(maker, 50000, 9, "csdesign: end of scene\n");
}

/* Read what was made, which it frees; fails the test if that fails. */
static inline bool try_read(struct maker *maker, struct capture *capture, struct reason *why)
{
	FILE *file = fmemopen(maker->bytes, maker->size, "r");

	assert_non_null(file);

	bool good = capture_read(file, "made.pcap", capture, why);

	free(maker->bytes);
	maker->bytes = NULL;
	return good;
}

static inline struct capture read_made(struct maker *maker)
{
	struct capture capture;
	struct reason why = {""};

	if (!try_read(maker, &capture, &why))
		fail_msg("%s", why.text);
	return capture;
}

/* What was made must be refused, with a reason that begins so and goes on in libpcap's words. */
static inline char *assert_refused_because(struct maker *maker, const char *beginning)
{
	static struct reason why;
	struct capture capture;

	assert_false(try_read(maker, &capture, &why));
	assert_memory_equal(why.text, beginning, strlen(beginning));
	assert_true(strlen(why.text) > strlen(beginning));
	assert_null(capture.packets);
	return why.text;
}

/* The same, with exactly this reason. */
static inline void assert_refused(struct maker *maker, const char *reason)
{
	assert_string_equal(assert_refused_because(maker, ""), reason);
}

/* The lines of a capture under rules, as text that the caller frees. */
static inline char *lines_text(const struct capture *capture, unsigned rules)
{
	struct lines lines;
	struct widths widths = {0};
	char *text = NULL;
	size_t size;
	FILE *file = open_memstream(&text, &size);

	assert_true(lines_render(&lines, capture->packets, capture->count, rules));
	lines_measure(&lines, &widths);
	lines_print(file, &lines, &widths);
	fclose(file);
	lines_free(&lines);
	return text;
}

/* What was made, with its marker added, reads as this text. */
static inline void assert_reads(struct maker *maker, unsigned rules, const char *expected)
{
	put_marker(maker);

	struct capture capture = read_made(maker);
	char *text = lines_text(&capture, rules);

	assert_string_equal(text, expected);
	free(text);
	capture_free(&capture);
}

#endif
