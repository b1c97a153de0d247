/*
 * sendfile/max-count: one sendfile() moves at most 0x7ffff000 bytes, from offsets of any size.
 *
 * A file of 5 GiB, nearly all of it a hole, goes to /dev/null, which takes all and costs nothing. A
 * count of 4 GiB is cut to what fits into an int, less a page: 2147479552, not an error, and the
 * offset says so. Bytes written beyond 4 GiB are then sent from there to a socket, and offset and
 * position pass 4 GiB without wrapping. Linux 5.10 fills the holes of a file in memory when it
 * sends them; somebody takes those pages away again meanwhile, so that no memory is needed.
 *
 * So call sendfile() in a loop even where the socket blocks and the file is there in full: from 2
 * GiB on a single call leaves something over, and so it may at any size.
 */
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/known.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/proc.h"

#define GIB ((off_t)1 << 30)

static pid_t start_digger(int file)
{
	pid_t pid = must_fork();

	if (pid != 0)
		return pid;
	for (;; nap())
		must(fallocate(file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 4 * GIB));
}

int main(void)
{
	char bytes[1000];
	int ends[2], file = must(memfd_create("large", MFD_CLOEXEC)), known = known_file(1000);
	int null = must(open("/dev/null", O_WRONLY | O_CLOEXEC));
	off_t offset = 0;

	must(ftruncate(file, 5 * GIB));
	must_n(pread(known, bytes, sizeof(bytes), 0));
	must_n(pwrite(file, bytes, sizeof(bytes), 4 * GIB + 500));

	pid_t digger = start_digger(file);

	fact(sendfile(null, file, &offset, 4 * GIB), "sendfile of 4 GiB");
	fact(offset, "offset");
	must(kill(digger, SIGKILL));
	reap(digger);

	must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends));
	offset = 4 * GIB + 500;
	fact(sendfile(ends[0], file, &offset, 600), "sendfile at offset 4 GiB + 500");
	fact(offset - 4 * GIB, "offset beyond 4 GiB");
	must_n(lseek(file, 4 * GIB + 1100, SEEK_SET));
	fact(sendfile(ends[0], file, NULL, 400), "sendfile at position 4 GiB + 1100");
	fact(lseek(file, 0, SEEK_CUR) - 4 * GIB, "position beyond 4 GiB");
	must(shutdown(ends[0], SHUT_WR));
	fact_text("peer recv", "%s", known_to_end(ends[1], 0, 1000));
	return 0;
}
