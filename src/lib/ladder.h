/*
 * ladder: a capture as a picture that a person can read: who sent what to whom, time downwards.
 */
#ifndef CSDESIGN_LADDER_H
#define CSDESIGN_LADDER_H

#include <stdbool.h>
#include <stdio.h>

#include "capture.h"
#include "expectation.h"

/*
 * Write one self-contained SVG: a column for each end of each connection, an arrow a line, in the
 * order of time whatever the rules say. The expectation (all zero: none) gives title, rules and
 * notes; without one the path's last part is the title. False: no memory.
 */
bool ladder_draw(FILE *file, const char *path, const struct capture *capture,
		 const struct expectation *expectation);

#endif
