/*
 * svg: text for an SVG picture: escaped, wrapped, and its width guessed.
 */
#ifndef CSDESIGN_SVG_H
#define CSDESIGN_SVG_H

#include <stddef.h>
#include <stdio.h>

/* Write the first `size` bytes as character data or an attribute's value. Whatever is not a
 * character of XML 1.0 in UTF-8 becomes '?'. */
void svg_escape(FILE *file, const char *text, size_t size);

/* How many characters `size` bytes are. */
size_t svg_characters(const char *text, size_t size);

/* How many bytes of the text are its first line of at most `limit` characters: cut at a blank, or
 * in a word that is longer. *next is where the next line begins. */
size_t svg_wrap(const char *text, size_t limit, const char **next);

/* How many such lines the text makes; none for an empty text. */
size_t svg_wrapped_lines(const char *text, size_t limit);

/* Pixels that many characters take at most, nearly always, in a sans-serif font of this size: the
 * viewer's font is unknown, and DejaVu Sans is wide. */
int svg_width(size_t characters, int font_size);

#endif
