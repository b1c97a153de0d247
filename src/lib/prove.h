/*
 * prove: show that an expectation can fail, by changing the capture that it matches.
 */
#ifndef CSDESIGN_PROVE_H
#define CSDESIGN_PROVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "capture.h"
#include "expectation.h"
#include "reason.h"

/* Longer ones cost minutes: the work grows with the square. */
enum { PROVE_LIMIT = 4000 };

struct proof {
	size_t mutants, noticed;
};

/*
 * For a capture that matches: every packet that is shown is left out, has each of FIN, SYN, RST,
 * PSH and ACK turned, becomes a byte longer (ICMP: another code) and changes places with the next
 * that is shown; each such mutant must not match. Those that still do are named on `survivors`, a
 * line each.
 *
 * Not counted as mutants, for the rules say that they make no difference: PSH where a rule hides
 * it; places changed by equal lines, inside one folded line, or, with `group connections`, by two
 * connections; and by the first lines of two connections that differ in nothing but the number.
 *
 * False, and why: the capture does not match, no memory, or more than PROVE_LIMIT packets.
 */
bool prove(const struct expectation *expectation, const struct capture *capture,
	   struct proof *proof, FILE *survivors, struct reason *why);

#endif
