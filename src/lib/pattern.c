#include "pattern.h"

#define PERIOD "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWX\n"
#define TWICE(text) text text
#define TIMES_32(text) TWICE(TWICE(TWICE(TWICE(TWICE(text)))))

_Static_assert(sizeof(PERIOD) - 1 == PATTERN_PERIOD, "the period has the length it says");

const char pattern[PATTERN_SIZE + 1] = TIMES_32(TIMES_32(PERIOD));
