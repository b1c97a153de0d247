#include "segment.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HEADER = 20, OPTIONS_MAX = 40 };
enum {
	OPTION_END,
	OPTION_NOP,
	OPTION_MSS,
	OPTION_WSCALE,
	OPTION_SACKOK,
	OPTION_SACK,
	OPTION_TS = 8
};

static const char flag_letters[] = "FSRP.UEW"; /* enum tcp_flag, from the lowest bit */

static const struct {
	const char *name;
	bool alone; /* it has no number */
} columns[SEGMENT_COLUMNS] = {
	[SEQ] = {"seq", false},      [ACKNO] = {"ack", false}, [WIN] = {"win", false},
	[URGENT] = {"urg", false},   [MSS] = {"mss", false},   [WSCALE] = {"wscale", false},
	[SACKOK] = {"sackok", true}, [VAL] = {"val", false},   [ECR] = {"ecr", false},
	[BADSUM] = {"badsum", true},
};

static void put16(uint8_t *at, uint32_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static void put32(uint8_t *at, uint32_t value)
{
	put16(at, value >> 16);
	put16(at + 2, value);
}

static uint16_t get16(const uint8_t *at)
{
	return (uint16_t)(at[0] << 8 | at[1]);
}

static uint32_t get32(const uint8_t *at)
{
	return (uint32_t)get16(at) << 16 | get16(at + 2);
}

/* Numbers are of the sequence space, which has neither beginning nor end: -5 is before 0. */
static bool parse_number32(const char **text, uint32_t *value)
{
	char *end;

	errno = 0;

	long long number = strtoll(*text, &end, 10);

	if (end == *text || errno || number < INT32_MIN || number > UINT32_MAX)
		return false;
	*value = (uint32_t)number;
	*text = end;
	return true;
}

static bool parse_sack(struct segment *out, const char *word)
{
	if (out->sacks == SEGMENT_SACKS || !parse_number32(&word, &out->sack[out->sacks].from) ||
	    *word++ != '-' || !parse_number32(&word, &out->sack[out->sacks].to) || *word)
		return false;
	out->sacks++;
	return true;
}

static bool parse_column(struct segment *out, const char *name, char **at)
{
	for (int c = 0; c < SEGMENT_COLUMNS; c++) {
		if (strcmp(name, columns[c].name) != 0 || out->has & COLUMN(c))
			continue;
		out->has |= COLUMN(c);
		if (columns[c].alone)
			return true;

		const char *number = strtok_r(NULL, " ", at);

		return number && parse_number32(&number, &out->value[c]) && !*number;
	}
	if (strcmp(name, "sack") != 0)
		return false;

	const char *blocks = strtok_r(NULL, " ", at);

	return blocks && parse_sack(out, blocks);
}

bool segment_parse(struct segment *out, const char *text, struct reason *why)
{
	char copy[SEGMENT_TEXT], *at;

	*out = (struct segment){0};
	if ((size_t)snprintf(copy, sizeof(copy), "%s", text) >= sizeof(copy))
		return because(why, "too long: '%s'", text);

	char *flags = strtok_r(copy, " ", &at);
	const char *bytes = strtok_r(NULL, " ", &at), *name;

	if (!flags || !bytes || !parse_number32(&bytes, &out->bytes) || *bytes)
		return because(why, "not flags and bytes: '%s'", text);
	for (; strcmp(flags, "none") != 0 && *flags; flags++) {
		const char *letter = strchr(flag_letters, *flags);

		if (!letter)
			return because(why, "'%c' is no flag: '%s'", *flags, text);
		out->flags |= (uint8_t)(1U << (letter - flag_letters));
	}
	while ((name = strtok_r(NULL, " ", &at)))
		if (!parse_column(out, name, &at))
			return because(why, "'%s' is not understood: '%s'", name, text);
	return true;
}

const char *segment_text(const struct segment *segment, unsigned wanted, char text[SEGMENT_TEXT])
{
	FILE *file = fmemopen(text, SEGMENT_TEXT, "w");

	if (!file)
		abort();
	for (int bit = 0; bit < 8; bit++) { /* in tcpdump's order, which is this one */
		if (segment->flags & 1U << bit)
			fputc(flag_letters[bit], file);
	}
	fprintf(file, "%s %u", segment->flags ? "" : "none", segment->bytes);
	for (int c = 0; c < SEGMENT_COLUMNS; c++) {
		if (!(segment->has & wanted & COLUMN(c)))
			continue;
		fprintf(file, " %s", columns[c].name);
		if (c == SEQ || c == ACKNO) /* relative, and perhaps before the beginning */
			fprintf(file, " %d", (int32_t)segment->value[c]);
		else if (!columns[c].alone)
			fprintf(file, " %u", segment->value[c]);
	}
	for (int i = 0; i < segment->sacks; i++)
		fprintf(file, " sack %d-%d", (int32_t)segment->sack[i].from,
			(int32_t)segment->sack[i].to);
	fclose(file);
	return text;
}

/* Options are put in front of each other so that their 32-bit numbers are aligned. */
static size_t write_options(const struct segment *segment, uint8_t *at)
{
	uint8_t *begin = at;

	if (segment->has & COLUMN(MSS)) {
		*at++ = OPTION_MSS;
		*at++ = 4;
		put16(at, segment->value[MSS]);
		at += 2;
	}
	if (segment->has & COLUMN(WSCALE)) {
		*at++ = OPTION_NOP;
		*at++ = OPTION_WSCALE;
		*at++ = 3;
		*at++ = (uint8_t)segment->value[WSCALE];
	}
	if (segment->has & COLUMN(SACKOK)) {
		*at++ = OPTION_NOP;
		*at++ = OPTION_NOP;
		*at++ = OPTION_SACKOK;
		*at++ = 2;
	}
	if (segment->has & COLUMN(VAL)) {
		*at++ = OPTION_NOP;
		*at++ = OPTION_NOP;
		*at++ = OPTION_TS;
		*at++ = 10;
		put32(at, segment->value[VAL]);
		put32(at + 4, segment->value[ECR]);
		at += 8;
	}
	if (segment->sacks) {
		*at++ = OPTION_NOP;
		*at++ = OPTION_NOP;
		*at++ = OPTION_SACK;
		*at++ = (uint8_t)(2 + 8 * segment->sacks);
		for (int i = 0; i < segment->sacks; i++, at += 8) {
			put32(at, segment->sack[i].from);
			put32(at + 4, segment->sack[i].to);
		}
	}
	return (size_t)(at - begin);
}

size_t segment_write(const struct segment *segment, uint8_t out[SEGMENT_MAX])
{
	size_t header = HEADER + write_options(segment, out + HEADER);

	put16(out, segment->from);
	put16(out + 2, segment->to);
	put32(out + 4, segment->value[SEQ]);
	put32(out + 8, segment->value[ACKNO]);
	out[12] = (uint8_t)(header / 4 << 4);
	out[13] = segment->flags;
	put16(out + 14, segment->value[WIN]);
	put16(out + 16, 0);
	put16(out + 18, segment->value[URGENT]);
	return header + segment->bytes;
}

static void set(struct segment *segment, int column, uint32_t value)
{
	segment->has |= COLUMN(column);
	segment->value[column] = value;
}

static void read_option(struct segment *out, const uint8_t *at, size_t size)
{
	switch (at[0]) {
	case OPTION_MSS:
		if (size == 4)
			set(out, MSS, get16(at + 2));
		break;
	case OPTION_WSCALE:
		if (size == 3)
			set(out, WSCALE, at[2]);
		break;
	case OPTION_SACKOK: set(out, SACKOK, 0); break;
	case OPTION_TS:
		if (size == 10) {
			set(out, VAL, get32(at + 2));
			set(out, ECR, get32(at + 6));
		}
		break;
	case OPTION_SACK:
		for (size_t i = 2; i + 8 <= size && out->sacks < SEGMENT_SACKS; i += 8) {
			out->sack[out->sacks].from = get32(at + i);
			out->sack[out->sacks++].to = get32(at + i + 4);
		}
		break;
	default: break;
	}
}

bool segment_read(struct segment *out, const uint8_t *bytes, size_t size)
{
	*out = (struct segment){0};
	if (size < HEADER)
		return false;

	size_t header = (size_t)(bytes[12] >> 4) * 4;

	if (header < HEADER || header > size)
		return false;
	out->from = get16(bytes);
	out->to = get16(bytes + 2);
	out->flags = bytes[13];
	out->bytes = (uint32_t)(size - header);
	set(out, SEQ, get32(bytes + 4));
	if (out->flags & ACK)
		set(out, ACKNO, get32(bytes + 8));
	set(out, WIN, get16(bytes + 14));
	if (out->flags & URG)
		set(out, URGENT, get16(bytes + 18));
	for (size_t at = HEADER; at < header && bytes[at] != OPTION_END;) {
		size_t left = header - at;
		size_t length = bytes[at] == OPTION_NOP ? 1 : left > 1 ? bytes[at + 1] : 0;

		if (bytes[at] != OPTION_NOP && (length < 2 || length > left))
			return false;
		read_option(out, bytes + at, length);
		at += length;
	}
	return true;
}

/* The ones' complement sum of 16-bit words (RFC 1071). */
static uint32_t sum_words(const uint8_t *at, size_t size, uint32_t sum)
{
	for (; size > 1; at += 2, size -= 2)
		sum += get16(at);
	if (size)
		sum += (uint32_t)at[0] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

static uint32_t sum_address(const struct sockaddr *address, uint32_t sum)
{
	if (address->sa_family == AF_INET6)
		return sum_words(((const struct sockaddr_in6 *)address)->sin6_addr.s6_addr, 16,
				 sum);
	return sum_words((const uint8_t *)&((const struct sockaddr_in *)address)->sin_addr, 4, sum);
}

uint16_t segment_checksum(const uint8_t *bytes, size_t size, const struct sockaddr *from,
			  const struct sockaddr *to)
{
	uint32_t sum = IPPROTO_TCP + (uint32_t)size;

	sum = sum_address(to, sum_address(from, sum));
	return (uint16_t)~sum_words(bytes, size, sum);
}

void segment_seal(uint8_t *bytes, size_t size, const struct sockaddr *from,
		  const struct sockaddr *to, bool bad)
{
	put16(bytes + 16, 0);
	put16(bytes + 16, segment_checksum(bytes, size, from, to) ^ (bad ? 0x5555U : 0));
}

uint32_t segment_length(const struct segment *segment)
{
	return segment->bytes + !!(segment->flags & SYN) + !!(segment->flags & FIN);
}
