/*
 * segment: one TCP segment made by hand: its line of text, its bytes, its checksum.
 *
 *   S.  0  seq 0  ack 1  win 65535  mss 1460  sackok  val 7  ecr 0
 *
 * The notation of expectations (tests/pcap/README.md), less the sender, which is known here. On top
 * of its columns there are the options sackok, val and ecr (timestamps), sack FROM-TO (up to
 * three), and badsum: a checksum that is wrong.
 */
#ifndef CSDESIGN_SEGMENT_H
#define CSDESIGN_SEGMENT_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "packet.h" /* enum tcp_flag */
#include "reason.h"

/* What a line may say besides flags and bytes, each at most once. */
enum segment_column {
	SEQ,
	ACKNO,
	WIN,
	URGENT,
	MSS,
	WSCALE,
	SACKOK,
	VAL,
	ECR,
	BADSUM,
	SEGMENT_COLUMNS
};
#define COLUMN(c) (1U << (c))

enum { SEGMENT_SACKS = 3, SEGMENT_MAX = 65535, SEGMENT_TEXT = 256 };

struct segment {
	uint16_t from, to; /* ports */
	uint8_t flags;     /* enum tcp_flag */
	uint32_t bytes;    /* payload */
	unsigned has;      /* COLUMN()s */
	uint32_t value[SEGMENT_COLUMNS];
	int sacks;
	struct {
		uint32_t from, to;
	} sack[SEGMENT_SACKS];
};

/* Read a line of text, or say why it is none. */
bool segment_parse(struct segment *out, const char *text, struct reason *why);

/* The line of text, with only those columns, and SACK blocks if there are any. The buffer is the
 * caller's, and returned. */
const char *segment_text(const struct segment *segment, unsigned columns, char text[SEGMENT_TEXT]);

/* Header, options and payload as they go over the wire; returns how many bytes. The payload's
 * `bytes` are the caller's to fill in, at the end; the checksum is set by segment_seal(). */
size_t segment_write(const struct segment *segment, uint8_t out[SEGMENT_MAX]);

/* The opposite, of a segment somebody else made. False where it is none. */
bool segment_read(struct segment *out, const uint8_t *bytes, size_t size);

/* The checksum (RFC 9293 3.1; RFC 8200 8.1 for IPv6) of a segment between two addresses, which are
 * both sockaddr_in or both sockaddr_in6. Of one that carries its checksum already it is 0 if that
 * is right. */
uint16_t segment_checksum(const uint8_t *bytes, size_t size, const struct sockaddr *from,
			  const struct sockaddr *to);

/* Put the checksum in its place; a wrong one where `bad`. */
void segment_seal(uint8_t *bytes, size_t size, const struct sockaddr *from,
		  const struct sockaddr *to, bool bad);

/* How much of the sequence space it takes: payload, SYN and FIN (RFC 9293 3.4). */
uint32_t segment_length(const struct segment *segment);

#endif
