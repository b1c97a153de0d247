/*
 * uring/sigpipe: IORING_OP_SEND never raises SIGPIPE; IORING_OP_WRITE does, on sockets and pipes.
 *
 * Who sends by a ring may be in the middle of something else when the answer comes, or the request
 * may be carried out by a thread of the kernel: no signal would tell what it is about. So the
 * kernel adds MSG_NOSIGNAL to each send by a ring, asked for or not, and EPIPE is all there is.
 * Writing has no such flag, so it is as by write(): a signal, and EPIPE in the answer, for a TCP
 * socket, a Unix-domain stream and a pipe alike. But who gets it is who writes: until Linux 6.3 a
 * pipe is written by a thread of the kernel for the ring, and the signal dies there.
 *
 * So a server that answers by IORING_OP_SEND needs not ignore SIGPIPE for it; one that uses
 * IORING_OP_WRITE or splices into a pipe or a socket does, as ever.
 */
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/proc.h"
#include "lib/uring.h"

static struct uring ring;

static void ask(const char *what, int operation, int fd)
{
	uring_ask(&ring, operation, fd, "x", 1, 0);
	fact(uring_call(&ring), "%s, %s", what, operation == IORING_OP_SEND ? "send" : "write");
	fact(signals_counted(), "SIGPIPE by it");
}

int main(void)
{
	int pair[2], pipe_ends[2], tcp[2];

	uring_make(&ring);
	count_signal(SIGPIPE, 0);
	tcp_pair(tcp);
	must(shutdown(tcp[CLIENT], SHUT_WR));
	ask("TCP", IORING_OP_SEND, tcp[CLIENT]);
	ask("TCP", IORING_OP_WRITE, tcp[CLIENT]);
	must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair));
	must(close(pair[1]));
	ask("AF_UNIX STREAM", IORING_OP_SEND, pair[0]);
	ask("AF_UNIX STREAM", IORING_OP_WRITE, pair[0]);
	must(pipe2(pipe_ends, O_CLOEXEC));
	must(close(pipe_ends[0]));
	ask("pipe", IORING_OP_WRITE, pipe_ends[1]);
	return 0;
}
