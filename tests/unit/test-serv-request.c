/*
 * The line a client sends: every way in which it is a request, not yet one, or none.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "lib/request.h"

enum { LIMIT = 1000000 };

/* Feed the bytes; returns the state after the last, or after the first that is not OPEN. */
static enum request_state feed(struct request *request, const char *text)
{
	enum request_state state = REQUEST_OPEN;

	request_start(request);
	while (*text && state == REQUEST_OPEN)
		state = request_byte(request, *text++, LIMIT);
	return state;
}

static void counts(void **fixture)
{
	static const struct {
		const char *text;
		uint64_t count;
	} good[] = {
		{"0\n", 0},           {"5\n", 5},    {"3000\r\n", 3000},
		{"1000000\n", LIMIT}, {"0007\n", 7}, {"0000000000000000000000000000009\n", 9},
	};
	struct request request;

	(void)fixture;
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
		assert_int_equal(feed(&request, good[i].text), REQUEST_COMPLETE);
		assert_int_equal(request.count, good[i].count);
	}
}

static void half_lines_stay_open(void **fixture)
{
	static const char *const open[] = {"", "3", "3000", "3000\r"};
	struct request request;

	(void)fixture;
	for (size_t i = 0; i < sizeof(open) / sizeof(*open); i++)
		assert_int_equal(feed(&request, open[i]), REQUEST_OPEN);
}

static void the_end_completes(void **fixture)
{
	struct request request;

	(void)fixture;
	assert_int_equal(feed(&request, "3000"), REQUEST_OPEN);
	assert_int_equal(request_end(&request), REQUEST_COMPLETE);
	assert_int_equal(request.count, 3000);
	assert_int_equal(feed(&request, "7\r"), REQUEST_OPEN);
	assert_int_equal(request_end(&request), REQUEST_COMPLETE);
	assert_int_equal(request.count, 7);
}

static void refusals(void **fixture)
{
	static const struct {
		const char *text, *reason;
	} bad[] = {
		{"\n", "an empty line"},
		{"x", "not a decimal count"},
		{"-", "not a decimal count"},
		{"+5\n", "not a decimal count"},
		{" 5\n", "not a decimal count"},
		{"5 ", "not a decimal count"},
		{"0x10\n", "not a decimal count"},
		{"1e3\n", "not a decimal count"},
		{"\r", "a carriage return that ends no count"},
		{"5\r5", "a carriage return that ends no count"},
		{"5\r\r", "a carriage return that ends no count"},
		{"1000001", "more bytes than the limit (-m) allows"},
		{"18446744073709551617", "more bytes than the limit (-m) allows"},
		{"00000000000000000000000000000009\n", "the line is too long"},
	};
	struct request request;

	(void)fixture;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		assert_int_equal(feed(&request, bad[i].text), REQUEST_BAD);
		assert_string_equal(request.reason, bad[i].reason);
	}
}

/* Every byte that is not part of a count, wherever it stands. */
static void bytes_that_are_no_digits(void **fixture)
{
	struct request request;

	(void)fixture;
	for (int byte = 0; byte < 256; byte++) {
		if ((byte >= '0' && byte <= '9') || byte == '\r' || byte == '\n')
			continue;
		assert_int_equal(feed(&request, "12"), REQUEST_OPEN);
		assert_int_equal(request_byte(&request, (char)byte, LIMIT), REQUEST_BAD);
	}
}

/* The largest limit there is: a count one digit over it must not wrap around. */
static void no_overflow(void **fixture)
{
	struct request request;

	(void)fixture;
	request_start(&request);
	for (int digit = 0; digit < 18; digit++)
		assert_int_equal(request_byte(&request, '9', UINT64_MAX / 16), REQUEST_OPEN);
	assert_int_equal(request_byte(&request, '9', UINT64_MAX / 16), REQUEST_BAD);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts),
		cmocka_unit_test(half_lines_stay_open),
		cmocka_unit_test(the_end_completes),
		cmocka_unit_test(refusals),
		cmocka_unit_test(bytes_that_are_no_digits),
		cmocka_unit_test(no_overflow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
