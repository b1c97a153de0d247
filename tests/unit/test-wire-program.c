/* The program: exit statuses, what goes to stdout and what to stderr. */
#include "maker.h"

#include <libgen.h>
#include <limits.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char wire[PATH_MAX]; /* build/bin/wire, beside this program's build/unit */
static char place[] = "/tmp/test-wire-XXXXXX";

static struct {
	int status;
	char out[4096], err[1024];
} ran;

static void slurp(FILE *file, char *text, size_t size)
{
	rewind(file);
	text[fread(text, 1, size - 1, file)] = '\0';
	fclose(file);
}

/* Run wire with these words as arguments, in the directory with the files. */
static void run(const char *words)
{
	char copy[512], *argv[16] = {"wire"}, *rest = copy, *word;
	int status, argc = 1;
	FILE *out = tmpfile(), *err = tmpfile();

	assert_true(out && err);
	snprintf(copy, sizeof(copy), "%s", words);
	while ((word = strsep(&rest, " ")))
		if (*word)
			argv[argc++] = word;

	pid_t child = fork();

	assert_true(child != -1);
	if (child == 0) {
		if (chdir(place) == -1 || dup2(fileno(out), 1) == -1 || dup2(fileno(err), 2) == -1)
			_exit(126);
		execv(wire, argv);
		_exit(127);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	ran.status = WEXITSTATUS(status);
	slurp(out, ran.out, sizeof(ran.out));
	slurp(err, ran.err, sizeof(ran.err));
}

static void assert_ran(const char *words, int status, const char *out, const char *err)
{
	run(words);
	assert_string_equal(ran.err, err);
	assert_string_equal(ran.out, out);
	assert_int_equal(ran.status, status);
}

static void write_file(const char *name, const void *bytes, size_t size)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", place, name);

	FILE *file = fopen(path, "we");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, size, file), size);
	assert_int_equal(fclose(file), 0);
}

static void write_text(const char *name, const char *text)
{
	write_file(name, text, strlen(text));
}

static int set_scene(void **state)
{
	struct maker maker = make_usual();

	(void)state;
	assert_non_null(mkdtemp(place));
	handshake(&maker, 0);
	tcp(&maker, 0, 'S', "R.", 0);
	write_file("endless.pcap", maker.bytes, maker.size);
	put_marker(&maker);
	write_file("rst.pcap", maker.bytes, maker.size);
	free(maker.bytes);
	maker = make_usual();
	put_tcp(&maker, 0, 'C', "S", 1, 0, 0);
	put_tcp(&maker, 0, 'C', "S", 1, 0, 0);
	put_marker(&maker);
	write_file("again.pcap", maker.bytes, maker.size);
	free(maker.bytes);
	maker = make_usual();
	for (int six = 0; six < 2; six++) {
		maker.six = six;
		handshake(&maker, six);
		tcp(&maker, six, 'S', six ? "F." : "R.", 0);
	}
	put_marker(&maker);
	write_file("both.pcap", maker.bytes, maker.size);
	free(maker.bytes);
	write_text("both.wire", "both families\nfold acks\nC S 0\nS S. 0\nS R. 0\n");
	write_text("lenient.wire", "fold retransmissions\nC S 0\n");
	write_text("good.wire", "fold acks\nC S 0\nS S. 0\nS R. 0 # reset\n");
	write_text("wrong.wire", "fold acks\nC S 0\nS S. 0\nS F. 0\n");
	write_text("bad.wire", "fold ack\nC S 0\n");
	return 0;
}

static int clean_up(void **state)
{
	static const char *const names[] = {"endless.pcap", "rst.pcap",  "again.pcap",
					    "lenient.wire", "good.wire", "wrong.wire",
					    "bad.wire",     "both.pcap", "both.wire"};
	char path[PATH_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", place, names[i]);
		unlink(path);
	}
	return rmdir(place);
}

static void it_prints(void **state)
{
	(void)state;
	assert_ran("print rst.pcap", 0, "C  S     0\nS  S.    0\nC  .     0\nS  R.    0\n", "");
	assert_ran("print -e good.wire rst.pcap", 0, "C  S     0\nS  S.    0\nS  R.    0\n", "");
}

static void it_matches(void **state)
{
	(void)state;
	assert_ran("match good.wire rst.pcap", 0, "", "");
	assert_ran("match wrong.wire rst.pcap", 1,
		   "--- expected: wrong.wire\n+++ seen: rst.pcap\n@@ -1,3 +1,3 @@\n"
		   " C  S     0\n S  S.    0\n-S  F.    0\n+S  R.    0\n",
		   "");
}

