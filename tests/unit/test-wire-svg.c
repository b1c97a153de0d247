/* Text in a picture: nothing that breaks XML, and lines that end at a blank. */
#include "maker.h"

#include "lib/svg.h"

static void bytes_that_are_no_text_are_replaced(void **state)
{
	static const struct {
		const char *bytes, *escaped;
	} cases[] = {{"a\x01z", "a?z"},
		     {"\x80", "?"},
		     {"\xc3", "?"},
		     {"\xc3\xa9", "\xc3\xa9"},
		     {"\xc0\x80", "??"},
		     {"\xe2\x82", "??"},
		     {"\xed\xa0\x80", "???"},
		     {"\xef\xbf\xbe", "???"},
		     {"\xef\xbf\xbd", "\xef\xbf\xbd"},
		     {"\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80"},
		     {"\xf4\x90\x80\x80", "????"},
		     {"\xff<", "?&lt;"}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *text;
		size_t size;
		FILE *file = open_memstream(&text, &size);

		svg_escape(file, cases[i].bytes, strlen(cases[i].bytes));
		fclose(file);
		assert_string_equal(text, cases[i].escaped);
		free(text);
	}
}

static void text_is_cut_at_blanks(void **state)
{
	const char *next;

	(void)state;
	assert_int_equal(svg_wrap("one two three", 7, &next), 7);
	assert_string_equal(next, "three");
	assert_int_equal(svg_wrap("one two three", 8, &next), 7);
	assert_int_equal(svg_wrap("one two three", 6, &next), 3);
	assert_int_equal(svg_wrap("onetwothree", 6, &next), 6);
	assert_string_equal(next, "three");
	assert_int_equal(svg_wrap("éé éé", 3, &next), 4);
	assert_string_equal(next, "éé");
	assert_int_equal(svg_wrapped_lines("one two three", 7), 2);
	assert_int_equal(svg_wrapped_lines("", 7), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bytes_that_are_no_text_are_replaced),
		cmocka_unit_test(text_is_cut_at_blanks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
