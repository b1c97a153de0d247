#include "lines.h"

#include <stdlib.h>
#include <string.h>

static const char *const words[] = {
	"fold acks", "fold segments", "fold retransmissions", "ignore push", "group connections",
	"show udp",  "show icmp",     "both families",
};

static bool get_seq(const struct packet *packet, uint32_t *value)
{
	*value = packet->rel_seq;
	return true;
}

static bool get_ack(const struct packet *packet, uint32_t *value)
{
	*value = packet->rel_ack;
	return packet->flags & ACK;
}

static bool get_window(const struct packet *packet, uint32_t *value)
{
	*value = packet->window;
	return true;
}

static bool get_mss(const struct packet *packet, uint32_t *value)
{
	*value = (uint32_t)packet->mss;
	return packet->mss >= 0;
}

static bool get_wscale(const struct packet *packet, uint32_t *value)
{
	*value = (uint32_t)packet->wscale;
	return packet->wscale >= 0;
}

static bool get_urgent(const struct packet *packet, uint32_t *value)
{
	*value = packet->urgent;
	return packet->flags & URG;
}

/* first: of several segments folded into a line, this is told of the first, else of the last. */
static const struct {
	const char *rule, *name;
	bool (*get)(const struct packet *, uint32_t *);
	bool first;
} columns[COLUMNS] = {
	{"show seq", "seq", get_seq, true},           {"show ack", "ack", get_ack, false},
	{"show window", "win", get_window, false},    {"show mss", "mss", get_mss, false},
	{"show wscale", "wscale", get_wscale, false}, {"show urgent", "urg", get_urgent, false},
};

enum { WORDS = sizeof(words) / sizeof(words[0]) };

unsigned column_rule(int column)
{
	return (unsigned)SHOW_COLUMN << column;
}

unsigned rule_of(const char *text)
{
	for (unsigned i = 0; i < WORDS; i++)
		if (strcmp(text, words[i]) == 0)
			return 1u << i;
	for (int i = 0; i < COLUMNS; i++)
		if (strcmp(text, columns[i].rule) == 0)
			return column_rule(i);
	return 0;
}

const char *rule_words(unsigned rule)
{
	for (unsigned i = 0; i < WORDS; i++)
		if (rule == 1u << i)
			return words[i];
	for (int i = 0; i < COLUMNS; i++)
		if (rule == column_rule(i))
			return columns[i].rule;
	return NULL;
}

const char *column_name(int column)
{
	return columns[column].name;
}

bool lines_append(struct lines *lines, const struct line *line)
{
	if (lines->count == lines->room) {
		size_t more = lines->room ? lines->room * 2 : 32;
		struct line *grown = reallocarray(lines->at, more, sizeof(*grown));

		if (!grown)
			return false;
		lines->at = grown;
		lines->room = more;
	}
	lines->at[lines->count++] = *line;
	return true;
}

void lines_free(struct lines *lines)
{
	free(lines->at);
	*lines = (struct lines){0};
}

bool line_shows(const struct packet *packet, unsigned rules)
{
	if (packet->protocol == UDP)
		return rules & SHOW_UDP;
	if (packet->protocol != TCP)
		return rules & SHOW_ICMP;
	if ((rules & FOLD_ACKS) && packet->flags == ACK && packet->bytes == 0)
		return false;
	return !((rules & FOLD_RETRANSMISSIONS) && packet->again);
}

static struct line line_of(const struct packet *packet, size_t index, unsigned rules)
{
	struct line line = {.connection = packet->connection,
			    .from_client = packet->from_client,
			    .protocol = packet->protocol,
			    .first = index,
			    .last = index,
			    .segments = 1,
			    .again = packet->again,
			    .bytes = packet->bytes};

