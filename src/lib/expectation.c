#include "expectation.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "must.h"

enum { TEXT_LIMIT = 1 << 20 };

/* Cut blanks off both ends, in place. */
static char *trim(char *text)
{
	size_t length;

	text += strspn(text, " \t\r");
	length = strlen(text);
	while (length > 0 && strchr(" \t\r", text[length - 1]))
		text[--length] = '\0';
	return text;
}

/* Blanks inside a rule are one. */
static void squeeze(char *text)
{
	char *to = text;

	for (const char *from = text; *from; from++) {
		bool blank = *from == ' ' || *from == '\t';

		if (!blank)
			*to++ = *from;
		else if (to[-1] != ' ')
			*to++ = ' ';
	}
	*to = '\0';
}

static bool is_rule(const char *text)
{
	return strncmp(text, "fold", 4) == 0 || strncmp(text, "ignore", 6) == 0 ||
	       strncmp(text, "group", 5) == 0 || strncmp(text, "show", 4) == 0 ||
	       strncmp(text, "both", 4) == 0;
}

static bool add_rule(struct expectation *out, char *text, struct reason *why)
{
	squeeze(text);

	unsigned rule = rule_of(text);

	if (!rule)
		return because(why, "unknown rule '%s'", text);
	if (out->lines.count > 0)
		return because(why, "rule '%s' after the first packet", text);
	if (out->rules & rule)
		return because(why, "rule '%s' stands twice", text);
	out->rules |= rule;
	return true;
}

static bool read_line(struct expectation *out, char *text, unsigned place, struct reason *why)
{
	struct line line = {.place = place};
	char *comment = strchr(text, '#');

	if (comment) {
		*comment++ = '\0';
		comment = trim(comment);
	}
	text = trim(text);
	if (!*text) {
		if (comment && *comment && !out->title && !out->rules && !out->lines.count)
			out->title = comment;
		return true;
	}
	if (is_rule(text))
		return add_rule(out, text, why);
	if (!line_parse(&line, text, out->rules, why))
		return false;
	line.note = comment && *comment ? comment : NULL;
	return lines_append(&out->lines, &line) || because(why, "no memory");
}

/* Numbers are for several connections, and for all lines then: another mixture never matches. */
static bool check_numbers(const struct lines *lines, const char *name, struct reason *why)
{
	uint32_t highest = 0;

	for (size_t i = 0; i < lines->count; i++) {
		const struct line *line = &lines->at[i];

		if (line->connection > highest + 1 || (i > 0 && !line->connection != !highest))
			return because(why,
				       "%s:%u: connections are numbered as they appear: "
				       "1, 2, ..., and none where there is only one",
				       name, line->place);
		if (line->connection > highest)
			highest = line->connection;
	}
	if (highest == 1)
		return because(why, "%s:%u: the only connection has no number", name,
			       lines->at[0].place);
	return true;
}

bool expectation_parse(const char *text, size_t size, const char *name, struct expectation *out,
		       struct reason *why)
{
	unsigned place = 0;
	struct reason detail = {""};

	*out = (struct expectation){.text = malloc(size + 1)};
	if (!out->text)
		return because(why, "%s: no memory", name);
	memcpy(out->text, text, size);
	out->text[size] = '\0';
	if (strlen(out->text) != size) {
		because(why, "%s: a NUL byte: not an expectation", name);
		goto bad;
	}
	for (char *rest = out->text, *line; (line = strsep(&rest, "\n"));) {
		place++;
		if (!read_line(out, line, place, &detail)) {
			because(why, "%s:%u: %s", name, place, detail.text);
			goto bad;
		}
	}
	if (out->lines.count == 0) {
		because(why, "%s: no packet line: an expectation that cannot fail", name);
		goto bad;
	}
	if (check_numbers(&out->lines, name, why))
		return true;
bad:
	expectation_free(out);
	return false;
}

bool expectation_open(const char *path, struct expectation *out, struct reason *why)
{
	FILE *file = fopen(path, "re");
	char *text = NULL;
	size_t size = 0;
	bool good = false;

	if (!file)
		return because(why, "%s: %s", path, errno_name(errno));
	text = malloc(TEXT_LIMIT + 1);
	if (text)
		size = fread(text, 1, TEXT_LIMIT + 1, file);
	if (!text)
		because(why, "%s: no memory", path);
	else if (ferror(file))
		because(why, "%s: %s", path, errno_name(errno));
	else if (size > TEXT_LIMIT)
		because(why, "%s: larger than %d bytes", path, TEXT_LIMIT);
	else
		good = expectation_parse(text, size, path, out, why);
	fclose(file);
	free(text);
	return good;
}

void expectation_free(struct expectation *expectation)
{
	lines_free(&expectation->lines);
	free(expectation->text);
	*expectation = (struct expectation){0};
}
