/* The notation: who, flags, bytes, columns; what each rule folds, and what it must not fold. */
#include "maker.h"

static void flags_as_tcpdump_writes_them(void **state)
{
	struct maker maker = make_usual();

	(void)state;
	put_tcp(&maker, 0, 'C', "SEW", 100, 0, 0);
	put_tcp(&maker, 0, 'S', "S.E", 200, 101, 0);
	put_tcp(&maker, 0, 'C', "P.U", 101, 201, 3);
	put_tcp(&maker, 0, 'C', "FP.", 104, 201, 1);
	put_tcp(&maker, 0, 'S', "R", 201, 0, 0);
	put_tcp(&maker, 0, 'C', "", 106, 0, 0);
	assert_reads(&maker, 0,
		     "C  SEW   0\nS  S.E   0\nC  P.U   3\nC  FP.   1\nS  R     0\nC  none  0\n");
}

static void who_begins_is_the_client(void **state)
{
	struct maker maker = make_usual();

	(void)state;
	tcp(&maker, 0, 'S', "P.", 7); /* the SYN is not in the capture */
	tcp(&maker, 0, 'C', ".", 0);
	assert_reads(&maker, 0, "C  P.    7\nS  .     0\n");
}

static void connections_are_numbered_as_they_appear(void **state)
{
	struct maker maker = make_usual();

	(void)state;
	tcp(&maker, 3, 'C', "S", 0);
	tcp(&maker, 1, 'C', "S", 0);
	tcp(&maker, 1, 'S', "R.", 0);
	tcp(&maker, 3, 'S', "S.", 0);
	assert_reads(&maker, 0, "1C  S     0\n2C  S     0\n2S  R.    0\n1S  S.    0\n");
}

static void a_connection_of_which_nothing_is_shown_has_no_number(void **state)
{
	struct maker maker = make_usual();

	(void)state;
	tcp(&maker, 0, 'C', ".", 0);
	put_udp(&maker, 53, 54, "no");
	tcp(&maker, 1, 'C', "S", 0);
	assert_reads(&maker, FOLD_ACKS, "C  S     0\n");
}

/* The same two ports, connected anew: after RST, after both FINs, without any answer. */
static void ports_that_are_used_again(void **state)
{
	struct maker maker = make_usual();

	(void)state;
	put_tcp(&maker, 0, 'C', "S", 100, 0, 0);
	put_tcp(&maker, 0, 'S', "R.", 0, 101, 0);
	put_tcp(&maker, 0, 'C', "S", 900, 0, 0);  /* after RST */
	put_tcp(&maker, 0, 'C', "S", 900, 0, 0);  /* repeated */
	put_tcp(&maker, 0, 'C', "S", 5000, 0, 0); /* 900 was never answered */
	put_tcp(&maker, 0, 'S', "S.", 7000, 5001, 0);
	put_tcp(&maker, 0, 'C', "S", 6000, 0, 0); /* a stray one: 5000 lives */
	put_tcp(&maker, 0, 'C', "F.", 5001, 7001, 0);
	put_tcp(&maker, 0, 'S', "F.", 7001, 5002, 0);
	put_tcp(&maker, 0, 'S', "S", 9000, 0, 0); /* now the other side begins */
	put_tcp(&maker, 0, 'C', "S.", 1, 9001, 0);
	put_tcp(&maker, 0, 'S', "R", 9001, 0, 0);
	put_tcp(&maker, 0, 'S', "S", 40, 0, 0); /* both had spoken */
	assert_reads(
		&maker, 0,
		"1C  S     0\n1S  R.    0\n2C  S     0\n2C  S     0\n3C  S     0\n3S  S.    0\n"
		"3C  S     0\n3C  F.    0\n3S  F.    0\n4C  S     0\n4S  S.    0\n4C  R     0\n"
		"5C  S     0\n");
}

static void simultaneous_open_is_one_connection(void **state)
{
	struct maker maker = make_usual();

	(void)state;
	put_tcp(&maker, 0, 'C', "S", 100, 0, 0);
	put_tcp(&maker, 0, 'S', "S", 200, 0, 0);
	put_tcp(&maker, 0, 'C', "S.", 100, 201, 0);
	assert_reads(&maker, 0, "C  S     0\nS  S     0\nC  S.    0\n");
}

