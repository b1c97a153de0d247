/* The ladder: well-formed XML, nothing outside the page, no text over another, and what it says. */
#include "legible.h"
#include "maker.h"

#include "lib/ladder.h"

static char *draw_made(struct maker *maker, const char *path, const char *expectation)
{
	struct expectation it = {0};
	struct reason why = {""};
	struct capture capture;
	char *svg;
	size_t size;
	FILE *file = open_memstream(&svg, &size);

	put_marker(maker);
	capture = read_made(maker);
	if (expectation &&
	    !expectation_parse(expectation, strlen(expectation), "x.wire", &it, &why))
		fail_msg("%s", why.text);
	assert_true(ladder_draw(file, path, &capture, &it));
	fclose(file);
	expectation_free(&it);
	capture_free(&capture);
	return svg;
}

static size_t count(const char *text, const char *what)
{
	size_t found = 0;

	for (; (text = strstr(text, what)); text++)
		found++;
	return found;
}

static void a_small_scene(void **state)
{
	struct maker maker = make_usual();

	(void)state;
	handshake(&maker, 0);
	tcp(&maker, 0, 'C', "P.", 5);
	tcp(&maker, 0, 'S', "R.", 0);

	char *svg = draw_made(&maker, "somewhere/a<b>&\"c.pcap", NULL);

	assert_good(svg);
	assert_non_null(strstr(svg, ">a&lt;b&gt;&amp;&quot;c.pcap</text>"));
	assert_non_null(strstr(svg, ">SYN ACK</text>"));
	assert_non_null(strstr(svg, ">PSH ACK · 5 bytes</text>"));
	assert_non_null(strstr(svg, ">seq 1:6, ack 1</text>"));
	assert_non_null(strstr(svg, ">+0.012 ms</text>"));
	assert_non_null(strstr(svg, ">client C</text>"));
	assert_int_equal(count(svg, "<line class=\"rst\""), 1);
	assert_int_equal(count(svg, "<line class=\"syn\""), 2);
	assert_int_equal(count(svg, "Dashed"), 0);
	free(svg);
}

static void notes_stand_beside_their_lines(void **state)
{
	struct maker maker = make_usual();

	(void)state;
	handshake(&maker, 0);
	tcp(&maker, 0, 'S', "R.", 0);

	char *svg = draw_made(
		&maker, "x.pcap",
		"# A title with <markup> & more than fits into a line of this picture, surely, for "
		"it is very long indeed\n"
		"fold acks\n"
		"C S 0 # first\n"
		"S R. 0 # of a line that is not there\n"
		"S S. 0\n"
		"S R. 0 # close() sent this, and it says so in a note that is much too long for a "
		"single line, or for two, "
		"withawordthatislongerthanonelineofnotescaneverbeinthispicture\n");

	assert_good(svg);
	assert_int_equal(count(svg, "class=\"note\""), 6);
	assert_non_null(strstr(svg, ">first</text>"));
	assert_non_null(strstr(svg, ">close() sent this, and it says so in a note</text>"));
	assert_null(strstr(svg, "not there"));
	assert_null(strstr(svg, "<markup>"));
	assert_non_null(strstr(svg, "Rules of the expectation: fold acks</text>"));
	free(svg);
}

static void long_notes_make_room(void **state)
{
	struct maker maker = make_usual();

	(void)state;
	handshake(&maker, 0);

	char *svg =
		draw_made(&maker, "x.pcap",
			  "C S 0 # one two three four five six seven eight nine ten eleven twelve "
			  "thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty "
			  "twenty-one twenty-two twenty-three twenty-four twenty-five twenty-six\n"
			  "S S. 0 # one two three four five six seven eight nine ten eleven twelve "
			  "thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty "
			  "twenty-one twenty-two twenty-three twenty-four twenty-five twenty-six\n"
			  "C . 0\n");

	assert_good(svg);
	assert_int_equal(count(svg, "class=\"note\""), 10);
	free(svg);
}

static void a_line_that_differs_has_no_note(void **state)
{
	struct maker maker = make_usual();

	(void)state;
	handshake(&maker, 0);
	tcp(&maker, 0, 'S', "R.", 0);

	char *svg = draw_made(&maker, "x.pcap",
			      "fold acks\nC S 0\nS F. 0 # not this\nS R. 0 # but this\n");

	assert_good(svg);
	assert_null(strstr(svg, "not this"));
	assert_non_null(strstr(svg, "but this"));
	free(svg);
}

