#include "cells.h"

#include <stdio.h>
#include <string.h>

#include "fact.h"

struct cell cell(const char *column, const char *result)
{
	struct cell made = {.column = column};

	snprintf(made.result, sizeof(made.result), "%s", result);
	return made;
}

/* The first of the cells that has this one's result. */
static int first_like(const struct cell *cells, int which)
{
	int first = 0;

	while (strcmp(cells[first].result, cells[which].result) != 0)
		first++;
	return first;
}

void fact_cells(const char *row, const char *word, const struct cell *cells, int count)
{
	char columns[512];

	for (int i = 0; i < count; i++) {
		size_t used = 0;

		if (first_like(cells, i) != i)
			continue;
		for (int j = i; j < count && used < sizeof(columns); j++)
			if (first_like(cells, j) == i)
				used += (size_t)snprintf(columns + used, sizeof(columns) - used,
							 " %s", cells[j].column);
		fact_text(row, "%s %s%s", cells[i].result, word, columns);
	}
}
