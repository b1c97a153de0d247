/*
 * sendfile/pipe-aliasing: sendfile() into a pipe puts the file's own pages there, as splice() does.
 *
 * A pipe holds references to pages, and those of a file can be lent to it. Whoever overwrites the
 * file then changes what the reader of the pipe gets. Linux before 5.12 had sendfile() copy through
 * write() where the target was no socket, so there the reader gets the bytes of the call's time;
 * splice() has lent pages ever since it came.
 *
 * So take a copy with read() and write() where the file may change before the reader gets to it;
 * neither sendfile() nor splice() promises one.
 */
#include <fcntl.h>
#include <string.h>
#include <sys/sendfile.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/known.h"
#include "lib/must.h"

static ssize_t by_sendfile(int out, int file)
{
	off_t offset = 0;

	return sendfile(out, file, &offset, 4096);
}

static ssize_t by_splice(int out, int file)
{
	off_t offset = 0;

	return splice(file, &offset, out, NULL, 4096, 0);
}

static void transfer(const char *how, ssize_t (*move)(int out, int file))
{
	char bytes[4096], new[4096] = "";
	int ends[2], file = known_file(4096);

	must(pipe2(ends, O_CLOEXEC));
	fact(move(ends[1], file), "%s", how);
	must_n(pwrite(file, new, sizeof(new), 0));
	must_n(read(ends[0], bytes, sizeof(bytes)));
	fact_text(how, "reader gets %s",
		  memcmp(bytes, new, sizeof(new)) == 0            ? "the new bytes"
		  : known_mismatch(bytes, sizeof(bytes), 0) == -1 ? "the old bytes"
								  : "something else");
	must(close(ends[0]));
	must(close(ends[1]));
	must(close(file));
}

int main(void)
{
	transfer("sendfile", by_sendfile);
	transfer("splice", by_splice);
	return 0;
}
