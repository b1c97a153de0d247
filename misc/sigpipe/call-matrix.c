/*
 * sigpipe/call-matrix: every call that writes is EPIPE where nobody reads; which of them signal.
 *
 * Each call writes a byte to a TCP socket after its own SHUT_WR, to an AF_UNIX stream and to a
 * SEQPACKET whose peer has closed, and, where it can, to a pipe without a reader. The errno is
 * EPIPE throughout. SIGPIPE comes to the streams and the pipe with each call, once, and in a thread
 * as in a process's main thread; never from SEQPACKET, and not where MSG_NOSIGNAL is given. For
 * write(), writev(), sendfile() and splice(), which take no such flag, the signal must be ignored
 * or blocked.
 *
 * So MSG_NOSIGNAL guards only those calls that take flags; a server that also sends files ignores
 * SIGPIPE for the whole process.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/proc.h"

enum call { WRITE, WRITEV, SEND, SENDMSG, SENDMMSG, SENDFILE, SPLICE, NOSIGNAL, CALLS };
static const char *const names[] = {"write",    "writev",   "send",   "sendmsg",
				    "sendmmsg", "sendfile", "splice", "send, MSG_NOSIGNAL"};

static long make_call(enum call call, int fd)
{
	static char text[] = "x";
	struct iovec iov = {text, 1};
	struct mmsghdr message = {.msg_hdr = {.msg_iov = &iov, .msg_iovlen = 1}};
	int ends[2], file;

	switch (call) {
	case WRITE: return write(fd, text, 1);
	case WRITEV: return writev(fd, &iov, 1);
	case SEND: return send(fd, text, 1, 0);
	case SENDMSG: return sendmsg(fd, &message.msg_hdr, 0);
	case SENDMMSG: return sendmmsg(fd, &message, 1, 0);
	case SENDFILE:
		file = must(memfd_create("x", MFD_CLOEXEC));
		must_n(write(file, text, 1));
		return sendfile(fd, file, &(off_t){0}, 1);
	case SPLICE:
		must(pipe2(ends, O_CLOEXEC));
		must_n(write(ends[1], text, 1));
		return splice(ends[0], NULL, fd, NULL, 1, 0);
	case NOSIGNAL: return send(fd, text, 1, MSG_NOSIGNAL);
	default: die("call %d", call);
	}
}

static int target(int kind)
{
	int ends[2];

	switch (kind) {
	case 0:
		tcp_pair(ends);
		must(shutdown(ends[CLIENT], SHUT_WR));
		return ends[CLIENT];
	case 1: must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends)); break;
	case 2: must(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends)); break;
	default: must(pipe2(ends, O_CLOEXEC)); break;
	}
	must(close(ends[0]));
	return ends[1];
}

static void *play(void *unused)
{
	static const char *const kinds[] = {"TCP", "STREAM", "SEQPACKET", "pipe"};

	for (int kind = 0; kind < 4; kind++) {
		char signals[128] = "";
		size_t length = 0;

		for (enum call call = 0; call < CALLS; call++) {
			bool socket_only = call >= SEND && call != SENDFILE && call != SPLICE;

			if (kind == 3 && socket_only)
				continue;
			if (make_call(call, target(kind)) != -1 || errno != EPIPE)
				fact_text(kinds[kind], "%s is not EPIPE", names[call]);
			if (signals_counted() > 0)
				length +=
					(size_t)snprintf(signals + length, sizeof(signals) - length,
							 " %s", names[call]);
		}
		fact_text(kinds[kind], "SIGPIPE by%s", *signals ? signals : " none");
	}
	return unused;
}

static void in_process(void)
{
	count_signal(SIGPIPE, 0);
	play(NULL);
}

static void in_thread(void)
{
	pthread_t other;

	count_signal(SIGPIPE, 0);
	must(-pthread_create(&other, NULL, play, NULL));
	must(-pthread_join(other, NULL));
}

int main(void)
{
	return over_both(in_process, in_thread, "in a thread");
}
