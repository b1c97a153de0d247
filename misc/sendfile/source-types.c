/*
 * sendfile/source-types: what sendfile() to a socket takes for its source.
 *
 * The source must have a way to hand out pages, which the kernel calls splice_read. Regular files
 * have it, and so have the attributes in sysfs and the files of /proc that are made to be read this
 * way, though their size says 0 or a page: there the count is what comes. Sockets, pipes,
 * directories, eventfds and others of the kernel's own making are EINVAL, a pipe because it is
 * splice()'s side of the matter. Of devices some have it: /dev/zero since Linux 6.7.
 *
 * So a server that is told what to send uses sendfile() for what fstat() calls a regular file, and
 * turns to read() and write() when it says EINVAL, since no rule tells beforehand.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/sendfile.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/known.h"
#include "lib/must.h"
#include "lib/net.h"

static int target[2];

static void transfer(const char *name, int source)
{
	char bytes[100];
	long sent = fact(sendfile(target[0], source, NULL, 100), "%s", name);

	if (sent > 0)
		recv_all(target[1], bytes, (size_t)sent);
	must(close(source));
}

/* A file whose size says nothing: whether what comes is what read() gives. */
static void transfer_text(const char *path)
{
	char read_bytes[1000], sent_bytes[1000];
	int source = open(path, O_RDONLY | O_CLOEXEC);

	if (source == -1) {
		fact(source, "%s", path);
		return;
	}
	ssize_t got = must_n(read(source, read_bytes, sizeof(read_bytes)));

	must_n(lseek(source, 0, SEEK_SET));
	ssize_t sent = sendfile(target[0], source, NULL, sizeof(read_bytes));

	if (sent <= 0)
		fact(sent, "%s", path);
	else if (sent != got || (recv_all(target[1], sent_bytes, (size_t)got),
				 memcmp(read_bytes, sent_bytes, (size_t)got) != 0))
		fact_text(path, "other bytes than by read()");
	else
		fact_text(path, "as by read()");
	must(close(source));
}

int main(void)
{
	int ends[2];
	sigset_t none;

	must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, target));
	must(sigemptyset(&none));

	transfer("regular file", known_file(100));
	tcp_pair(ends);
	send_all(ends[CLIENT], "there", 5);
	transfer("TCP socket", ends[SERVER]);
	must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends));
	send_all(ends[CLIENT], "there", 5);
	transfer("AF_UNIX socket", ends[SERVER]);
	must(pipe2(ends, O_CLOEXEC));
	must_n(write(ends[1], "there", 5));
	transfer("pipe", ends[0]);
	transfer("directory", must(open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC)));
	transfer("eventfd", must(eventfd(1, EFD_CLOEXEC)));
	transfer("signalfd", must(signalfd(-1, &none, SFD_CLOEXEC | SFD_NONBLOCK)));
	transfer("timerfd", must(timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK)));
	transfer("/dev/zero", must(open("/dev/zero", O_RDONLY | O_CLOEXEC)));
	transfer("/proc/self/status", must(open("/proc/self/status", O_RDONLY | O_CLOEXEC)));
	transfer_text("/proc/version");
	transfer_text("/proc/sys/kernel/ostype");
	transfer_text("/sys/kernel/uevent_seqnum");
	return 0;
}
