/*
 * lines: a capture in the notation of expectations (tests/pcap/README.md): one line a packet, less
 * what rules fold. The comparison is exact; every tolerance is a rule that somebody wrote down.
 */
#ifndef CSDESIGN_LINES_H
#define CSDESIGN_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "packet.h"
#include "reason.h"

enum rule {
	FOLD_ACKS = 1 << 0,
	FOLD_SEGMENTS = 1 << 1,
	FOLD_RETRANSMISSIONS = 1 << 2,
	IGNORE_PUSH = 1 << 3,
	GROUP_CONNECTIONS = 1 << 4,
	SHOW_UDP = 1 << 5,
	SHOW_ICMP = 1 << 6,
	BOTH_FAMILIES = 1 << 7, /* for who loads the capture: it is two, see capture_part() */
	SHOW_COLUMN = 1 << 8    /* the first of COLUMNS bits, see column_rule() */
};

/* Columns that a rule adds, as pairs of name and number. One more is one more row in lines.c. */
enum { COLUMNS = 6 };
unsigned column_rule(int column);
const char *column_name(int column);

/* The rule of these words ("fold acks"), 0 where there is none; and the words of one rule. */
unsigned rule_of(const char *words);
const char *rule_words(unsigned rule);

struct line {
	/* What is compared. */
	uint32_t connection; /* from 1; 0 where there is only one */
	bool from_client;
	uint8_t protocol;        /* enum protocol */
	uint8_t flags;           /* TCP */
	uint64_t bytes;          /* payload; of ICMP type * 256 + code */
	uint32_t value[COLUMNS]; /* where has[i] */
	bool has[COLUMNS];

	/* What is known besides; of a line that was parsed only the note and its place. */
	const char *note;
	unsigned place;     /* line of the expectation's file */
	size_t first, last; /* packets of the capture, by index */
	uint32_t segments;  /* how many packets it sums up */
	uint32_t end;       /* relative sequence number after it */
	bool again;         /* a retransmission */
};

struct lines {
	struct line *at;
	size_t count, room;
};

/* Tracked packets (track.h) as lines under these rules. False: no memory, nothing to free. */
bool lines_render(struct lines *out, const struct packet *packets, size_t count, unsigned rules);

/* Whether the rules show this packet, on a line of its own or with others. */
bool line_shows(const struct packet *packet, unsigned rules);

bool lines_append(struct lines *lines, const struct line *line);
void lines_free(struct lines *lines);

/* Whether two lines, or two lists, say the same. */
bool line_equal(const struct line *a, const struct line *b);
bool lines_equal(const struct lines *a, const struct lines *b);

/* Parse a packet line, without its comment, as the rules show it. A line that could never match
 * under the rules (PSH where it is ignored) is refused too. */
bool line_parse(struct line *line, char *text, unsigned rules, struct reason *why);

/* Widths at which columns align; measure all lists that are to be compared by eye. */
struct widths {
	int who, flags, bytes, column[COLUMNS];
};
void lines_measure(const struct lines *lines, struct widths *widths);
void lines_print(FILE *file, const struct lines *lines, const struct widths *widths);

/* "S.", "udp", "icmp"; and "F." of TCP flags alone. The buffer is the caller's, and returned. */
enum { WORD_SIZE = 24 };
const char *line_flags(const struct line *line, char word[WORD_SIZE]);
const char *line_who(const struct line *line, char word[WORD_SIZE]);

#endif
