/*
 * sendfile/socket-to-pipe: sendfile() takes a socket for its source when the target is a pipe.
 *
 * A socket is no file with pages, so in general it cannot be a source. Into a pipe the kernel may
 * move what it has received, as splice() does; what sendfile() then says about bytes that are
 * there, about none and about the end of the stream is looked at.
 */
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/must.h"
#include "lib/net.h"

int main(void)
{
	char bytes[10];
	int ends[2], pipe_ends[2], file[2];

	tcp_pair(ends);
	must(pipe(pipe_ends));
	must(socketpair(AF_UNIX, SOCK_STREAM, 0, file));
	send_all(ends[CLIENT], "0123456789", 10);

	fact(sendfile(file[0], ends[SERVER], NULL, 10), "socket to socket");
	fact(sendfile(pipe_ends[1], ends[SERVER], NULL, 100), "socket to pipe");
	set_nonblocking(pipe_ends[0], true);
	fact(read(pipe_ends[0], bytes, sizeof(bytes)), "pipe read");
	must(shutdown(ends[CLIENT], SHUT_WR));
	await_hangup(ends[SERVER]);
	fact(sendfile(pipe_ends[1], ends[SERVER], NULL, 100), "socket to pipe at its end");
	return 0;
}