static void fold_acks_hides_pure_acks_only(void **state)
{
	struct maker maker = make_usual();

	(void)state;
	handshake(&maker, 0);
	tcp(&maker, 0, 'C', ".", 9);
	tcp(&maker, 0, 'S', ".", 0);
	tcp(&maker, 0, 'S', "P.", 0);
	tcp(&maker, 0, 'S', ".E", 0);
	tcp(&maker, 0, 'C', "", 0);
	tcp(&maker, 0, 'C', "F.", 0);
	assert_reads(&maker, FOLD_ACKS,
		     "C  S     0\nS  S.    0\nC  .     9\nS  P.    0\nS  .E    0\nC  none  0\nC  "
		     "F.    0\n");
}

static void fold_segments_sums_what_is_contiguous(void **state)
{
	struct maker maker = make_usual();

	(void)state;
	handshake(&maker, 0);
	tcp(&maker, 0, 'C', ".", 1000);
	tcp(&maker, 0, 'C', "P.", 500);
	tcp(&maker, 0, 'S', ".", 0);
	tcp(&maker, 0, 'C', "FP.", 1); /* FIN on the last stays */
	tcp(&maker, 0, 'S', "P.", 10);
	tcp(&maker, 0, 'S', "F.", 0); /* without data it is a line of its own */
	assert_reads(&maker, FOLD_SEGMENTS | FOLD_ACKS,
		     "C  S     0\nS  S.    0\nC  F.    1501\nS  .     10\nS  F.    0\n");
}

static void fold_segments_stops_where_something_is_between(void **state)
{
	struct maker maker = make_usual();

	(void)state;
	tcp(&maker, 0, 'C', ".", 1);
	tcp(&maker, 0, 'C', ".", 2);
	tcp(&maker, 0, 'S', ".", 0); /* shown, so it is between */
	tcp(&maker, 0, 'C', ".", 3);
	tcp(&maker, 1, 'C', ".", 4);
	tcp(&maker, 0, 'C', ".", 5);
	tcp(&maker, 0, 'C', ".E", 6); /* other flags: something to see */
	tcp(&maker, 0, 'C', ".", 7);
	tcp(&maker, 0, 'C', "R.", 8);
	tcp(&maker, 0, 'C', "R.", 9);
	assert_reads(
		&maker, FOLD_SEGMENTS,
		"1C  .     3\n1S  .     0\n1C  .     3\n2C  .     4\n1C  .     5\n1C  .E    6\n"
		"1C  .     7\n1C  R.    8\n1C  R.    9\n");
}

/* Numbers that happen to continue another sender's, or another connection's. */
static void fold_segments_keeps_senders_apart(void **state)
{
	struct maker maker = make_usual();

	(void)state;
	tcp(&maker, 0, 'S', ".", 10);
	tcp(&maker, 0, 'C', ".", 10);
	tcp(&maker, 0, 'S', ".", 5);
	tcp(&maker, 1, 'S', ".", 15);
	tcp(&maker, 0, 'S', ".", 5);
	tcp(&maker, 1, 'S', ".", 5);
	tcp(&maker, 0, 'S', ".", 5);
	assert_reads(&maker, FOLD_SEGMENTS,
		     "1C  .     10\n1S  .     10\n1C  .     5\n2C  .     15\n1C  .     5\n"
		     "2C  .     5\n1C  .     5\n");
}

/* Lost, overtaken and repeated segments are never summed up. */
static void fold_segments_shows_gaps_and_repetitions(void **state)
{
	struct maker maker = make_usual();

	(void)state;
	put_tcp(&maker, 0, 'C', ".", 100, 1, 10);
	put_tcp(&maker, 0, 'C', ".", 110, 1, 10);
	put_tcp(&maker, 0, 'C', ".", 110, 1, 10); /* again */
	put_tcp(&maker, 0, 'C', ".", 120, 1, 10);
	put_tcp(&maker, 0, 'C', ".", 150, 1, 10); /* 130 is missing */
	put_tcp(&maker, 0, 'C', ".", 130, 1, 10);
	assert_reads(&maker, FOLD_SEGMENTS | column_rule(0),
		     "C  .     20  seq 1\nC  .     20  seq 11\nC  .     10  seq 51\n"
		     "C  .     10  seq 31\n");
}