/* Over IPv6 it ends with FIN: told of that part alone. */
static void it_matches_each_family(void **state)
{
	static const char diff[] = "--- expected: both.wire\n+++ seen: both.pcap, IPv6\n"
				   "@@ -1,3 +1,3 @@\n C  S     0\n S  S.    0\n"
				   "-S  R.    0\n+S  F.    0\n";

	(void)state;
	assert_ran("match both.wire both.pcap", 1, diff, "");
	assert_ran("prove both.wire both.pcap", 1, diff, "");
	assert_ran("print -e both.wire both.pcap", 0,
		   "# IPv4\nC  S     0\nS  S.    0\nS  R.    0\n"
		   "# IPv6\nC  S     0\nS  S.    0\nS  F.    0\n",
		   "");
}

static void without_diff_it_still_tells(void **state)
{
	const char *now = getenv("PATH");
	char *path = strdup(now ? now : "");

	(void)state;
	assert_non_null(path);
	setenv("PATH", "/nowhere", 1);
	assert_ran("match wrong.wire rst.pcap", 1,
		   "--- expected: wrong.wire\n+++ seen: rst.pcap\n-C  S     0\n-S  S.    0\n"
		   "-S  F.    0\n+C  S     0\n+S  S.    0\n+S  R.    0\n",
		   "wire: cannot run diff: every line follows\n");
	setenv("PATH", path, 1);
	free(path);
}

static void it_proves(void **state)
{
	(void)state;
	assert_ran("prove good.wire rst.pcap", 0, "23 mutants, 23 noticed\n", "");
	assert_ran("prove lenient.wire again.pcap", 1,
		   "survived: packet 1 left out (line 2)\n7 mutants, 6 noticed\n", "");
	run("prove wrong.wire rst.pcap");
	assert_int_equal(ran.status, 1);
	assert_non_null(strstr(ran.out, "\n-S  F.    0\n"));
}

static void it_draws(void **state)
{
	(void)state;
	run("ladder -e good.wire rst.pcap");
	assert_int_equal(ran.status, 0);
	assert_string_equal(ran.err, "");
	assert_non_null(strstr(ran.out, ">reset</text>"));
	assert_string_equal(ran.out + strlen(ran.out) - 7, "</svg>\n");
}

static void broken_is_neither_right_nor_wrong(void **state)
{
	static const char *const commands[] = {"print", "match good.wire", "prove good.wire",
					       "ladder"};
	char words[128];

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		snprintf(words, sizeof(words), "%s endless.pcap", commands[i]);
		assert_ran(words, 2, "",
			   "wire: endless.pcap: no marker after its 4 packets: the capture is "
			   "incomplete\n");
	}
	assert_ran("match bad.wire rst.pcap", 2, "", "wire: bad.wire:1: unknown rule 'fold ack'\n");
	assert_ran("print -e none.wire rst.pcap", 2, "", "wire: none.wire: ENOENT\n");
}

static void wrong_usage(void **state)
{
	static const struct {
		const char *words, *err;
	} cases[] = {
		{"", "wire: no command (see wire -h)\n"},
		{"mach x y", "wire: no command 'mach' (see wire -h)\n"},
		{"print", "wire: print: FILE.pcap expected (see wire -h)\n"},
		{"print a b", "wire: print: FILE.pcap expected (see wire -h)\n"},
		{"print -e", "wire: option -e needs a value\n"},
		{"print -x a", "wire: print: unknown option -x\n"},
		{"match -e a b", "wire: match: unknown option -e\n"},
		{"match a", "wire: match: EXPECTATION and FILE.pcap expected (see wire -h)\n"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_ran(cases[i].words, 2, "", cases[i].err);
}

static void help(void **state)
{
	(void)state;
	run("-h");
	assert_int_equal(ran.status, 0);
	assert_memory_equal(ran.out, "usage: wire print ", 18);
	run("match -h");
	assert_int_equal(ran.status, 0);
	assert_memory_equal(ran.out, "usage: wire print ", 18);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_prints),
		cmocka_unit_test(it_matches),
		cmocka_unit_test(it_matches_each_family),
		cmocka_unit_test(without_diff_it_still_tells),
		cmocka_unit_test(it_proves),
		cmocka_unit_test(it_draws),
		cmocka_unit_test(broken_is_neither_right_nor_wrong),
		cmocka_unit_test(wrong_usage),
		cmocka_unit_test(help),
	};
	char self[PATH_MAX / 2];
	ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);

	if (length == -1)
		return 1;
	self[length] = '\0';
	snprintf(wire, sizeof(wire), "%s/bin/wire", dirname(dirname(self)));
	return cmocka_run_group_tests(tests, set_scene, clean_up);
}
