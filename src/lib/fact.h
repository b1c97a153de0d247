/*
 * fact: what a probe saw, one line each on stdout: `actor call: result`.
 *
 * A fact states; the test judges. Facts are flushed line by line, so that a probe killed by its
 * deadline still tells how far it came. They never hold a pid, a port, a time or anything else
 * that differs between two runs.
 */
#ifndef CSDESIGN_FACT_H
#define CSDESIGN_FACT_H

/* `fact(recv(fd, buf, n, 0), "client recv")`: the result of a system call just made; prints
 * "client recv: 5", or "client recv: ECONNRESET" where the result is -1. Returns the result. */
long fact(long result, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A fact in words: `fact_text("client poll", "%s", poll_mask(revents))`. */
void fact_text(const char *name, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* An errno fetched by SO_ERROR or out of a message: "client SO_ERROR: ECONNRESET", or "0". */
void fact_errno(const char *name, int err);

/* The result of a call just made for a fact in words: "5", or "ECONNRESET" where it is -1. The text
 * lives until the thread's next call. */
const char *result_text(long result);

/* The names of poll's bits in the order IN PRI OUT RDHUP ERR HUP NVAL, blank-separated, "none" if
 * there are none. The text lives until the thread's next call. */
const char *poll_mask(int revents);

#endif
