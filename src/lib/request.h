/*
 * request: the one line a client sends: a decimal count, then a newline.
 *
 * TCP keeps no message boundaries, so the line is parsed byte by byte as it comes, in as many
 * segments as it likes. A carriage return before the newline is let pass (telnet, nc -C). Leading
 * zeros are digits like others; signs, blanks and empty lines are not a count.
 */
#ifndef CSDESIGN_REQUEST_H
#define CSDESIGN_REQUEST_H

#include <stdbool.h>
#include <stdint.h>

/* No line is longer, its end included. UINT64_MAX has 20 digits. */
enum { REQUEST_MAX = 32 };

enum request_state {
	REQUEST_OPEN,     /* more is to come */
	REQUEST_COMPLETE, /* `count` bytes are asked for */
	REQUEST_BAD,      /* `reason` says why it can never become one */
};

struct request {
	uint64_t count;
	unsigned length;      /* characters so far; 0: nothing of a request was seen */
	bool carriage_return; /* only the newline may follow */
	const char *reason;
};

void request_start(struct request *request);

/* Take one more byte. A count over `limit` (at most UINT64_MAX / 16) is bad as soon as it is. */
enum request_state request_byte(struct request *request, char byte, uint64_t limit);

/* The request ends here without a newline: at the end of file, or of a read that is one request. */
enum request_state request_end(struct request *request);

#endif
