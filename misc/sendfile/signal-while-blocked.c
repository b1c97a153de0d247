/*
 * sendfile/signal-while-blocked: a signal ends a blocked sendfile() with the count so far, or
 * EINTR.
 *
 * The sender sleeps in sendfile() because the send buffer is full and stays so: nobody reads from
 * an AF_UNIX stream; over TCP the ACKs are dropped. A signal whose handler is installed without
 * SA_RESTART ends the call. If something was sent it returns the count, and the offset has moved by
 * that much, though the kernel may have read further in the file; the peer gets these bytes and no
 * others. If nothing was sent it is EINTR, and the offset stands still. With
 * SA_RESTART a call that sent nothing begins anew by itself, except under SO_SNDTIMEO: the time
 * limit would begin anew as well.
 *
 * So a loop around sendfile() goes on after EINTR and after a short count with the same offset
 * variable; only 0 is the end.
 */
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/known.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/parked.h"
#include "lib/proc.h"

enum { LARGE = 1 << 20, SMALL = 10000, BUFFER = 50000 };

static int file;
static off_t offset;
static size_t size;

static long send_file(int fd)
{
	return sendfile(fd, file, &offset, size);
}

/* Send files, without blocking, until there is no room left; returns how many bytes. By sendfile(),
 * because AF_UNIX up to Linux 6.4 has room for a page where it has none for bytes. */
static size_t fill(int fd)
{
	ssize_t sent;
	size_t sum = 0;
	off_t at = 0;

	set_nonblocking(fd, true);
	while ((sent = sendfile(fd, file, &at, 1000)) > 0) {
		sum += (size_t)sent;
		at = 0;
	}
	set_nonblocking(fd, false);
	return sum;
}

static void transfer(const char *kind, const char *what, bool full, int flags, int timeout)
{
	struct timeval limit = {.tv_sec = timeout};
	bool tcp = kind[0] == 'T';
	struct parked sender;
	int ends[2];

	if (tcp)
		tcp_pair(ends);
	else
		must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends));
	if (tcp)
		drop_input(ends[SERVER], true);
	set_option(ends[SERVER], SOL_SOCKET, SO_SNDBUF, BUFFER);
	must(setsockopt(ends[SERVER], SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit)));
	offset = 0;
	size = full ? SMALL : LARGE;
	size_t before = full ? fill(ends[SERVER]) : 0;

	count_signal(SIGUSR1, flags);
	park(&sender, send_file, ends[SERVER]);
	pthread_kill(sender.thread, SIGUSR1);
	while (signals_counted() == 0)
		nap();
	if (tcp)
		drop_input(ends[SERVER], false);
	for (char junk; before > 0; before--)
		recv_all(ends[CLIENT], &junk, 1);
	long sent = parked_result(&sender);

	char name[64];

	snprintf(name, sizeof(name), "%s, %s", kind, what);
	if (sent > 0)
		fact_text(name, "%s", sent < (long)size ? "short" : "all");
	else
		fact(sent, "%s", name);
	fact(offset - (sent > 0 ? sent : 0), "offset beyond that");
	must(close(ends[SERVER]));
	fact_text("client recv", "%s", known_to_end(ends[CLIENT], 0, offset));
	must(close(ends[CLIENT]));
}

static void transfers(const char *kind)
{
	file = known_file(LARGE);
	transfer(kind, "something sent", false, 0, 0);
	transfer(kind, "something sent, SA_RESTART", false, SA_RESTART, 0);
	transfer(kind, "nothing sent", true, 0, 0);
	transfer(kind, "nothing sent, SA_RESTART", true, SA_RESTART, 0);
	transfer(kind, "nothing sent, SA_RESTART and SO_SNDTIMEO", true, SA_RESTART, 600);
}

static void scene(void)
{
	transfers("TCP");
}

int main(void)
{
	needs_prompt_handlers();
	transfers("AF_UNIX");
	return over_both_families(scene);
}
