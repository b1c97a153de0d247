/*
 * splice/nonblock-flag-scope: SPLICE_F_NONBLOCK speaks of the pipe, not of the socket.
 *
 * With the flag an empty pipe as the source and a full one as the target are EAGAIN. A TCP socket
 * as the source that has nothing and is not O_NONBLOCK itself still blocks: the caller is seen
 * asleep in splice(), and goes on when a byte comes. O_NONBLOCK on the socket makes it EAGAIN, with
 * or without the flag.
 *
 * So an event loop sets O_NONBLOCK on its sockets as for recv(), and gives the flag for the pipe.
 */
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/known.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/parked.h"

static int pipes[2];

static long splice_in(int fd)
{
	return splice(fd, NULL, pipes[1], NULL, 100, SPLICE_F_NONBLOCK);
}

static void scene(void)
{
	struct parked reader;
	int ends[2], file = known_file(70000);

	tcp_pair(ends);
	must(pipe2(pipes, O_CLOEXEC));
	must(fcntl(pipes[1], F_SETPIPE_SZ, 65536));

	fact(splice(pipes[0], NULL, ends[SERVER], NULL, 100, SPLICE_F_NONBLOCK), "from empty pipe");
	if (try_to_park(&reader, splice_in, ends[SERVER])) {
		fact_text("from blocking socket without data", "blocks");
		send_all(ends[CLIENT], "x", 1);
		fact(parked_result(&reader), "from that socket, when a byte came");
	} else {
		fact(parked_result(&reader), "from blocking socket without data");
	}

	set_nonblocking(ends[SERVER], true);
	fact(splice_in(ends[SERVER]), "from non-blocking socket without data");
	fact(splice(ends[SERVER], NULL, pipes[1], NULL, 100, 0), "the same without the flag");

	while (splice(file, NULL, pipes[1], NULL, 70000, SPLICE_F_NONBLOCK) > 0)
		;
	send_all(ends[CLIENT], "x", 1);
	await_poll(ends[SERVER], POLLIN);
	fact(splice_in(ends[SERVER]), "from socket with data to full pipe");
	fact(splice(file, &(off_t){0}, pipes[1], NULL, 1, SPLICE_F_NONBLOCK),
	     "from file to full pipe");
}

int main(void)
{
	return over_both_families(scene);
}
