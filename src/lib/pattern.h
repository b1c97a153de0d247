/*
 * pattern: the bytes every reply is made of.
 *
 * Byte i of a reply is pattern[i % PATTERN_PERIOD]. The table repeats the period many times over,
 * so that any part of a reply, however long, is one contiguous piece of it: a server sends
 * gibibytes without a buffer of its own, and the client checks what came with memcmp(). The
 * period is a prime, so a piece lost, doubled or moved by a power of two or by a whole number of
 * segments shows. It ends in a newline, for those who look with nc.
 */
#ifndef CSDESIGN_PATTERN_H
#define CSDESIGN_PATTERN_H

#include <stddef.h>
#include <stdint.h>

enum { PATTERN_PERIOD = 61, PATTERN_SIZE = PATTERN_PERIOD * 1024 };

/* At most this much is contiguous from every offset on. */
enum { PATTERN_PIECE = PATTERN_SIZE - PATTERN_PERIOD };

extern const char pattern[PATTERN_SIZE + 1];

/* Where the reply's byte at `offset`, and at least PATTERN_PIECE bytes from there, stand. */
static inline const char *pattern_at(uint64_t offset)
{
	return pattern + offset % PATTERN_PERIOD;
}

#endif
