/* The words of a line (lines.h): written, aligned and read. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lines.h"

/* In the order and with the letters of tcpdump(1). */
static const struct {
	uint8_t flag;
	char letter;
} letters[] = {{FIN, 'F'}, {SYN, 'S'}, {RST, 'R'}, {PSH, 'P'},
	       {ACK, '.'}, {URG, 'U'}, {ECE, 'E'}, {CWR, 'W'}};

static const char *const protocols[] = {[UDP] = "udp", [ICMP] = "icmp", [ICMP6] = "icmp6"};

const char *line_flags(const struct line *line, char word[WORD_SIZE])
{
	const char *whole = line->protocol == TCP ? "none" : protocols[line->protocol];
	size_t used = 0;

	if (line->protocol != TCP || line->flags == 0) {
		snprintf(word, WORD_SIZE, "%s", whole);
		return word;
	}
	for (size_t i = 0; i < sizeof(letters) / sizeof(letters[0]); i++)
		if (line->flags & letters[i].flag)
			word[used++] = letters[i].letter;
	word[used] = '\0';
	return word;
}

const char *line_who(const struct line *line, char word[WORD_SIZE])
{
	char number[12] = "";

	if (line->connection)
		snprintf(number, sizeof(number), "%u", line->connection);
	snprintf(word, WORD_SIZE, "%s%c", number, line->from_client ? 'C' : 'S');
	return word;
}

static const char *line_bytes(const struct line *line, char word[WORD_SIZE])
{
	if (line->protocol == ICMP || line->protocol == ICMP6)
		snprintf(word, WORD_SIZE, "%u/%u", (unsigned)(line->bytes / 256),
			 (unsigned)(line->bytes % 256));
	else
		snprintf(word, WORD_SIZE, "%llu", (unsigned long long)line->bytes);
	return word;
}

static void widen(int *width, size_t to)
{
	if ((size_t)*width < to)
		*width = (int)to;
}

void lines_measure(const struct lines *lines, struct widths *widths)
{
	char word[WORD_SIZE];

	widen(&widths->flags, 4); /* "FP.": so that most captures look alike */
	for (size_t i = 0; i < lines->count; i++) {
		const struct line *line = &lines->at[i];

		widen(&widths->who, strlen(line_who(line, word)));
		widen(&widths->flags, strlen(line_flags(line, word)));
		widen(&widths->bytes, strlen(line_bytes(line, word)));
		for (int c = 0; c < COLUMNS; c++)
			if (line->has[c])
				widen(&widths->column[c],
				      (size_t)snprintf(NULL, 0, "%s %u", column_name(c),
						       line->value[c]));
	}
}

/* Columns are two blanks apart; those that end a line print none after them. */
static void print_word(FILE *file, const char *word, int width, int *owed)
{
	fprintf(file, "%*s%s", *owed, "", word);
	*owed = width - (int)strlen(word) + 2;
}

static void print_line(FILE *file, const struct line *line, const struct widths *widths)
{
	char word[WORD_SIZE];
	int owed = 0;

	print_word(file, line_who(line, word), widths->who, &owed);
	print_word(file, line_flags(line, word), widths->flags, &owed);
	print_word(file, line_bytes(line, word), widths->bytes, &owed);
	for (int c = 0; c < COLUMNS; c++) {
		if (line->has[c]) {
			snprintf(word, sizeof(word), "%s %u", column_name(c), line->value[c]);
			print_word(file, word, widths->column[c], &owed);
		} else if (widths->column[c]) {
			owed += widths->column[c] + 2;
		}
	}
	fputc('\n', file);
}

void lines_print(FILE *file, const struct lines *lines, const struct widths *widths)
{
	for (size_t i = 0; i < lines->count; i++)
		print_line(file, &lines->at[i], widths);
}

/* Digits only, as they are printed: no sign, no leading zero. */
static bool parse_count(const char *text, uint64_t high, uint64_t *value)
{
	char *end;

	if (text[0] < '0' || text[0] > '9' || (text[0] == '0' && text[1]))
		return false;
	errno = 0;
	*value = strtoull(text, &end, 10);
	return !errno && !*end && *value <= high;
}

