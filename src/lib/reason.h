/*
 * reason: why a reading function gave up, in one line for a person, without the program's name.
 *
 * Whoever reads foreign bytes must not die on them: it returns false and leaves the reason, so that
 * the caller decides, and a test can look at it.
 */
#ifndef CSDESIGN_REASON_H
#define CSDESIGN_REASON_H

#include <stdbool.h>

struct reason {
	char text[512];
};

/* Write the reason (cut at its size) and return false: `return because(why, "...", ...)`. */
bool because(struct reason *why, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
