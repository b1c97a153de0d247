/*
 * sendfile/truncated-while-blocked: a file cut while it is sent ends early, without error or
 * SIGBUS.
 *
 * The sender sleeps in sendfile(), for the peer does not read, while somebody truncates the file.
 * What is queued by then goes out, the kernel looks for the next page, finds the end instead, and
 * returns a count that is short; the next call says 0. The peer has exactly that many bytes, and
 * they are the old ones. The contrast is a send() from a mapping of the file: the process itself
 * would get SIGBUS for touching a page that is gone; the kernel, which copies for it, turns the
 * fault into a short count, and then into EFAULT.
 *
 * So a server that has announced the length of a file must count what it sent: on a 0 before the
 * end the promise is broken, and all it can do is to end the connection.
 */
#include <errno.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/known.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/parked.h"
#include "lib/proc.h"

enum { SIZE = 4 << 20, BUFFER = 50000 };

static int file, again_errno;
static long again;
static char *mapped;

/* Each blocks in its first call; the end of file tells the reader that both are through. */
static long by_sendfile(int fd)
{
	long sent = sendfile(fd, file, NULL, SIZE);

	again = sendfile(fd, file, NULL, SIZE);
	again_errno = errno;
	must(shutdown(fd, SHUT_WR));
	return sent;
}

static long by_send(int fd)
{
	long sent = send(fd, mapped, SIZE, 0);

	again = send(fd, mapped, SIZE, 0);
	again_errno = errno;
	must(shutdown(fd, SHUT_WR));
	return sent;
}

static void transfer(const char *name, int ends[2], long (*call)(int fd))
{
	static char bytes[65536];
	long received = 0, got, wrong = -1;
	struct parked sender;

	set_option(ends[SERVER], SOL_SOCKET, SO_SNDBUF, BUFFER);
	set_option(ends[CLIENT], SOL_SOCKET, SO_RCVBUF, BUFFER);
	file = known_file(SIZE);
	mapped = must_ptr(mmap(NULL, SIZE, PROT_READ, MAP_SHARED, file, 0));
	park(&sender, call, ends[SERVER]);
	must(ftruncate(file, 0));
	for (; (got = must_n(recv(ends[CLIENT], bytes, sizeof(bytes), 0))) > 0; received += got)
		if (wrong == -1)
			wrong = known_mismatch(bytes, (size_t)got, received);
	long sent = parked_result(&sender);

	fact_text(name, "%s", sent > 0 && sent < SIZE ? "short" : "nothing or all");
	fact(received - sent, "client recv beyond that");
	fact_text("client recv", "%s", wrong == -1 ? "as the file was" : "other bytes");
	errno = again_errno;
	fact(again, "%s again", name);
	fact(signals_counted(), "SIGBUS");
	must(munmap(mapped, SIZE));
	must(close(file));
}

static void scene(void)
{
	int ends[2];

	tcp_pair(ends);
	transfer("TCP sendfile", ends, by_sendfile);
	tcp_pair(ends);
	transfer("TCP send", ends, by_send);
}

int main(void)
{
	int ends[2];

	count_signal(SIGBUS, 0);
	must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends));
	transfer("AF_UNIX sendfile", ends, by_sendfile);
	must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends));
	transfer("AF_UNIX send", ends, by_send);
	return over_both_families(scene);
}
