/*
 * sendfile/file-to-file: into a file sendfile() writes at its position and moves that.
 *
 * There is no offset for the target: bytes land where its position stands, also beyond its end,
 * where a hole is left, and the position moves by the count. The source may be the same file, even
 * the same open file, whose position is then the target's, and the offset the source's.
 *
 * So sendfile() copies files, too; copy_file_range() takes an offset for either side, and may leave
 * the work to the file system.
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/sendfile.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/known.h"
#include "lib/must.h"

static char bytes[10000];

static void transfer(const char *what, int out, int in, off_t *offset, size_t count)
{
	fact(sendfile(out, in, offset, count), "%s", what);
	if (offset)
		fact(*offset, "%s, offset", what);
	fact(lseek(in, 0, SEEK_CUR), "%s, position of the source", what);
	if (out != in)
		fact(lseek(out, 0, SEEK_CUR), "%s, position of the target", what);
}

/* Whether `size` bytes of `fd` at `at` are those of a known file from `from` on. */
static void fact_there(const char *what, int fd, off_t at, size_t size, off_t from)
{
	char name[64];

	must_n(pread(fd, bytes, size, at));
	snprintf(name, sizeof(name), "%s, bytes at %lld", what, (long long)at);
	fact_text(name, "%s", known_mismatch(bytes, size, from) == -1 ? "as sent" : "others");
}

int main(void)
{
	int file = known_file(10000), target = known_file(0);
	off_t offset = 5000;

	must_n(lseek(target, 3000, SEEK_SET));
	transfer("to a file", target, file, &offset, 2000);
	fact_there("to a file", target, 3000, 2000, 5000);
	fact(must_n(lseek(target, 0, SEEK_END)), "to a file, its size");

	must_n(lseek(target, 1000, SEEK_SET));
	must_n(lseek(file, 6000, SEEK_SET));
	transfer("to a file, no offset", target, file, NULL, 9000);
	fact_there("to a file, no offset", target, 1000, 4000, 6000);

	offset = 0;
	must_n(lseek(file, 8000, SEEK_SET));
	transfer("to itself", file, file, &offset, 3000);
	fact_there("to itself", file, 8000, 3000, 0);
	fact_there("to itself", file, 0, 8000, 0);
	fact(must_n(lseek(file, 0, SEEK_END)), "to itself, its size");
	return 0;
}
