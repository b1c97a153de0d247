/*
 * diff: two lists of lines as a unified diff, by diff(1).
 */
#ifndef CSDESIGN_DIFF_H
#define CSDESIGN_DIFF_H

#include "lines.h"

/* Print what differs on stdout, under these labels. Where diff(1) cannot run, print all of both
 * lists with - and +: the verdict is known already and must not depend on it. */
void diff_print(const struct lines *expected, const char *expected_label, const struct lines *seen,
		const char *seen_label);

#endif
