/*
 * Segments by hand: their text, their bytes, their checksums.
 */
#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lib/segment.h"

static const unsigned ALL = COLUMN(SEGMENT_COLUMNS) - 1;

static struct segment parsed(const char *text)
{
	struct segment segment;
	struct reason why = {""};

	if (!segment_parse(&segment, text, &why))
		fail_msg("%s", why.text);
	return segment;
}

static void a_line_is_what_it_was(void **fixture)
{
	static const char *const lines[] = {
		"S 0",
		"none 0",
		"FSRP.UEW 0",
		"S. 0 seq 0 ack 1 win 65535 mss 1460 wscale 7 sackok val 4294967295 ecr 0",
		"P.U 100 seq 1 ack 2 win 0 urg 401",
		". 0 seq -5 ack -100000 sack 101-201 sack 301-401 sack -3-5",
		"R 0 seq 11 badsum",
	};
	char text[SEGMENT_TEXT];

	(void)fixture;
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		struct segment segment = parsed(lines[i]);

		assert_string_equal(segment_text(&segment, ALL, text), lines[i]);
	}
}

static void text_has_the_columns_wanted(void **fixture)
{
	struct segment segment = parsed("  S.   0  seq 0  ack 1   win 5 ");
	char text[SEGMENT_TEXT];

	(void)fixture;
	assert_string_equal(segment_text(&segment, COLUMN(ACKNO) | COLUMN(MSS), text),
			    "S. 0 ack 1");
}

static void what_is_no_line_says_why(void **fixture)
{
	static const struct {
		const char *line, *why;
	} bad[] = {
		{"", "not flags and bytes: ''"},
		{"S", "not flags and bytes: 'S'"},
		{"S x", "not flags and bytes: 'S x'"},
		{"s 0", "'s' is no flag: 's 0'"},
		{"S 0 mss", "'mss' is not understood: 'S 0 mss'"},
		{"S 0 mss 1x", "'mss' is not understood: 'S 0 mss 1x'"},
		{"S 0 seq 1 seq 2", "'seq' is not understood: 'S 0 seq 1 seq 2'"},
		{"S 0 seq 4294967296", "'seq' is not understood: 'S 0 seq 4294967296'"},
		{"S 0 sack 1", "'sack' is not understood: 'S 0 sack 1'"},
		{". 0 what 5", "'what' is not understood: '. 0 what 5'"},
	};
	struct segment segment;

	(void)fixture;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct reason why = {""};

		assert_false(segment_parse(&segment, bad[i].line, &why));
		assert_string_equal(why.text, bad[i].why);
	}
}

/* The bytes of RFC 9293 3.1, written out by hand. */
static void bytes_are_those_of_the_standard(void **fixture)
{
	static const uint8_t expected[] = {
		0x9c, 0x40, 0x07, 0xd0, /* ports 40000, 2000 */
		0x01, 0x02, 0x03, 0x04, /* sequence number */
		0x0a, 0x0b, 0x0c, 0x0d, /* acknowledgement */
		0xb0, 0x12, 0x12, 0x34, /* 11 words, SYN and ACK, window */
		0x00, 0x00, 0x00, 0x07, /* checksum, urgent pointer */
		0x02, 0x04, 0x05, 0xb4, /* MSS 1460 */
		0x01, 0x03, 0x03, 0x07, /* NOP, window scale 7 */
		0x01, 0x01, 0x04, 0x02, /* NOP, NOP, SACK permitted */
		0x01, 0x01, 0x08, 0x0a, /* NOP, NOP, timestamps */
		0x00, 0x00, 0x00, 0x09, /* value */
		0x00, 0x00, 0x00, 0x08, /* echo */
	};
	struct segment segment = parsed("S. 0 seq 16909060 ack 168496141 win 4660 urg 7 mss 1460"
					" wscale 7 sackok val 9 ecr 8");
	uint8_t bytes[SEGMENT_MAX];

	(void)fixture;
	segment.from = 40000;
	segment.to = 2000;
	assert_int_equal(segment_write(&segment, bytes), sizeof(expected));
	assert_memory_equal(bytes, expected, sizeof(expected));
}

