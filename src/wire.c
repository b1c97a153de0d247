/*
 * wire: what a capture holds, in the notation of expectations (tests/pcap/README.md).
 *
 * One process, no packet is sent, no privilege is needed. libpcap reads the file; everything else
 * is in lib: packet (bytes to headers), track (connections), capture (a file, to its marker),
 * lines (the notation), expectation, diff, prove (can this expectation fail?) and ladder.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/capture.h"
#include "lib/diff.h"
#include "lib/expectation.h"
#include "lib/ladder.h"
#include "lib/lines.h"
#include "lib/must.h"
#include "lib/prove.h"

enum { SAME, DIFFERENT, BROKEN };

static const char usage[] =
	"usage: wire print [-e EXPECTATION] FILE.pcap   what is on the wire, a line a packet\n"
	"       wire match EXPECTATION FILE.pcap        compare; print what differs\n"
	"       wire prove EXPECTATION FILE.pcap        show that it would not match if changed\n"
	"       wire ladder [-e EXPECTATION] FILE.pcap  a picture (SVG) of what is on the wire\n"
	"Exit status: 0 as expected, 1 not as expected, 2 broken: no marker, not a capture,\n"
	"cut off, a mistake in the expectation, wrong usage.\n";

/* What a command works on. A capture of both families is two, each of which must match. */
struct part {
	const char *name; /* ", IPv4"; empty where there is only one */
	struct capture capture;
	struct lines seen;
};

struct scene {
	const char *expectation_path, *capture_path;
	struct expectation expectation; /* no rules, no lines: none was given */
	struct part parts[2];
	int count;
};

static bool load_parts(struct scene *scene, struct reason *why)
{
	struct capture whole;
	bool good = true;

	if (!capture_open(scene->capture_path, &whole, why))
		return false;
	if (scene->expectation.rules & BOTH_FAMILIES) {
		scene->count = 2;
		scene->parts[0].name = ", IPv4";
		scene->parts[1].name = ", IPv6";
		for (int i = 0; good && i < 2; i++)
			good = capture_part(&whole, i == 1, &scene->parts[i].capture);
		capture_free(&whole);
	} else {
		scene->count = 1;
		scene->parts[0] = (struct part){.name = "", .capture = whole};
	}
	for (int i = 0; good && i < scene->count; i++)
		good = lines_render(&scene->parts[i].seen, scene->parts[i].capture.packets,
				    scene->parts[i].capture.count, scene->expectation.rules);
	return good || because(why, "%s: no memory", scene->capture_path);
}

static bool load(struct scene *scene)
{
	struct reason why = {""};
	bool good = true;

	if (scene->expectation_path)
		good = expectation_open(scene->expectation_path, &scene->expectation, &why);
	if (good)
		good = load_parts(scene, &why);
	if (!good)
		complain("%s", why.text);
	return good;
}

static void unload(struct scene *scene)
{
	for (int i = 0; i < scene->count; i++) {
		lines_free(&scene->parts[i].seen);
		capture_free(&scene->parts[i].capture);
	}
	expectation_free(&scene->expectation);
}

static int print(struct scene *scene)
{
	struct widths widths = {0};

	for (int i = 0; i < scene->count; i++)
		lines_measure(&scene->parts[i].seen, &widths);
	for (int i = 0; i < scene->count; i++) {
		if (scene->count > 1)
			printf("# %s\n", scene->parts[i].name + 2);
		lines_print(stdout, &scene->parts[i].seen, &widths);
	}
	return SAME;
}

static int match(struct scene *scene)
{
	char expected[512], seen[512];
	int status = SAME;

	snprintf(expected, sizeof(expected), "expected: %s", scene->expectation_path);
	for (int i = 0; i < scene->count; i++) {
		const struct part *part = &scene->parts[i];

		if (lines_equal(&scene->expectation.lines, &part->seen))
			continue;
		snprintf(seen, sizeof(seen), "seen: %s%s", scene->capture_path, part->name);
		diff_print(&scene->expectation.lines, expected, &part->seen, seen);
		status = DIFFERENT;
	}
	return status;
}

static int prove_it(struct scene *scene)
{
	struct proof proof;
	struct reason why = {""};
	size_t mutants = 0, noticed = 0;

	if (match(scene) != SAME)
		return DIFFERENT;
	for (int i = 0; i < scene->count; i++) {
		if (!prove(&scene->expectation, &scene->parts[i].capture, &proof, stdout, &why)) {
			complain("%s%s: %s", scene->capture_path, scene->parts[i].name, why.text);
			return BROKEN;
		}
		mutants += proof.mutants;
		noticed += proof.noticed;
	}
	printf("%zu mutants, %zu noticed\n", mutants, noticed);
	return mutants == noticed ? SAME : DIFFERENT;
}

/* Of both families the picture is one: they are the same where they match. */
static int draw(struct scene *scene)
{
	if (ladder_draw(stdout, scene->capture_path, &scene->parts[0].capture, &scene->expectation))
		return SAME;
	complain("%s: no memory", scene->capture_path);
	return BROKEN;
}

static const struct command {
	const char *name;
	int (*run)(struct scene *);
	bool compares; /* takes EXPECTATION as an argument, not as an option */
} commands[] = {
	{"print", print, false},
	{"match", match, true},
	{"prove", prove_it, true},
	{"ladder", draw, false},
};

static const struct command *find_command(const char *name)
{
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (strcmp(name, commands[i].name) == 0)
			return &commands[i];
	usage_error("no command '%s' (see wire -h)", name);
}

static _Noreturn void help(void)
{
	fputs(usage, stdout);
	exit(fflush(stdout) == 0 ? SAME : BROKEN);
}

int main(int argc, char **argv)
{
	struct scene scene = {0};

	if (argc < 2)
		usage_error("no command (see wire -h)");
	if (strcmp(argv[1], "-h") == 0)
		help();

	const struct command *command = find_command(argv[1]);
	int option;

	argc--;
	argv++;
	opterr = 0;
	while ((option = getopt(argc, argv, command->compares ? "+:h" : "+:he:")) != -1) {
		switch (option) {
		case 'h': help();
		case 'e': scene.expectation_path = optarg; break;
		case ':': usage_error("option -%c needs a value", optopt);
		default: usage_error("%s: unknown option -%c", command->name, optopt);
		}
	}
	if (argc - optind != 1 + command->compares)
		usage_error("%s: %s expected (see wire -h)", command->name,
			    command->compares ? "EXPECTATION and FILE.pcap" : "FILE.pcap");
	if (command->compares)
		scene.expectation_path = argv[optind++];
	scene.capture_path = argv[optind];

	int status = load(&scene) ? command->run(&scene) : BROKEN;

	unload(&scene);
	if (fflush(stdout) != 0 || ferror(stdout)) {
		complain("stdout: %s", errno_name(errno));
		return BROKEN;
	}
	return status;
}
