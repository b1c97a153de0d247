/*
 * cells: a table of combinations, told in few facts.
 *
 * A row has one result for each of its columns, and mostly few different ones. Each of those is
 * told once, with the columns that have it: a row where all agree is one fact, and one that
 * deviates stands out.
 */
#ifndef CSDESIGN_CELLS_H
#define CSDESIGN_CELLS_H

struct cell {
	const char *column;
	char result[24];
};

/* A cell, with a copy of the result, of which there is room for 23 characters. */
struct cell cell(const char *column, const char *result);

/* "ROW: RESULT WORD COLUMN COLUMN", in the order of the columns. */
void fact_cells(const char *row, const char *word, const struct cell *cells, int count);

#endif