	if (packet->protocol == ICMP || packet->protocol == ICMP6)
		line.bytes = packet->type * 256u + packet->code;
	if (packet->protocol != TCP)
		return line;
	if (rules & FOLD_RETRANSMISSIONS)
		line.bytes = packet->fresh;
	line.flags = packet->flags;
	if (rules & (IGNORE_PUSH | FOLD_SEGMENTS))
		line.flags &= (uint8_t)~PSH;
	line.end = packet->rel_seq + packet->bytes;
	for (int i = 0; i < COLUMNS; i++)
		if (rules & column_rule(i))
			line.has[i] = columns[i].get(packet, &line.value[i]);
	return line;
}

/* Data segments of one sender, one right after the other, are one write cut in pieces. Only the
 * last may say FIN; where a number is missing or repeated something else happened. */
static bool fold_into(struct line *into, const struct line *next, const struct packet *packet,
		      unsigned rules)
{
	uint32_t expected = packet->rel_seq;

	if (rules & FOLD_RETRANSMISSIONS)
		expected += packet->bytes - packet->fresh;
	if (!(rules & FOLD_SEGMENTS) || into->protocol != TCP || next->protocol != TCP ||
	    into->connection != next->connection || into->from_client != next->from_client ||
	    into->bytes == 0 || next->bytes == 0 || into->end != expected ||
	    into->flags & (SYN | RST) || (next->flags & ~FIN) != into->flags)
		return false;
	into->bytes += next->bytes;
	into->flags = next->flags;
	into->last = next->last;
	into->end = next->end;
	into->again |= next->again;
	into->segments++;
	for (int i = 0; i < COLUMNS; i++) {
		if (columns[i].first && into->has[i])
			continue;
		into->has[i] = next->has[i];
		into->value[i] = next->value[i];
	}
	return true;
}

/* 1, 2, ... in the order of lines, or 0 for the only one. */
static bool number_connections(struct lines *lines)
{
	uint32_t highest = 0, used = 0;

	/* Of a part of a capture they may be higher than its packets are many. */
	for (size_t i = 0; i < lines->count; i++)
		if (lines->at[i].connection > highest)
			highest = lines->at[i].connection;

	uint32_t *number = calloc((size_t)highest + 1, sizeof(*number));

	if (!number)
		return false;
	for (size_t i = 0; i < lines->count; i++) {
		uint32_t *mine = &number[lines->at[i].connection];

		if (*mine == 0)
			*mine = ++used;
		lines->at[i].connection = *mine;
	}
	for (size_t i = 0; used == 1 && i < lines->count; i++)
		lines->at[i].connection = 0;
	free(number);
	return true;
}

static int by_connection(const void *left, const void *right)
{
	const struct line *a = left, *b = right;

	if (a->connection != b->connection)
		return a->connection < b->connection ? -1 : 1;
	return a->first < b->first ? -1 : a->first > b->first;
}

bool lines_render(struct lines *out, const struct packet *packets, size_t count, unsigned rules)
{
	size_t kept = 0;

	*out = (struct lines){0};
	for (size_t i = 0; i < count; i++) {
		if (!line_shows(&packets[i], rules))
			continue;

		struct line line = line_of(&packets[i], i, rules);

		if (!lines_append(out, &line))
			goto no_memory;
	}
	if (!number_connections(out))
		goto no_memory;
	if ((rules & GROUP_CONNECTIONS) && out->count > 0)
		qsort(out->at, out->count, sizeof(*out->at), by_connection);
	for (size_t i = 0; i < out->count; i++)
		if (kept == 0 ||
		    !fold_into(&out->at[kept - 1], &out->at[i], &packets[out->at[i].first], rules))
			out->at[kept++] = out->at[i];
	out->count = kept;
	return true;
no_memory:
	lines_free(out);
	return false;
}

bool line_equal(const struct line *a, const struct line *b)
{
	if (a->connection != b->connection || a->from_client != b->from_client ||
	    a->protocol != b->protocol || a->flags != b->flags || a->bytes != b->bytes)
		return false;
	for (int i = 0; i < COLUMNS; i++)
		if (a->has[i] != b->has[i] || (a->has[i] && a->value[i] != b->value[i]))
			return false;
	return true;
}

bool lines_equal(const struct lines *a, const struct lines *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (!line_equal(&a->at[i], &b->at[i]))
			return false;
	return true;
}
