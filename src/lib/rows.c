#include "rows.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	FOLD_MORE_THAN = 8, /* rows of data in a row ... */
	FOLD_KEEPS = 2      /* ... of which so many come first, and one last */
};

static void add(char text[ROW_TEXT], const char *format, ...) __attribute__((format(printf, 2, 3)));
static void add(char text[ROW_TEXT], const char *format, ...)
{
	size_t used = strlen(text);
	va_list args;

	va_start(args, format);
	vsnprintf(text + used, ROW_TEXT - used, format, args);
	va_end(args);
}

/* Notes belong to expected lines: give them to the lines seen that are equal, from the beginning
 * up to the first difference, and from the end back to the last. */
static void place_notes(struct lines *seen, const struct lines *expected)
{
	size_t head = 0, tail = 0;
	size_t shorter = seen->count < expected->count ? seen->count : expected->count;

	while (head < shorter && line_equal(&seen->at[head], &expected->at[head])) {
		seen->at[head].note = expected->at[head].note;
		head++;
	}
	while (tail < shorter - head) {
		struct line *line = &seen->at[seen->count - 1 - tail];
		const struct line *other = &expected->at[expected->count - 1 - tail];

		if (!line_equal(line, other))
			break;
		line->note = other->note;
		tail++;
	}
}

static int by_time(const void *left, const void *right)
{
	const struct line *a = left, *b = right;

	return a->first < b->first ? -1 : a->first > b->first;
}

static void write_time(char text[32], int64_t since)
{
	long double ms = (long double)since / 1e6L;

	if (ms > -1000 && ms < 1000)
		snprintf(text, 32, "%+.3Lf ms", ms);
	else
		snprintf(text, 32, "%+.3Lf s", ms / 1000);
}

static void label_flags(char text[ROW_TEXT], const struct line *line)
{
	static const char *const names[] = {"FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR"};

	for (int i = 0; i < 8; i++)
		if (line->flags & 1 << i)
			add(text, "%s%s", *text && text[strlen(text) - 1] != ' ' ? " " : "",
			    names[i]);
	if (line->flags == 0)
		add(text, "no flags");
}

static void label_row(struct row *row, const struct packet *packets, bool numbered)
{
	const struct line *line = row->line;
	const struct packet *first = &packets[line->first];
	const struct packet *last = &packets[line->last];

	if (line->connection && numbered)
		add(row->label, "%u: ", line->connection);
	if (line->protocol == ICMP || line->protocol == ICMP6) {
		add(row->label, "%s type %d code %d", line->protocol == ICMP ? "ICMP" : "ICMPv6",
		    first->type, first->code);
		return;
	}
	if (line->protocol == UDP)
		add(row->label, "UDP");
	else
		label_flags(row->label, line);
	if (line->bytes || line->protocol == UDP)
		add(row->label, " · %llu byte%s", (unsigned long long)line->bytes,
		    line->bytes == 1 ? "" : "s");
	if (line->segments > 1)
		add(row->label, " in %u segments", line->segments);
	if (line->again)
		add(row->label, " (again)");
	if (line->protocol == UDP)
		return;
	add(row->numbers, "seq %u", first->rel_seq);
	if (line->bytes)
		add(row->numbers, ":%u", last->rel_seq + last->bytes);
	if (line->flags & ACK)
		add(row->numbers, ", ack %u", last->rel_ack);
	for (int i = 0; i < COLUMNS; i++)
		if (line->has[i] && strcmp(column_name(i), "seq") != 0 &&
		    strcmp(column_name(i), "ack") != 0)
			add(row->numbers, ", %s %u", column_name(i), line->value[i]);
}

static bool is_data(const struct line *line)
{
	return line->protocol == TCP && line->bytes > 0 && !(line->flags & (SYN | FIN | RST)) &&
	       !line->again && !line->note;
}

static bool is_ack(const struct line *line)
{
	return line->protocol == TCP && line->flags == ACK && !line->bytes && !line->again &&
	       !line->note;
}

/* How many lines from here are data of one sender, with the ACKs between. */
static size_t run_length(const struct lines *lines, size_t from)
{
	const struct line *first = &lines->at[from];
	size_t i = from;

	if (!is_data(first))
		return 1;
	for (; i < lines->count; i++) {
		const struct line *line = &lines->at[i];

		if (line->connection != first->connection ||
		    !(is_ack(line) || (is_data(line) && line->from_client == first->from_client)))
			break;
	}
	return i - from;
}

static void fold_row(struct row *row, const struct line *lines, size_t count)
{
	uint64_t bytes = 0;
	size_t segments = 0, acks = 0;

	for (size_t i = 0; i < count; i++) {
		bytes += lines[i].bytes;
		segments += lines[i].bytes ? lines[i].segments : 0;
		acks += lines[i].bytes == 0;
	}
	add(row->label, "… ");
	if (segments)
		add(row->label, "%zu more segment%s, %llu bytes", segments,
		    segments == 1 ? "" : "s", (unsigned long long)bytes);
	if (acks)
		add(row->label, "%s%zu ACK%s", segments ? ", " : "", acks, acks == 1 ? "" : "s");
}

static void fill(struct rows *rows, const struct packet *packets, bool numbered)
{
	const struct lines *lines = &rows->lines;
	int64_t before = lines->count ? packets[lines->at[0].first].time : 0;
	size_t fold_from = 0, fold_to = 0, run_to = 0;

	for (size_t i = 0; i < lines->count; i++) {
		struct row *row = &rows->at[rows->count++];
		const struct line *line = &lines->at[i];

		*row = (struct row){0};
		if (i >= run_to) {
			run_to = i + run_length(lines, i);
			fold_from = fold_to = run_to;
			if (run_to - i > FOLD_MORE_THAN) {
				fold_from = i + FOLD_KEEPS;
				fold_to = run_to - 1;
			}
		}
		if (rows->count == ROWS_LIMIT && i + 1 < lines->count) {
			add(row->label, "… %zu more lines have no row", lines->count - i);
			return;
		}
		if (i == fold_from && fold_to > i) {
			fold_row(row, line, fold_to - i);
			i = fold_to - 1;
			before = packets[lines->at[i].first].time;
			continue;
		}
		row->line = line;
		if (i == 0)
			snprintf(row->time, sizeof(row->time), "0");
		else
			write_time(row->time, (int64_t)((uint64_t)packets[line->first].time -
							(uint64_t)before));
		before = packets[line->first].time;
		label_row(row, packets, numbered);
	}
}

bool rows_make(struct rows *rows, const struct capture *capture,
	       const struct expectation *expectation, uint32_t numbered)
{
	struct lines *lines = &rows->lines;

	*rows = (struct rows){.connections = 1};
	if (!lines_render(lines, capture->packets, capture->count, expectation->rules))
		return false;
	rows->at = calloc(ROWS_LIMIT, sizeof(*rows->at));
	if (!rows->at) {
		lines_free(lines);
		return false;
	}
	place_notes(lines, &expectation->lines);
	if (lines->count > 0)
		qsort(lines->at, lines->count, sizeof(*lines->at), by_time);
	for (size_t i = 0; i < lines->count; i++)
		if (lines->at[i].connection > rows->connections)
			rows->connections = lines->at[i].connection;
	fill(rows, capture->packets, rows->connections > numbered);
	return true;
}

void rows_free(struct rows *rows)
{
	lines_free(&rows->lines);
	free(rows->at);
	*rows = (struct rows){0};
}
