/*
 * sendfile/error-paths: which errors sendfile() gives, and that SIGPIPE comes with EPIPE.
 *
 * Towards a socket it fails as send() does. After shutdown(SHUT_WR) of one's own it is EPIPE; after
 * a reset the first call fetches ECONNRESET, and every later one is EPIPE. Each EPIPE raises
 * SIGPIPE, and there is no flag against that: sendfile() has no flags. A peer that closed an
 * AF_UNIX connection is EPIPE at once, for there are no resets under way.
 *
 * What is wrong with the arguments is found before a byte moves: EBADF for a source that is not
 * open for reading or a target not open for writing, EINVAL for a negative offset and for a target
 * opened with O_APPEND, because bytes are to land at its position and nowhere else. ESPIPE is for
 * an offset into a source that has none.
 *
 * So a server that sends files ignores SIGPIPE for the whole process, or blocks it in the thread
 * that sends, and takes EPIPE and ECONNRESET alike: the client has gone.
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/known.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/proc.h"

static int file;

/* An offset of -1 stands for a NULL pointer. */
static void transfer(const char *what, int out, int in, off_t at)
{
	off_t offset = at;

	fact(sendfile(out, in, at == -1 ? NULL : &offset, 100), "%s", what);
	fact(signals_counted(), "%s, SIGPIPE", what);
	if (offset != at)
		fact(offset, "%s, offset", what);
}

/* The same open file under another access mode. */
static int reopened(int fd, int flags)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return must(open(path, flags | O_CLOEXEC));
}

static void scene(void)
{
	int ends[2], reset = reset_by_peer();

	tcp_pair(ends);
	must(shutdown(ends[SERVER], SHUT_WR));
	transfer("after SHUT_WR", ends[SERVER], file, 0);
	transfer("after RST", reset, file, 0);
	transfer("after RST, again", reset, file, 0);
	must(close(reset));
	must(close(ends[CLIENT]));
	must(close(ends[SERVER]));
}

int main(void)
{
	int local[2], pipes[2], target = known_file(0);

	count_signal(SIGPIPE, 0);
	file = known_file(1000);

	must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, local));
	must(pipe2(pipes, O_CLOEXEC));
	transfer("to a file with O_APPEND", reopened(target, O_WRONLY | O_APPEND), file, 0);
	transfer("to a file open for reading", reopened(target, O_RDONLY), file, 0);
	transfer("from a file open for writing", local[0], reopened(file, O_WRONLY), 0);
	transfer("to no descriptor", -1, file, 0);
	transfer("from no descriptor", local[0], -1, 0);
	transfer("negative offset", local[0], file, -2);
	transfer("offset into a pipe", local[0], pipes[0], 0);
	must(close(local[1]));
	transfer("AF_UNIX peer closed", local[0], file, 0);

	return over_both_families(scene);
}
