/* Reading expectations: what a file says, and every mistake in one, by file and line. */
#include "maker.h"

static struct expectation parse(const char *text)
{
	struct expectation expectation;
	struct reason why = {""};

	if (!expectation_parse(text, strlen(text), "x.wire", &expectation, &why))
		fail_msg("%s", why.text);
	return expectation;
}

static void prose_rules_lines_and_notes(void **state)
{
	struct expectation it = parse("\n"
				      "#   rst/x: what it is about. \n"
				      "# More prose.\n"
				      "fold acks      # they depend on timing\n"
				      "\tshow   seq\r\n"
				      "\n"
				      "C  S     0  seq 0\n"
				      "# prose between\n"
				      "  S R.  70000 seq 4294967295 # connect() fails # here\n"
				      "S F. 0 seq 3 #\n"
				      "C none 0");

	(void)state;
	assert_string_equal(it.title, "rst/x: what it is about.");
	assert_int_equal(it.rules, FOLD_ACKS | column_rule(0));
	assert_int_equal(it.lines.count, 4);
	assert_null(it.lines.at[0].note);
	assert_string_equal(it.lines.at[1].note, "connect() fails # here");
	assert_int_equal(it.lines.at[1].place, 9);
	assert_int_equal(it.lines.at[1].flags, RST | ACK);
	assert_int_equal(it.lines.at[1].bytes, 70000);
	assert_int_equal(it.lines.at[1].value[0], 4294967295u);
	assert_false(it.lines.at[1].from_client);
	assert_null(it.lines.at[2].note);
	assert_int_equal(it.lines.at[3].flags, 0);
	assert_false(it.lines.at[3].has[0]);
	expectation_free(&it);
}

static void the_title_stands_at_the_top(void **state)
{
	struct expectation it = parse("fold acks\n# not a title\nC S 0\n");

	(void)state;
	assert_null(it.title);
	expectation_free(&it);
}

static void every_rule_has_its_words(void **state)
{
	static const char *const rules[] = {
		"fold acks",         "fold segments", "fold retransmissions", "ignore push",
		"group connections", "show udp",      "both families",        "show icmp",
		"show seq",          "show ack",      "show window",          "show mss",
		"show wscale",       "show urgent"};
	unsigned all = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		unsigned rule = rule_of(rules[i]);

		assert_true(rule != 0 && (rule & (rule - 1)) == 0);
		assert_false(all & rule);
		assert_string_equal(rule_words(rule), rules[i]);
		all |= rule;
	}
	assert_null(rule_words(1u << 31));
}

static void what_print_writes_can_be_read(void **state)
{
	struct maker maker = make_usual();
	char *text, *with_rules;

	(void)state;
	handshake(&maker, 0);
	handshake(&maker, 1);
	tcp(&maker, 1, 'C', "P.U", 12);
	put_udp(&maker, 7, 8, "x");
	put_marker(&maker);

	struct capture capture = read_made(&maker);
	unsigned rules = SHOW_UDP | column_rule(0) | column_rule(1) | column_rule(5);
	struct lines lines;

	text = lines_text(&capture, rules);
	assert_true(asprintf(&with_rules, "show udp\nshow seq\nshow ack\nshow urgent\n%s", text) >
		    0);

	struct expectation it = parse(with_rules);

	assert_int_equal(it.rules, rules);
	assert_true(lines_render(&lines, capture.packets, capture.count, rules));
	assert_true(lines_equal(&it.lines, &lines));
	lines.at[0].bytes++;
	assert_false(lines_equal(&it.lines, &lines));
	lines_free(&lines);
	expectation_free(&it);
	capture_free(&capture);
	free(text);
	free(with_rules);
}

/* Whatever a line says is compared. */
static void lines_differ_in_every_word(void **state)
{
	static const char *const texts[] = {"C S 0 seq 0", "S S 0 seq 0", "C S. 0 seq 0",
					    "C S 1 seq 0", "C S 0 seq 1", "C S 0",
					    "C udp 0",     "C icmp 0/0",  "C icmp6 0/0"};
	enum { TEXTS = sizeof(texts) / sizeof(texts[0]) };

	(void)state;
	for (size_t i = 0; i < TEXTS; i++) {
		for (size_t j = 0; j < TEXTS; j++) {
			char text[128];

			snprintf(text, sizeof(text), "show seq\nshow udp\nshow icmp\n%s\n%s\n",
				 texts[i], texts[j]);

			struct expectation it = parse(text);

			assert_int_equal(line_equal(&it.lines.at[0], &it.lines.at[1]), i == j);
			expectation_free(&it);
		}
	}
}