static bool parse_who(struct line *line, char *text, struct reason *why)
{
	size_t length = strlen(text);
	uint64_t number = 0;
	char who = text[length - 1];

	if (who != 'C' && who != 'S')
		return because(why, "'%s' is not C or S, or a number with one (1C)", text);
	line->from_client = who == 'C';
	if (length == 1)
		return true;
	text[length - 1] = '\0';
	if (!parse_count(text, UINT32_MAX, &number) || number == 0)
		return because(why, "'%s%c' is not C or S, or a number with one (1C)", text, who);
	line->connection = (uint32_t)number;
	return true;
}

static bool parse_flags(struct line *line, const char *text, unsigned rules, struct reason *why)
{
	char word[WORD_SIZE];

	for (int protocol = UDP; protocol <= ICMP6; protocol++) {
		if (strcmp(text, protocols[protocol]) != 0)
			continue;

		unsigned rule = protocol == UDP ? SHOW_UDP : SHOW_ICMP;

		line->protocol = (uint8_t)protocol;
		return rules & rule ||
		       because(why, "'%s' needs the rule '%s'", text, rule_words(rule));
	}
	line->protocol = TCP;
	for (const char *at = strcmp(text, "none") == 0 ? "" : text; *at; at++) {
		uint8_t flag = 0;

		for (size_t i = 0; i < sizeof(letters) / sizeof(letters[0]); i++)
			if (*at == letters[i].letter)
				flag = letters[i].flag;
		if (!flag)
			return because(why, "'%s' are not flags as tcpdump writes them", text);
		line->flags |= flag;
	}
	if (strcmp(text, line_flags(line, word)) != 0)
		return because(why, "flags '%s' are written '%s'", text, word);
	if ((line->flags & PSH) && (rules & (IGNORE_PUSH | FOLD_SEGMENTS)))
		return because(why, "'%s' cannot be seen: the rule '%s' hides PSH", text,
			       rule_words(rules & IGNORE_PUSH ? IGNORE_PUSH : FOLD_SEGMENTS));
	return true;
}

static bool parse_bytes(struct line *line, char *text, struct reason *why)
{
	uint64_t type, code;
	char *slash = strchr(text, '/');

	if (line->protocol == TCP || line->protocol == UDP)
		return parse_count(text, INT64_MAX, &line->bytes) ||
		       because(why, "'%s' is not a number of bytes", text);
	if (slash) {
		*slash = '\0';
		if (parse_count(text, 255, &type) && parse_count(slash + 1, 255, &code)) {
			line->bytes = type * 256 + code;
			return true;
		}
		*slash = '/';
	}
	return because(why, "'%s' is not a type and a code (3/3)", text);
}

static bool parse_pair(struct line *line, const char *name, const char *number, unsigned rules,
		       struct reason *why)
{
	uint64_t value;

	for (int c = 0; c < COLUMNS; c++) {
		unsigned rule = column_rule(c);

		if (strcmp(name, column_name(c)) != 0)
			continue;
		if (!(rules & rule))
			return because(why, "'%s' needs the rule '%s'", name, rule_words(rule));
		if (line->has[c])
			return because(why, "'%s' stands twice", name);
		if (!number || !parse_count(number, UINT32_MAX, &value))
			return because(why, "'%s %s' is not a name and a number", name,
				       number ? number : "");
		line->has[c] = true;
		line->value[c] = (uint32_t)value;
		return true;
	}
	return because(why, "'%s' is not a column", name);
}

bool line_parse(struct line *line, char *text, unsigned rules, struct reason *why)
{
	static const char blank[] = " \t";
	char *at;
	char *who = strtok_r(text, blank, &at), *flags = strtok_r(NULL, blank, &at);
	char *bytes = strtok_r(NULL, blank, &at), *name;

	if (!who || !flags || !bytes)
		return because(why, "not a rule, and not who, flags and bytes");
	if (!parse_who(line, who, why) || !parse_flags(line, flags, rules, why) ||
	    !parse_bytes(line, bytes, why))
		return false;
	while ((name = strtok_r(NULL, blank, &at)))
		if (!parse_pair(line, name, strtok_r(NULL, blank, &at), rules, why))
			return false;
	if ((rules & FOLD_ACKS) && line->protocol == TCP && line->flags == ACK && !line->bytes)
		return because(why, "a pure ACK cannot be seen: the rule 'fold acks' hides it");
	return true;
}
