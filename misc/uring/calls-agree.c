/*
 * uring/calls-agree: recv, send, accept, connect, splice and close give the same answers by a ring.
 *
 * A request in a ring ends in the same functions of the socket as the call it stands for; only who
 * waits differs. So every state of a socket, from bytes to read over FIN and reset to a descriptor
 * that is none, is asked once by the call and once by the ring, and what is an errno there is
 * negative in the answer here. The error of a reset is taken by who asks first, likewise, and
 * MSG_DONTWAIT is EAGAIN here and there. What differs is who waits: uring/nonblock-ignored.
 *
 * So what a server knows of its calls' errors holds when it is moved to io_uring, and so does what
 * it must not do: look at errno, which the answer of a ring does not set.
 */
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/uring.h"
#include "lib/variants.h"

enum { RING = 1, IPV6 = 2 };
static int which;
static struct uring ring;
static char byte;

static long ask_recv(int fd, int flags)
{
	if (!(which & RING))
		return recv(fd, &byte, 1, flags);
	uring_ask(&ring, IORING_OP_RECV, fd, &byte, 1, 0)->msg_flags = (unsigned)flags;
	return uring_call(&ring);
}

static long ask_send(int fd)
{
	if (!(which & RING))
		return send(fd, "x", 1, MSG_NOSIGNAL);
	uring_ask(&ring, IORING_OP_SEND, fd, "x", 1, 0)->msg_flags = MSG_NOSIGNAL;
	return uring_call(&ring);
}

static long ask_accept(int fd)
{
	long result;

	if (which & RING) {
		uring_ask(&ring, IORING_OP_ACCEPT, fd, NULL, 0, 0)->accept_flags = SOCK_CLOEXEC;
		result = uring_call(&ring);
	} else {
		result = accept4(fd, NULL, NULL, SOCK_CLOEXEC);
	}
	return result == -1 ? -1 : close((int)result);
}

static long ask_connect(int fd, int port)
{
	struct sockaddr_storage to;
	socklen_t length = loopback_address(port, &to);

	if (!(which & RING))
		return connect(fd, (struct sockaddr *)&to, length);
	uring_ask(&ring, IORING_OP_CONNECT, fd, &to, 0, 0)->off = length;
	return uring_call(&ring);
}

static long ask_close(int fd)
{
	if (!(which & RING))
		return close(fd);
	uring_ask(&ring, IORING_OP_CLOSE, fd, NULL, 0, 0);
	return uring_call(&ring);
}

static long ask_splice(int from, int to)
{
	if (!(which & RING))
		return splice(from, NULL, to, NULL, 16, 0);

	struct io_uring_sqe *sqe = uring_ask(&ring, IORING_OP_SPLICE, to, NULL, 16, 0);

	sqe->splice_fd_in = from;
	sqe->splice_off_in = sqe->off = UINT64_MAX;
	return uring_call(&ring);
}

static void established(void)
{
	int ends[2], pipe_ends[2];

	tcp_pair(ends);
	must(pipe2(pipe_ends, O_CLOEXEC));
	fact(ask_recv(ends[CLIENT], MSG_DONTWAIT), "nothing there: recv with MSG_DONTWAIT");
	fact(ask_send(ends[CLIENT]), "established: send");
	fact(ask_recv(ends[SERVER], 0), "a byte there: recv");
	send_all(ends[SERVER], "hello", 5);
	await_poll(ends[CLIENT], POLLIN);
	fact(ask_splice(ends[CLIENT], pipe_ends[1]), "5 bytes there: splice to a pipe");
	fact(ask_splice(pipe_ends[0], ends[CLIENT]), "5 bytes in a pipe: splice to the socket");
	recv_all(ends[SERVER], (char[5]){0}, 5);
	fact(ask_close(ends[SERVER]), "close");
	await_hangup(ends[CLIENT]);
	fact(ask_recv(ends[CLIENT], 0), "after FIN: recv");
	fact(ask_splice(ends[CLIENT], pipe_ends[1]), "after FIN: splice to a pipe");
	fact(ask_send(ends[CLIENT]), "after FIN: send");
	await_poll(ends[CLIENT], POLLHUP);
	fact(ask_recv(ends[CLIENT], 0), "reset after FIN: recv");
	fact(ask_recv(ends[CLIENT], 0), "reset after FIN: recv again");
}

static void reset(void)
{
	int pipe_ends[2], fd = reset_by_peer();

	fact(ask_recv(fd, 0), "after RST: recv");
	fact(ask_recv(fd, 0), "after RST: recv again");
	fact(ask_send(fd), "after RST: send then");
	must(close(fd));
	fd = reset_by_peer();
	fact(ask_send(fd), "after RST: send first");
	fact(ask_send(fd), "after RST: send again");
	must(close(fd));
	fd = reset_by_peer();
	must(pipe2(pipe_ends, O_CLOEXEC));
	fact(ask_splice(fd, pipe_ends[1]), "after RST: splice to a pipe");
	fact(ask_splice(fd, pipe_ends[1]), "after RST: splice again");
}

static void scene(void)
{
	family = which & IPV6 ? AF_INET6 : AF_INET;
	if (which & RING)
		uring_make(&ring);
	established();
	reset();

	int listener = listen_loopback(4), port = local_port(listener);
	int fresh = must(socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));

	fact(ask_recv(fresh, 0), "not connected: recv");
	fact(ask_send(fresh), "not connected: send");
	fact(ask_accept(fresh), "not listening: accept");
	fact(ask_connect(fresh, port), "connect");
	fact(ask_connect(fresh, port), "connect again");
	fact(ask_accept(listener), "one waits: accept");
	must(close(listener));
	fresh = must(socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));
	fact(ask_connect(fresh, port), "nobody listens: connect");
	fact(ask_recv(-1, 0), "no descriptor: recv");
	fact(ask_accept(-1), "no descriptor: accept");
	fact(ask_close(-1), "no descriptor: close");
}

int main(void)
{
	static const struct variant variants[] = {{"by the call", 0},
						  {"by the ring", RING},
						  {"over IPv6 by the call", IPV6},
						  {"over IPv6 by the ring", IPV6 | RING}};

	return play_variants(variants, 4, &which, scene);
}