static void mistakes_are_named_with_file_and_line(void **state)
{
	static const struct {
		const char *text, *reason;
	} cases[] = {
		{"", "x.wire: no packet line: an expectation that cannot fail"},
		{"# title\nfold acks\n", "x.wire: no packet line: an expectation that cannot fail"},
		{"fold ack\nC S 0", "x.wire:1: unknown rule 'fold ack'"},
		{"show  ttl # x\nC S 0", "x.wire:1: unknown rule 'show ttl'"},
		{"groups\nC S 0", "x.wire:1: unknown rule 'groups'"},
		{"fold acks\nfold acks\nC S 0", "x.wire:2: rule 'fold acks' stands twice"},
		{"C S 0\nfold acks", "x.wire:2: rule 'fold acks' after the first packet"},
		{"udp\nC S 0", "x.wire:1: not a rule, and not who, flags and bytes"},
		{"\n\nC S", "x.wire:3: not a rule, and not who, flags and bytes"},
		{"D S 0", "x.wire:1: 'D' is not C or S, or a number with one (1C)"},
		{"C1 S 0", "x.wire:1: 'C1' is not C or S, or a number with one (1C)"},
		{"0C S 0", "x.wire:1: '0C' is not C or S, or a number with one (1C)"},
		{"01C S 0", "x.wire:1: '01C' is not C or S, or a number with one (1C)"},
		{"+1C S 0", "x.wire:1: '+1C' is not C or S, or a number with one (1C)"},
		{"C X 0", "x.wire:1: 'X' are not flags as tcpdump writes them"},
		{"C .S 0", "x.wire:1: flags '.S' are written 'S.'"},
		{"C SS 0", "x.wire:1: flags 'SS' are written 'S'"},
		{"C none. 0", "x.wire:1: 'none.' are not flags as tcpdump writes them"},
		{"C udp 0", "x.wire:1: 'udp' needs the rule 'show udp'"},
		{"C icmp 3/3", "x.wire:1: 'icmp' needs the rule 'show icmp'"},
		{"C icmp6 1/4", "x.wire:1: 'icmp6' needs the rule 'show icmp'"},
		{"ignore push\nC P. 4",
		 "x.wire:2: 'P.' cannot be seen: the rule 'ignore push' hides PSH"},
		{"fold segments\nC P. 4",
		 "x.wire:2: 'P.' cannot be seen: the rule 'fold segments' hides PSH"},
		{"fold acks\nC . 0",
		 "x.wire:2: a pure ACK cannot be seen: the rule 'fold acks' hides it"},
		{"C S -1", "x.wire:1: '-1' is not a number of bytes"},
		{"C S 00", "x.wire:1: '00' is not a number of bytes"},
		{"C S 0x1", "x.wire:1: '0x1' is not a number of bytes"},
		{"C S 99999999999999999999",
		 "x.wire:1: '99999999999999999999' is not a number of bytes"},
		{"show icmp\nC icmp 33", "x.wire:2: '33' is not a type and a code (3/3)"},
		{"show icmp\nC icmp 256/0", "x.wire:2: '256/0' is not a type and a code (3/3)"},
		{"C S 0 seq 0", "x.wire:1: 'seq' needs the rule 'show seq'"},
		{"C S 0 win 0", "x.wire:1: 'win' needs the rule 'show window'"},
		{"C S 0 what 0", "x.wire:1: 'what' is not a column"},
		{"show seq\nC S 0 seq", "x.wire:2: 'seq ' is not a name and a number"},
		{"show seq\nC S 0 seq x", "x.wire:2: 'seq x' is not a name and a number"},
		{"show seq\nC S 0 seq 4294967296",
		 "x.wire:2: 'seq 4294967296' is not a name and a number"},
		{"show seq\nC S 0 seq 1 seq 1", "x.wire:2: 'seq' stands twice"},
		{"1C S 0", "x.wire:1: the only connection has no number"},
		{"C S 0\n1S R. 0", "x.wire:2: connections are numbered as they appear: 1, 2, ..., "
				   "and none where there is only one"},
		{"1C S 0\nS R. 0", "x.wire:2: connections are numbered as they appear: 1, 2, ..., "
				   "and none where there is only one"},
		{"2C S 0\n1C S 0", "x.wire:1: connections are numbered as they appear: 1, 2, ..., "
				   "and none where there is only one"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct expectation it;
		struct reason why = {""};

		assert_false(expectation_parse(cases[i].text, strlen(cases[i].text), "x.wire", &it,
					       &why));
		assert_string_equal(why.text, cases[i].reason);
		assert_null(it.text);
	}
}

static void files_that_are_no_text(void **state)
{
	struct expectation it;
	struct reason why = {""};

	(void)state;
	assert_false(expectation_parse("C S 0\n\0", 7, "x.wire", &it, &why));
	assert_string_equal(why.text, "x.wire: a NUL byte: not an expectation");
	assert_false(expectation_open("/nowhere/x.wire", &it, &why));
	assert_string_equal(why.text, "/nowhere/x.wire: ENOENT");
	assert_false(expectation_open("/", &it, &why));
	assert_string_equal(why.text, "/: EISDIR");
	assert_false(expectation_open("/dev/zero", &it, &why));
	assert_string_equal(why.text, "/dev/zero: larger than 1048576 bytes");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(prose_rules_lines_and_notes),
		cmocka_unit_test(the_title_stands_at_the_top),
		cmocka_unit_test(every_rule_has_its_words),
		cmocka_unit_test(what_print_writes_can_be_read),
		cmocka_unit_test(lines_differ_in_every_word),
		cmocka_unit_test(mistakes_are_named_with_file_and_line),
		cmocka_unit_test(files_that_are_no_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
