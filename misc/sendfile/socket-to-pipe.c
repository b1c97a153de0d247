/*
 * sendfile/socket-to-pipe: sendfile() takes a socket for its source when the target is a pipe.
 *
 * The source of sendfile() is whatever has pages to hand out; a socket has none, and is EINVAL.
 * Since Linux 5.12 there is one exception: into a pipe the kernel moves what a socket has received,
 * as splice() does. The result is a count of the bytes that are there, 0 at the end of the stream,
 * and EAGAIN where a non-blocking socket has nothing. An offset has no meaning for a socket, and is
 * ESPIPE.
 *
 * So use splice() for that: it says what it means, and works on older kernels, too.
 */
#include <fcntl.h>
#include <poll.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"

static void transfers(const char *kind, int ends[2])
{
	char bytes[10];
	int pipe_ends[2], local[2];
	off_t offset = 0;

	must(pipe2(pipe_ends, O_CLOEXEC | O_NONBLOCK));
	must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, local));
	set_nonblocking(ends[SERVER], true);
	fact(sendfile(pipe_ends[1], ends[SERVER], NULL, 100), "%s to pipe, nothing there", kind);
	send_all(ends[CLIENT], "0123456789", 10);
	await_poll(ends[SERVER], POLLIN);
	fact(sendfile(local[0], ends[SERVER], NULL, 10), "%s to socket", kind);
	fact(sendfile(pipe_ends[1], ends[SERVER], &offset, 100), "%s to pipe, offset", kind);
	fact(sendfile(pipe_ends[1], ends[SERVER], NULL, 100), "%s to pipe", kind);
	fact(read(pipe_ends[0], bytes, sizeof(bytes)), "pipe read");
	must(shutdown(ends[CLIENT], SHUT_WR));
	if (get_option(ends[SERVER], SOL_SOCKET, SO_DOMAIN) != AF_UNIX)
		await_hangup(ends[SERVER]);
	fact(sendfile(pipe_ends[1], ends[SERVER], NULL, 100), "%s to pipe at its end", kind);
}

static void scene(void)
{
	int ends[2];

	tcp_pair(ends);
	transfers("TCP", ends);
}

int main(void)
{
	int ends[2];

	must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends));
	transfers("AF_UNIX", ends);
	return over_both_families(scene);
}
