/*
 * splice/pipe-rules: splice() wants a pipe on one side, and moves what there is and what fits.
 *
 * Two files, two sockets, or a pipe and itself are EINVAL; two pipes are fine. An offset for a pipe
 * is ESPIPE, one for a socket EINVAL. A target opened with O_APPEND is EINVAL. From a file the call
 * moves as much as the pipe has room for and does not wait for more room: a pipe of 65536 bytes is
 * one of 16 pages, and takes 65536 bytes from the start of a file, but 65526 from offset 10. From a
 * socket it moves what has come and does not wait for the count to be full; 0 is the end of the
 * stream.
 *
 * So a proxy needs a pipe between its two sockets, must keep count of what is in the pipe, and
 * empties that before it takes 0 for the end.
 */
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/known.h"
#include "lib/must.h"
#include "lib/net.h"

static void scene(void)
{
	int ends[2], others[2], pipes[2];

	tcp_pair(ends);
	tcp_pair(others);
	must(pipe2(pipes, O_CLOEXEC));
	send_all(ends[CLIENT], "hello", 5);
	await_poll(ends[SERVER], POLLIN);
	fact(splice(ends[SERVER], NULL, others[SERVER], NULL, 5, 0), "socket to socket");
	fact(splice(ends[SERVER], &(off_t){0}, pipes[1], NULL, 5, 0), "socket to pipe, offset");
	fact(splice(ends[SERVER], NULL, pipes[1], NULL, 100, 0), "socket to pipe");
	fact(splice(pipes[0], NULL, others[SERVER], NULL, 100, 0), "pipe to socket");
	must(close(ends[CLIENT]));
	fact(splice(ends[SERVER], NULL, pipes[1], NULL, 100, 0), "socket to pipe at its end");
}

int main(void)
{
	int file = known_file(100000), target = known_file(0), pipes[2], more[2];
	char path[64];
	off_t offset = 10;

	must(pipe2(pipes, O_CLOEXEC));
	must(pipe2(more, O_CLOEXEC));
	must(fcntl(pipes[1], F_SETPIPE_SZ, 65536));
	snprintf(path, sizeof(path), "/proc/self/fd/%d", target);
	int append = must(open(path, O_WRONLY | O_APPEND | O_CLOEXEC));

	fact(splice(file, NULL, target, NULL, 100, 0), "file to file");
	fact(splice(file, NULL, pipes[1], &offset, 100, 0), "file to pipe, offset of the pipe");
	fact(splice(pipes[0], &offset, target, NULL, 100, 0), "pipe to file, offset of the pipe");
	fact(splice(pipes[0], NULL, pipes[1], NULL, 100, 0), "pipe to itself");
	fact(splice(file, &offset, pipes[1], NULL, 90000, 0), "file at offset 10 to pipe");
	fact(offset, "offset of the file");
	must_n(splice(pipes[0], NULL, target, NULL, 90000, 0));
	fact(splice(file, NULL, pipes[1], NULL, 90000, 0), "file to pipe");
	fact(splice(file, NULL, pipes[1], NULL, 100, SPLICE_F_NONBLOCK), "file to full pipe");
	fact(splice(pipes[0], NULL, append, NULL, 100, 0), "pipe to file with O_APPEND");
	fact(splice(pipes[0], NULL, more[1], NULL, 100, 0), "pipe to pipe");
	offset = 500;
	fact(splice(more[0], NULL, target, &offset, 200, 0), "pipe to file at offset 500");
	fact(offset, "offset of the file");
	return over_both_families(scene);
}