static void fold_retransmissions_hides_what_was_sent_before(void **state)
{
	struct maker maker = make_usual();

	(void)state;
	put_tcp(&maker, 0, 'C', "S", 99, 0, 0);
	put_tcp(&maker, 0, 'C', "S", 99, 0, 0);
	put_tcp(&maker, 0, 'C', ".", 100, 1, 10);
	put_tcp(&maker, 0, 'C', ".", 100, 1, 10);
	put_tcp(&maker, 0, 'C', ".", 105, 1, 10); /* half of it is new */
	put_tcp(&maker, 0, 'C', ".", 130, 1, 10);
	put_tcp(&maker, 0, 'C', ".", 120, 1, 5);  /* fills a part of the gap: new */
	put_tcp(&maker, 0, 'C', ".", 120, 1, 5);  /* and now it is not */
	put_tcp(&maker, 0, 'C', ".", 115, 1, 20); /* 115..119 and 125..129 are new */
	put_tcp(&maker, 0, 'C', ".", 99, 1, 0);   /* no sequence space: never a repetition */
	put_tcp(&maker, 0, 'C', "F.", 140, 1, 0);
	put_tcp(&maker, 0, 'C', "F.", 140, 1, 0);
	put_tcp(&maker, 0, 'C', "F.", 130, 1, 10);
	put_tcp(&maker, 0, 'C', "R.", 141, 1, 0);
	put_tcp(&maker, 0, 'C', "R.", 141, 1, 0);
	assert_reads(&maker, FOLD_RETRANSMISSIONS,
		     "C  S     0\nC  .     10\nC  .     5\nC  .     10\nC  .     5\nC  .     10\n"
		     "C  .     0\nC  F.    0\nC  R.    0\nC  R.    0\n");
}

static void fold_segments_and_retransmissions_add_up(void **state)
{
	struct maker maker = make_usual();

	(void)state;
	put_tcp(&maker, 0, 'C', ".", 0xfffffffa, 1, 10);
	put_tcp(&maker, 0, 'C', ".", 0xfffffffa, 1, 10);
	put_tcp(&maker, 0, 'C', ".", 0xffffffff, 1, 15); /* overlaps */
	put_tcp(&maker, 0, 'C', "F.", 14, 1, 6);
	assert_reads(&maker, FOLD_SEGMENTS | FOLD_RETRANSMISSIONS, "C  F.    26\n");
}

static void ignore_push_hides_psh_only(void **state)
{
	struct maker maker = make_usual();

	(void)state;
	tcp(&maker, 0, 'C', "P.", 3);
	tcp(&maker, 0, 'C', "FP.U", 4);
	assert_reads(&maker, IGNORE_PUSH, "C  .     3\nC  F.U   4\n");
}

static void group_connections_orders_by_connection(void **state)
{
	struct maker maker = make_usual();

	(void)state;
	tcp(&maker, 2, 'C', "S", 0);
	tcp(&maker, 0, 'C', "S", 0);
	tcp(&maker, 2, 'S', "S.", 0);
	tcp(&maker, 0, 'S', "R.", 0);
	tcp(&maker, 2, 'C', ".", 5);
	tcp(&maker, 0, 'S', "R.", 0);
	tcp(&maker, 2, 'C', ".", 6);
	assert_reads(
		&maker, GROUP_CONNECTIONS | FOLD_SEGMENTS,
		"1C  S     0\n1S  S.    0\n1C  .     11\n2C  S     0\n2S  R.    0\n2S  R.    0\n");
}

