/*
 * sendfile/offset-rules: whose offset moves, and what happens at the end of the file.
 *
 * With a pointer, sendfile() reads at *offset, moves it by what it sent, and leaves the file's
 * position alone; so several clients can be served from one descriptor, each with an offset of its
 * own. With NULL it reads at the position and moves that, for everybody who shares the open file. A
 * count that reaches beyond the end is cut to what there is, without an error; at the end, and
 * anywhere past it, the result is 0. What the peer reads shows which bytes they were.
 *
 * So call it in a loop with an offset of your own and with exactly what is left of the file as the
 * count: a 0 before the end then means that the file was cut. A larger count has a price on old
 * kernels: sendfile/no-tail-delay.
 */
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/known.h"
#include "lib/must.h"
#include "lib/net.h"

enum { SIZE = 10000 };

static int ends[2], file;

/* `offset` -1 stands for a NULL pointer. Tells where the bytes come from that the client gets. */
static void transfer(off_t offset, size_t count)
{
	static char received[2 * SIZE];
	off_t moved = offset, from = offset == -1 ? must_n(lseek(file, 0, SEEK_CUR)) : offset;
	ssize_t sent = sendfile(ends[SERVER], file, offset == -1 ? NULL : &moved, count);

	fact(sent, "sendfile of %zu at %s %lld", count, offset == -1 ? "position" : "offset",
	     (long long)from);
	if (offset != -1)
		fact(moved, "offset");
	fact(lseek(file, 0, SEEK_CUR), "position");
	if (sent > 0) {
		ssize_t got = recv(ends[CLIENT], received, (size_t)sent, MSG_WAITALL);

		if (got != sent)
			fact(got, "client recv");
		else if (known_mismatch(received, (size_t)got, from) != -1)
			fact_text("client recv", "other bytes");
	}
}

static void scene(void)
{
	char byte;

	tcp_pair(ends);
	file = known_file(SIZE);

	must_n(lseek(file, 70, SEEK_SET));
	transfer(1000, 3000); /* moves the offset, and the position stays */
	transfer(-1, 500);    /* moves the position */
	transfer(9000, 4000); /* short */
	transfer(SIZE, 1);
	transfer(SIZE + 5000, 1);
	must_n(lseek(file, 9900, SEEK_SET));
	transfer(-1, 4000);
	transfer(-1, 1);
	must_n(lseek(file, SIZE + 5000, SEEK_SET));
	transfer(-1, 1);
	transfer(0, 0);

	must(close(ends[SERVER]));
	fact(recv(ends[CLIENT], &byte, 1, 0), "client recv after all that");
}

int main(void)
{
	return over_both_families(scene);
}