static void retransmissions_are_dashed(void **state)
{
	struct maker maker = make_usual();

	(void)state;
	put_tcp(&maker, 0, 'C', "S", 7, 0, 0);
	maker.now += 1000000000;
	put_tcp(&maker, 0, 'C', "S", 7, 0, 0);

	char *svg = draw_made(&maker, "x.pcap", NULL);

	assert_good(svg);
	assert_int_equal(count(svg, "class=\"syn again\""), 1);
	assert_non_null(strstr(svg, ">SYN (again)</text>"));
	assert_non_null(strstr(svg, ">+1.000 s</text>"));
	assert_non_null(strstr(svg, "Dashed"));
	free(svg);
}

static void connections_side_by_side_or_numbered(void **state)
{
	(void)state;
	for (int connections = 2; connections <= 5; connections++) {
		struct maker maker = make_usual();

		for (int i = 0; i < connections; i++)
			handshake(&maker, i);
		for (int i = 0; i < connections; i++)
			tcp(&maker, i, 'S', "R.", 0);

		char *svg = draw_made(&maker, "x.pcap", NULL);

		assert_good(svg);
		assert_int_equal(count(svg, "class=\"life\""),
				 connections > 4 ? 2 : 2 * connections);
		assert_int_equal(count(svg, ">5: RST ACK</text>"), connections > 4);
		assert_int_equal(count(svg, ">client 2C</text>"), connections <= 4);
		free(svg);
	}
}

static void grouped_lines_are_drawn_in_time(void **state)
{
	struct maker maker = make_usual();

	(void)state;
	tcp(&maker, 0, 'C', "S", 0);
	tcp(&maker, 1, 'C', "S", 0);
	tcp(&maker, 0, 'S', "R.", 0);

	char *svg = draw_made(&maker, "x.pcap",
			      "group connections\n1C S 0\n1S R. 0 # note of one\n2C S 0\n");

	assert_good(svg);
	assert_null(strstr(svg, ">-"));
	assert_non_null(strstr(strstr(svg, "RST ACK"), "note of one"));
	free(svg);
}

static void long_runs_are_folded(void **state)
{
	struct maker maker = make_usual();

	(void)state;
	handshake(&maker, 0);
	for (int i = 0; i < 43; i++) {
		tcp(&maker, 0, 'C', ".", 1448);
		if (i % 2)
			tcp(&maker, 0, 'S', ".", 0);
	}
	tcp(&maker, 0, 'C', "F.", 1);

	char *svg = draw_made(&maker, "x.pcap", NULL);

	assert_good(svg);
	assert_non_null(strstr(svg, ">… 40 more segments, 57920 bytes, 21 ACKs</text>"));
	assert_int_equal(count(svg, "· 1448 bytes"), 3);
	free(svg);
}

static void endless_captures_are_cut(void **state)
{
	struct maker maker = make_usual();

	(void)state;
	for (int i = 0; i < 1000; i++)
		tcp(&maker, 0, i % 2 ? 'S' : 'C', "P.", 1);

	char *svg = draw_made(&maker, "x.pcap", NULL);

	assert_good(svg);
	assert_non_null(strstr(svg, ">… 601 more lines have no row</text>"));
	free(svg);
}

/* As wide as numbers get, and time that goes backwards. */
static void extremes_still_fit(void **state)
{
	struct maker maker = make_usual();

	(void)state;
	put_tcp(&maker, 0, 'C', "FSRP.UEW", 0xffffffff, 0xffffffff, 60000);
	maker.now -= 1600000000000000000u;
	put_tcp(&maker, 0, 'C', "FRP.UEW", 0xfffffffe, 0xf0000000, 60000);
	put_udp(&maker, 1, 2, "x");

	char *svg = draw_made(&maker, "x.pcap",
			      "show udp\nshow seq\nshow ack\nshow window\nshow mss\nshow "
			      "wscale\nshow urgent\nfold retransmissions\nC S 0\n");

	assert_good(svg);
	assert_non_null(strstr(svg, "-1600000000.000 s"));
	free(svg);
}

static void nothing_to_draw(void **state)
{
	struct maker maker = make_usual();
	char *svg = draw_made(&maker, "x.pcap", NULL);

	(void)state;
	assert_good(svg);
	free(svg);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_small_scene),
		cmocka_unit_test(notes_stand_beside_their_lines),
		cmocka_unit_test(long_notes_make_room),
		cmocka_unit_test(a_line_that_differs_has_no_note),
		cmocka_unit_test(retransmissions_are_dashed),
		cmocka_unit_test(connections_side_by_side_or_numbered),
		cmocka_unit_test(grouped_lines_are_drawn_in_time),
		cmocka_unit_test(long_runs_are_folded),
		cmocka_unit_test(endless_captures_are_cut),
		cmocka_unit_test(extremes_still_fit),
		cmocka_unit_test(nothing_to_draw),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
