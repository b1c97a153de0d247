#include "diff.h"

#include <errno.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "must.h"
#include "proc.h"

/* The text of the lines in a file without a name; its descriptor, or -1. */
static int written(const struct lines *lines, const struct widths *widths)
{
	int fd = memfd_create("lines", MFD_CLOEXEC), copy = fd == -1 ? -1 : dup(fd);
	FILE *file = copy == -1 ? NULL : fdopen(copy, "w");

	if (!file) {
		if (copy != -1)
			close(copy);
		if (fd != -1)
			close(fd);
		return -1;
	}
	lines_print(file, lines, widths);
	if (fclose(file) == 0)
		return fd;
	close(fd);
	return -1;
}

static bool run_diff(int expected, const char *expected_label, int seen, const char *seen_label)
{
	int status;
	pid_t child = fork();

	if (child == -1)
		return false;
	if (child == 0) {
		char left[32], right[32];

		snprintf(left, sizeof(left), "/proc/%d/fd/%d", (int)getppid(), expected);
		snprintf(right, sizeof(right), "/proc/%d/fd/%d", (int)getppid(), seen);
		execlp("diff", "diff", "-u", "--label", expected_label, "--label", seen_label, left,
		       right, (char *)NULL);
		_exit(127);
	}
	status = reap(child);
	return status == 1 << 8; /* exit 1: they differ, and were printed */
}

static void print_all(const struct lines *lines, const struct widths *widths, const char *sign)
{
	for (size_t i = 0; i < lines->count; i++) {
		struct lines one = {.at = &lines->at[i], .count = 1};

		fputs(sign, stdout);
		lines_print(stdout, &one, widths);
	}
}

void diff_print(const struct lines *expected, const char *expected_label, const struct lines *seen,
		const char *seen_label)
{
	struct widths widths = {0};
	int left, right;

	lines_measure(expected, &widths);
	lines_measure(seen, &widths);
	left = written(expected, &widths);
	right = written(seen, &widths);
	fflush(stdout);
	if (left == -1 || right == -1 || !run_diff(left, expected_label, right, seen_label)) {
		complain("cannot run diff: every line follows");
		printf("--- %s\n+++ %s\n", expected_label, seen_label);
		print_all(expected, &widths, "-");
		print_all(seen, &widths, "+");
	}
	if (left != -1)
		close(left);
	if (right != -1)
		close(right);
}
