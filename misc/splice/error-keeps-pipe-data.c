/*
 * splice/error-keeps-pipe-data: what splice() could not deliver stays in the pipe.
 *
 * A pipe holds 1000 bytes, and its target has gone: shut down by our own SHUT_WR it is EPIPE with
 * SIGPIPE, reset by the peer first ECONNRESET, and then EPIPE with SIGPIPE, as with send(). After
 * each attempt FIONREAD counts the pipe, and all bytes are there. In the other direction a
 * connection that was reset hands over what had come before the reset, then ECONNRESET, then 0.
 *
 * So an error while splicing out loses nothing: the pipe can be emptied elsewhere, or closed with
 * the connection. And ignore SIGPIPE; splice() has no flag against it.
 */
#include <fcntl.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/known.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/proc.h"

enum { SIZE = 1000 };

static int pipes[2];

static void splice_out(const char *what, int to)
{
	int held = 0;

	fact(splice(pipes[0], NULL, to, NULL, SIZE, 0), "%s", what);
	fact(signals_counted(), "%s, SIGPIPE", what);
	must(ioctl(pipes[0], FIONREAD, &held));
	fact(held, "%s, bytes in the pipe", what);
}

static void scene(void)
{
	int ends[2], reset = reset_by_peer(), file = known_file(SIZE);

	must(pipe2(pipes, O_CLOEXEC));
	must_n(splice(file, NULL, pipes[1], NULL, SIZE, 0));
	tcp_pair(ends);
	must(shutdown(ends[SERVER], SHUT_WR));
	splice_out("pipe to a socket after SHUT_WR", ends[SERVER]);
	splice_out("pipe to a reset socket", reset);
	splice_out("pipe to a reset socket, again", reset);
	must(close(pipes[1]));
	fact_text("pipe read", "%s", known_to_end(pipes[0], 0, SIZE));

	must(pipe2(pipes, O_CLOEXEC));
	tcp_pair(ends);
	send_all(ends[SERVER], "data", 4);
	set_linger_zero(ends[SERVER]);
	must(close(ends[SERVER]));
	await_hangup(ends[CLIENT]);
	fact(splice(ends[CLIENT], NULL, pipes[1], NULL, 100, 0), "reset socket to pipe");
	fact(splice(ends[CLIENT], NULL, pipes[1], NULL, 100, 0), "reset socket to pipe, again");
	fact(splice(ends[CLIENT], NULL, pipes[1], NULL, 100, 0), "reset socket to pipe, at last");
}

int main(void)
{
	count_signal(SIGPIPE, 0);
	return over_both_families(scene);
}