static void what_is_written_can_be_read(void **fixture)
{
	static const char line[] =
		". 3 seq 7 ack 9 win 11 val 1 ecr 2 sack 20-30 sack 40-50 sack 60-70";
	struct segment made = parsed(line), seen;
	uint8_t bytes[SEGMENT_MAX];
	char text[SEGMENT_TEXT];
	size_t size = segment_write(&made, bytes);

	(void)fixture;
	assert_true(segment_read(&seen, bytes, size));
	/* Three blocks beside timestamps just fit: the header is as long as can be. */
	assert_int_equal(size, 20 + 12 + 4 + 24 + 3);
	assert_string_equal(segment_text(&seen, ALL, text), line);
}

static void what_is_no_segment_is_refused(void **fixture)
{
	struct segment made = parsed("S 0 mss 1460"), seen;
	uint8_t bytes[SEGMENT_MAX];
	size_t size = segment_write(&made, bytes);

	(void)fixture;
	assert_true(segment_read(&seen, bytes, size));
	assert_false(segment_read(&seen, bytes, 19));
	assert_false(segment_read(&seen, bytes, size - 1)); /* the header is longer */
	bytes[21] = 5; /* the option is longer than the header */
	assert_false(segment_read(&seen, bytes, size));
	bytes[21] = 0; /* or would never end */
	assert_false(segment_read(&seen, bytes, size));
	bytes[12] = 4 << 4; /* the header is too short to be one */
	assert_false(segment_read(&seen, bytes, size));
}

/* 20 bytes and 3 of payload between 192.0.2.1 and 192.0.2.2, and between 2001:db8::1 and ::2: the
 * sums were worked out by hand. */
static void checksums(void **fixture)
{
	struct sockaddr_in from = {.sin_family = AF_INET}, to = {.sin_family = AF_INET};
	struct sockaddr_in6 from6 = {.sin6_family = AF_INET6}, to6 = {.sin6_family = AF_INET6};
	uint8_t bytes[23] = {[12] = 5 << 4, [13] = 0x02, [20] = 'a', [21] = 'b', [22] = 'c'};

	(void)fixture;
	inet_pton(AF_INET, "192.0.2.1", &from.sin_addr);
	inet_pton(AF_INET, "192.0.2.2", &to.sin_addr);
	inet_pton(AF_INET6, "2001:db8::1", &from6.sin6_addr);
	inet_pton(AF_INET6, "2001:db8::2", &to6.sin6_addr);

	/* c000 0201 c000 0202 0006 0017 5002 6162 6300 add up to 29884: 9886. */
	assert_int_equal(segment_checksum(bytes, sizeof(bytes), (struct sockaddr *)&from,
					  (struct sockaddr *)&to),
			 0xffff - 0x9886);
	/* 2001 0db8 0001 2001 0db8 0002 0006 0017 5002 6162 6300: 16ff6, 6ff7. */
	assert_int_equal(segment_checksum(bytes, sizeof(bytes), (struct sockaddr *)&from6,
					  (struct sockaddr *)&to6),
			 0xffff - 0x6ff7);

	segment_seal(bytes, sizeof(bytes), (struct sockaddr *)&from, (struct sockaddr *)&to, false);
	assert_int_equal(segment_checksum(bytes, sizeof(bytes), (struct sockaddr *)&from,
					  (struct sockaddr *)&to),
			 0);
	segment_seal(bytes, sizeof(bytes), (struct sockaddr *)&from, (struct sockaddr *)&to, true);
	assert_int_not_equal(segment_checksum(bytes, sizeof(bytes), (struct sockaddr *)&from,
					      (struct sockaddr *)&to),
			     0);
}

static void length_counts_syn_and_fin(void **fixture)
{
	struct segment segment = parsed("FP. 5");

	(void)fixture;
	assert_int_equal(segment_length(&segment), 6);
	segment = parsed("S. 0");
	assert_int_equal(segment_length(&segment), 1);
	segment = parsed("R 0");
	assert_int_equal(segment_length(&segment), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_is_what_it_was),
		cmocka_unit_test(text_has_the_columns_wanted),
		cmocka_unit_test(what_is_no_line_says_why),
		cmocka_unit_test(bytes_are_those_of_the_standard),
		cmocka_unit_test(what_is_written_can_be_read),
		cmocka_unit_test(what_is_no_segment_is_refused),
		cmocka_unit_test(checksums),
		cmocka_unit_test(length_counts_syn_and_fin),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
