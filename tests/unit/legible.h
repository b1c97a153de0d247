/*
 * legible: whether an SVG picture of a ladder is well-formed, and can be read: nothing outside the
 * page, no text over another text or a lifeline. Widths of text are guessed as the picture does.
 */
#ifndef CSDESIGN_LEGIBLE_H
#define CSDESIGN_LEGIBLE_H

#include "lib/svg.h"
#include "maker.h"

static inline void assert_entity(const char *at)
{
	assert_true(!strncmp(at, "&amp;", 5) || !strncmp(at, "&lt;", 4) ||
		    !strncmp(at, "&gt;", 4) || !strncmp(at, "&quot;", 6));
}

/* Elements nest, attributes are quoted, entities are known. */
static inline void assert_well_formed(const char *svg)
{
	char open[16][32];
	size_t depth = 0;

	assert_memory_equal(svg, "<?xml", 5);
	for (const char *at = strstr(svg, "?>") + 2; *at; at++) {
		if (*at == '&')
			assert_entity(at);
		if (*at != '<')
			continue;

		bool closing = at[1] == '/';
		const char *name = at + 1 + closing;
		size_t length = strspn(name, "abcdefghijklmnopqrstuvwxyz");
		bool quoted = false;

		assert_in_range(length, 1, 31);
		for (at = name + length; quoted || *at != '>'; at++) {
			assert_true(*at && *at != '<');
			quoted ^= *at == '"';
		}
		if (closing) {
			assert_true(depth > 0);
			depth--;
			assert_int_equal(strlen(open[depth]), length);
			assert_memory_equal(open[depth], name, length);
		} else if (at[-1] != '/') {
			assert_true(depth < 16);
			snprintf(open[depth], sizeof(open[depth]), "%.*s", (int)length, name);
			depth++;
		}
	}
	assert_int_equal(depth, 0);
}

struct box {
	int left, right, top, bottom;
};

/* The number of an attribute of the element that begins here. */
static inline int number(const char *element, const char *attribute)
{
	char key[32];
	const char *at;

	snprintf(key, sizeof(key), " %s=\"", attribute);
	at = strstr(element, key);
	assert_non_null(at);
	return (int)strtol(at + strlen(key), NULL, 10);
}

/* An entity is one character. */
static inline size_t characters(const char *text, const char *end)
{
	size_t found = svg_characters(text, (size_t)(end - text));

	for (; text < end; text++)
		if (*text == '&')
			found -= strcspn(text, ";");
	return found;
}

static inline struct box text_box(const char *element)
{
	const char *text = strchr(element, '>') + 1, *end = strchr(text, '<');
	bool middle = false, right = strstr(element, "\"time\"") == strchr(element, '"');
	int size = 11, x = number(element, "x"), y = number(element, "y"), width;

	for (size_t i = 0; i < 4; i++) {
		static const char *const classes[] = {"name", "label", "numbers", "fold"};
		const char *class = strchr(element, '"') + 1;

		if (strncmp(class, classes[i], strlen(classes[i])) == 0) {
			middle = true;
			size = i < 2 ? 12 : 11;
		}
		if (strncmp(class, "title", 5) == 0)
			size = 16;
	}
	width = svg_width(characters(text, end), size);
	if (middle)
		x -= width / 2;
	else if (right)
		x -= width;
	return (struct box){x, x + width, y - size * 3 / 4, y + size / 4};
}

static inline void assert_legible(const char *svg)
{
	static struct box boxes[2048];
	const char *root = strstr(svg, "<svg");
	int width = number(root, "width"), height = number(root, "height");
	size_t used = 0;

	for (const char *at = svg; (at = strstr(at, "<text ")); at++) {
		struct box box = text_box(at);

		assert_true(used < 2048);
		if (box.left < 0 || box.right > width || box.top < 0 || box.bottom > height)
			fail_msg("outside the page: %.120s", at);
		for (size_t i = 0; i < used; i++)
			if (box.left < boxes[i].right && boxes[i].left < box.right &&
			    box.top < boxes[i].bottom && boxes[i].top < box.bottom)
				fail_msg("over another text: %.120s", at);
		boxes[used++] = box;
	}
	for (const char *at = svg; (at = strstr(at, "<line class=\"life\"")); at++)
		for (size_t i = 0; i < used; i++)
			if (boxes[i].left < number(at, "x1") && boxes[i].right > number(at, "x1") &&
			    boxes[i].bottom > number(at, "y1") && boxes[i].top < number(at, "y2"))
				fail_msg("a text over %.60s", at);
	for (const char *at = svg; (at = strstr(at, "<line ")); at++) {
		assert_in_range(number(at, "x1"), 0, width);
		assert_in_range(number(at, "x2"), 0, width);
		assert_in_range(number(at, "y1"), 0, height);
		assert_in_range(number(at, "y2"), 0, height);
	}
}

static inline void assert_good(const char *svg)
{
	assert_well_formed(svg);
	assert_legible(svg);
}

#endif