static void columns_stand_where_they_apply(void **state)
{
	struct maker maker = make_usual();
	unsigned all = 0;

	(void)state;
	for (int i = 0; i < COLUMNS; i++)
		all |= column_rule(i);
	handshake(&maker, 0);
	tcp(&maker, 0, 'C', "P.U", 5);
	tcp(&maker, 0, 'S', "R", 0);
	assert_reads(&maker, all,
		     "C  S     0  seq 0         win 1111  mss 1460  wscale 7\n"
		     "S  S.    0  seq 0  ack 1  win 2222  mss 1460  wscale 7\n"
		     "C  .     0  seq 1  ack 1  win 1111\n"
		     "C  P.U   5  seq 1  ack 1  win 1111                      urg 3\n"
		     "S  R     0  seq 1         win 2222\n");
}

static void columns_of_a_folded_line(void **state)
{
	struct maker maker = make_usual();

	(void)state;
	put_tcp(&maker, 0, 'C', ".", 100, 500, 10);
	put_tcp(&maker, 0, 'C', ".", 110, 507, 10);
	assert_reads(&maker, FOLD_SEGMENTS | column_rule(0) | column_rule(1),
		     "C  .     20  seq 1  ack 8\n");
}

static void numbers_are_relative(void **state)
{
	struct maker maker = make_usual();

	(void)state;
	/* A closed port answers a SYN with number 0 (RFC 9293 3.10.7.1), and a half-open
	 * connection's repeated SYN too, once its listener is gone. */
	put_tcp(&maker, 0, 'C', "S", 4000000000u, 0, 0);
	put_tcp(&maker, 0, 'S', "S.", 77, 4000000001u, 0);
	put_tcp(&maker, 0, 'S', "R.", 0, 4000000001u, 0);
	put_tcp(&maker, 1, 'C', "S", 5, 0, 0);
	put_tcp(&maker, 1, 'S', "R.", 0, 6, 0);
	/* Without a SYN: what is seen or acknowledged first is the first byte. */
	put_tcp(&maker, 2, 'C', "P.", 1000, 3000, 2);
	put_tcp(&maker, 2, 'S', "R", 3000, 0, 0);
	assert_reads(&maker, column_rule(0) | column_rule(1),
		     "1C  S     0  seq 0\n1S  S.    0  seq 0  ack 1\n1S  R.    0  seq 0  ack 1\n"
		     "2C  S     0  seq 0\n2S  R.    0  seq 0  ack 1\n"
		     "3C  P.    2  seq 1  ack 1\n3S  R     0  seq 1\n");
}

static void bytes_beyond_64_kib(void **state)
{
	struct maker maker = make(LINKTYPE_RAW_IP, false, false);
	uint8_t big[40] = {[0] = 0x45, [9] = 6, [32] = 0x50, [33] = ACK};

	(void)state;
	put_record(&maker, big, 40, 100040); /* BIG TCP: the IP length is 0 */
	assert_reads(&maker, 0, "C  .     100000\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(flags_as_tcpdump_writes_them),
		cmocka_unit_test(who_begins_is_the_client),
		cmocka_unit_test(connections_are_numbered_as_they_appear),
		cmocka_unit_test(a_connection_of_which_nothing_is_shown_has_no_number),
		cmocka_unit_test(ports_that_are_used_again),
		cmocka_unit_test(simultaneous_open_is_one_connection),
		cmocka_unit_test(fold_acks_hides_pure_acks_only),
		cmocka_unit_test(fold_segments_sums_what_is_contiguous),
		cmocka_unit_test(fold_segments_stops_where_something_is_between),
		cmocka_unit_test(fold_segments_keeps_senders_apart),
		cmocka_unit_test(fold_segments_shows_gaps_and_repetitions),
		cmocka_unit_test(fold_retransmissions_hides_what_was_sent_before),
		cmocka_unit_test(fold_segments_and_retransmissions_add_up),
		cmocka_unit_test(ignore_push_hides_psh_only),
		cmocka_unit_test(group_connections_orders_by_connection),
		cmocka_unit_test(columns_stand_where_they_apply),
		cmocka_unit_test(columns_of_a_folded_line),
		cmocka_unit_test(numbers_are_relative),
		cmocka_unit_test(bytes_beyond_64_kib),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
