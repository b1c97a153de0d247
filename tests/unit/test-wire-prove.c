/* prove: an exact expectation notices every change; one that folds too much is told so. */
#include "maker.h"

#include "lib/prove.h"

/* What was made, proved against what it prints under these rules; survivors in *text. */
static struct proof prove_made(struct maker *maker, const char *rules, char **text)
{
	struct capture capture;
	struct expectation expectation, none;
	struct reason why = {""};
	struct proof proof;
	char *lines, *whole;
	size_t size;
	FILE *survivors = open_memstream(text, &size);

	put_marker(maker);
	capture = read_made(maker);
	assert_true(asprintf(&whole, "%s\nC S 0", rules) > 0);
	assert_true(expectation_parse(whole, strlen(whole), "x.wire", &none, &why));
	free(whole);
	lines = lines_text(&capture, none.rules);
	expectation_free(&none);
	assert_true(asprintf(&whole, "%s\n%s", rules, lines) > 0);
	assert_true(expectation_parse(whole, strlen(whole), "x.wire", &expectation, &why));
	free(whole);
	free(lines);

	assert_true(prove(&expectation, &capture, &proof, survivors, &why));
	fclose(survivors);
	expectation_free(&expectation);
	capture_free(&capture);
	return proof;
}

static void assert_proved(struct maker *maker, const char *rules, int mutants)
{
	char *survivors;
	struct proof proof = prove_made(maker, rules, &survivors);

	assert_string_equal(survivors, "");
	assert_int_equal(proof.mutants, mutants);
	assert_int_equal(proof.noticed, mutants);
	free(survivors);
}

/* Each packet: left out, five flags, a byte longer; and each pair of neighbours. */
static void an_exact_expectation_notices_everything(void **state)
{
	struct maker maker = make_usual();

	(void)state;
	handshake(&maker, 0);
	tcp(&maker, 0, 'C', "P.", 5);
	tcp(&maker, 0, 'S', "R.", 0);
	assert_proved(&maker, "", 5 * 7 + 4);
}

static void what_is_not_shown_is_not_changed(void **state)
{
	struct maker maker = make_usual();

	(void)state;
	handshake(&maker, 0);
	put_udp(&maker, 7, 8, "x");
	tcp(&maker, 0, 'S', "R.", 0);
	assert_proved(&maker, "fold acks", 3 * 7 + 2);
}

static void rules_excuse_what_they_name(void **state)
{
	struct maker maker = make_usual();

	(void)state;
	tcp(&maker, 0, 'C', "S", 0);
	tcp(&maker, 0, 'C', ".", 10);
	tcp(&maker, 0, 'C', "P.", 20);
	tcp(&maker, 0, 'C', "F.", 30);
	tcp(&maker, 0, 'S', "F.", 0);
	/* No PSH, and no changed places inside the folded line. */
	assert_proved(&maker, "fold segments", 5 * 6 + 2);

	/* A byte more in the middle is not taken for a repetition of the next one's first. */
	maker = make_usual();
	tcp(&maker, 0, 'C', ".", 10);
	tcp(&maker, 0, 'C', ".", 20);
	tcp(&maker, 0, 'C', ".", 30);
	assert_proved(&maker, "fold segments\nfold retransmissions", 3 * 6);

	maker = make_usual();
	tcp(&maker, 0, 'C', "P.", 20);
	assert_proved(&maker, "ignore push", 6);

	maker = make_usual();
	tcp(&maker, 0, 'C', "S", 0);
	tcp(&maker, 1, 'C', "S", 0);
	tcp(&maker, 0, 'S', "R.", 0);
	tcp(&maker, 1, 'S', "R.", 0);
	assert_proved(&maker, "group connections", 4 * 7);

	/* The first two only change names: that is no change. The others do change. */
	maker = make_usual();
	tcp(&maker, 0, 'C', "S", 0);
	tcp(&maker, 1, 'C', "S", 0);
	tcp(&maker, 0, 'S', "R.", 0);
	tcp(&maker, 1, 'S', "R.", 0);
	assert_proved(&maker, "", 4 * 7 + 2);

	maker = make_usual();
	put_tcp(&maker, 0, 'C', "S", 100, 0, 0);
	put_tcp(&maker, 0, 'C', "S", 100, 0, 0); /* equal lines */
	assert_proved(&maker, "", 2 * 7);
}

static void udp_and_icmp_are_changed_too(void **state)
{
	struct maker maker = make_usual();
	uint8_t echo[8] = {8};

	(void)state;
	put_udp(&maker, 7, 8, "hello");
	put_packet(&maker, 1, echo, 8, 0);
	assert_proved(&maker, "show udp\nshow icmp", 2 * 2 + 1);
}

/* A repetition stands in for its original: then nobody sees whether that one was there. */
static void a_folded_repetition_hides_its_original(void **state)
{
	struct maker maker = make_usual();
	char *survivors;

	(void)state;
	put_tcp(&maker, 0, 'C', "S", 100, 0, 0);
	put_tcp(&maker, 0, 'C', "S", 100, 0, 0);
	put_tcp(&maker, 0, 'S', "R.", 0, 101, 0);

	struct proof proof = prove_made(&maker, "fold retransmissions", &survivors);

	assert_string_equal(survivors, "survived: packet 1 left out (line 2)\n");
	assert_int_equal(proof.mutants - proof.noticed, 1);
	free(survivors);
}

static void an_expectation_of_something_else_is_refused(void **state)
{
	struct maker maker = make_usual();
	struct expectation it;
	struct reason why = {""};
	struct proof proof;
	static const char text[] = "C S 0\n"; /* lacks a line that is in the capture */

	(void)state;
	tcp(&maker, 0, 'C', "S", 0);
	tcp(&maker, 0, 'S', "R.", 0);
	put_marker(&maker);

	struct capture capture = read_made(&maker);

	assert_true(expectation_parse(text, strlen(text), "x.wire", &it, &why));
	assert_false(prove(&it, &capture, &proof, stdout, &why));
	assert_string_equal(why.text, "the capture does not match: nothing to prove");
	expectation_free(&it);
	capture_free(&capture);
}

static void too_long_to_prove(void **state)
{
	struct maker maker = make_usual();
	struct expectation it;
	struct reason why = {""};
	struct proof proof;
	static const char text[] = "C S 0\n";

	(void)state;
	for (int i = 0; i <= PROVE_LIMIT; i++)
		tcp(&maker, 0, 'C', "P.", 1);
	put_marker(&maker);

	struct capture capture = read_made(&maker);

	assert_true(expectation_parse(text, strlen(text), "x.wire", &it, &why));
	assert_false(prove(&it, &capture, &proof, stdout, &why));
	assert_string_equal(why.text, "4001 packets are more than the 4000 that can be proved");
	expectation_free(&it);
	capture_free(&capture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_exact_expectation_notices_everything),
		cmocka_unit_test(what_is_not_shown_is_not_changed),
		cmocka_unit_test(rules_excuse_what_they_name),
		cmocka_unit_test(udp_and_icmp_are_changed_too),
		cmocka_unit_test(a_folded_repetition_hides_its_original),
		cmocka_unit_test(an_expectation_of_something_else_is_refused),
		cmocka_unit_test(too_long_to_prove),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
