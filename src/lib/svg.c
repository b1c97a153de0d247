#include "svg.h"

#include <stdint.h>
#include <string.h>

/* Bytes of the character at `text`, which has `size` more: 0 if it is none that XML allows. */
static size_t character(const char *text, size_t size)
{
	static const uint32_t lowest[] = {0, 0, 0x80, 0x800, 0x10000};
	const unsigned char *at = (const unsigned char *)text;
	size_t length = at[0] < 0x80 ? 1 : at[0] >= 0xf0 ? 4 : at[0] >= 0xe0 ? 3 : 2;
	uint32_t value;

	if (length == 1)
		return at[0] >= 0x20 || at[0] == '\t' || at[0] == '\n';
	if (at[0] < 0xc0 || at[0] > 0xf7 || length > size)
		return 0;
	value = at[0] & (0xffu >> (length + 1));
	for (size_t i = 1; i < length; i++) {
		if ((at[i] & 0xc0) != 0x80)
			return 0;
		value = value << 6 | (at[i] & 0x3f);
	}
	if (value < lowest[length] || value > 0x10ffff || (value >= 0xd800 && value < 0xe000) ||
	    (value & 0xfffe) == 0xfffe)
		return 0;
	return length;
}

void svg_escape(FILE *file, const char *text, size_t size)
{
	while (size > 0) {
		size_t length = character(text, size);

		switch (length ? *text : '\0') {
		case '\0': fputc('?', file); break;
		case '&': fputs("&amp;", file); break;
		case '<': fputs("&lt;", file); break;
		case '>': fputs("&gt;", file); break;
		case '"': fputs("&quot;", file); break;
		default: fwrite(text, 1, length, file);
		}
		if (!length)
			length = 1;
		text += length;
		size -= length;
	}
}

size_t svg_characters(const char *text, size_t size)
{
	size_t count = 0;

	while (size > 0) {
		size_t length = character(text, size);

		if (!length)
			length = 1;
		text += length;
		size -= length;
		count++;
	}
	return count;
}

size_t svg_wrap(const char *text, size_t limit, const char **next)
{
	size_t size = strlen(text), at = 0, blank = 0, end;

	for (size_t count = 0; at < size && count < limit; count++) {
		size_t length = character(text + at, size - at);

		if (text[at] == ' ')
			blank = at;
		at += length ? length : 1;
	}
	end = at == size || text[at] == ' ' || blank == 0 ? at : blank;
	*next = text + end;
	while (**next == ' ')
		++*next;
	return end;
}

size_t svg_wrapped_lines(const char *text, size_t limit)
{
	size_t lines = 0;

	for (; *text; lines++)
		svg_wrap(text, limit, &text);
	return lines;
}

int svg_width(size_t characters, int font_size)
{
	return (int)characters * font_size * 62 / 100;
}
