/*
 * expectation: the text that says what must be on the wire (tests/pcap/README.md).
 */
#ifndef CSDESIGN_EXPECTATION_H
#define CSDESIGN_EXPECTATION_H

#include <stdbool.h>
#include <stddef.h>

#include "lines.h"
#include "reason.h"

struct expectation {
	char *text;        /* owned; title and notes point into it */
	const char *title; /* the first comment, or NULL */
	unsigned rules;
	struct lines lines; /* place and note of each are set */
};

/* Read a whole expectation. The reason names file and line. On failure nothing is to free. */
bool expectation_open(const char *path, struct expectation *out, struct reason *why);

/* The same from memory; `name` is for the reason. */
bool expectation_parse(const char *text, size_t size, const char *name, struct expectation *out,
		       struct reason *why);

void expectation_free(struct expectation *expectation);

#endif
