/*
 * must: calls that must succeed, and the one line a program dies with.
 *
 * A call that only sets the scene is wrapped: `must(bind(fd, ...))`; the call whose result is the
 * subject stays bare. Programs set `program` first thing in main (die.c guesses it otherwise).
 */
#ifndef CSDESIGN_MUST_H
#define CSDESIGN_MUST_H

#include <stddef.h>
#include <sys/types.h>

/* Exit statuses every program shares: 0 done, 1 the scene could not be set, 2 usage, 77 this
 * kernel cannot do it (the reason stands on stderr). */
enum { EXIT_BROKEN = 1, EXIT_USAGE = 2, EXIT_IMPOSSIBLE = 77 };

/* What die() exits with: EXIT_BROKEN, but for a program that means something else by 1. */
extern int broken_status;

/* The errno's symbol, "ECONNRESET"; "errno 524" where the C library has no name for it. */
const char *errno_name(int err);

/* Print `prog: message` on stderr, then exit with broken_status, EXIT_USAGE or EXIT_IMPOSSIBLE. */
_Noreturn void die(const char *format, ...) __attribute__((format(printf, 1, 2)));
_Noreturn void usage_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
_Noreturn void impossible(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Print `prog: message` on stderr and go on. One write: lines of several processes stay whole. */
void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* must(call): the call's value, or death naming call, place and errno where it is -1.
 * must_n: the same for calls that return ssize_t or off_t; must_ptr: where NULL is failure. */
#define must(call) must_int((call), #call)
#define must_n(call) must_ssize((call), #call)
#define must_ptr(call) must_pointer((call), #call)

int must_int(int result, const char *call);
ssize_t must_ssize(ssize_t result, const char *call);
void *must_pointer(void *result, const char *call);

/* A decimal number in [low, high], or usage_error("WHAT: ..."). */
long parse_number(const char *text, long low, long high, const char *what);

#endif
