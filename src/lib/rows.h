/*
 * rows: what a ladder shows, row by row: labels, numbers, times and notes; nothing of its drawing.
 */
#ifndef CSDESIGN_ROWS_H
#define CSDESIGN_ROWS_H

#include <stdbool.h>
#include <stddef.h>

#include "capture.h"
#include "expectation.h"
#include "lines.h"

/* More rows are no picture: what is left out is said in the last one. */
enum { ROWS_LIMIT = 400, ROW_TEXT = 160 };

struct row {
	const struct line *line; /* NULL: the label stands for lines that have no row */
	char time[32];           /* since the row above, "+0.012 ms" */
	char label[ROW_TEXT];    /* "PSH ACK · 5 bytes" */
	char numbers[ROW_TEXT];  /* "seq 1:6, ack 1" */
	int y;                   /* where it is drawn */
};

struct rows {
	struct lines lines; /* in the order of time, with their notes */
	struct row *at;
	size_t count;
	uint32_t connections; /* how many have lines, at least 1 */
};

/*
 * The capture's lines under the expectation's rules, as rows. Its notes go to the lines that it
 * has in common with the capture, counted from either end. Long runs of data of one sender are
 * folded into one row. `numbered`: more connections than this have their number in the label.
 * False: no memory.
 */
bool rows_make(struct rows *rows, const struct capture *capture,
	       const struct expectation *expectation, uint32_t numbered);
void rows_free(struct rows *rows);

#endif
