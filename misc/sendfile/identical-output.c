/*
 * sendfile/identical-output: the peer gets the file, byte for byte, as it does by read and write.
 *
 * Files of 0 and 1 byte, of one byte around a page and around the 64 KiB that the kernel moves at a
 * time, of an odd megabyte and of 64 MiB go to a client: once by read() and send(), once by
 * sendfile(), and some of them to socat too, which knows nothing of us. Every byte that comes out
 * is compared with what the file has at its offset, which tells where a difference begins.
 *
 * So whether a server calls sendfile() or read() and write() is no business of its clients.
 */
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/known.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/proc.h"

enum { PIPE = 256 * 1024 };

static const struct {
	off_t size;
	bool to_socat;
} files[] = {{0, true},      {1, false},    {4095, false}, {4096, false},   {4097, true},
	     {65535, false}, {65536, true}, {65537, true}, {1000003, true}, {64 << 20, true}};

static void by_read(int out, int file, off_t size)
{
	static char buffer[65536];
	ssize_t got;

	(void)size; /* the end of the file tells */
	must_n(lseek(file, 0, SEEK_SET));
	while ((got = must_n(read(file, buffer, sizeof(buffer)))) > 0)
		send_all(out, buffer, (size_t)got);
}

static void by_sendfile(int out, int file, off_t size)
{
	off_t offset = 0;

	do /* once for an empty file, too */
		must_n(sendfile(out, file, &offset, (size_t)(size - offset)));
	while (offset < size);
}

/* Run socat, connected to the listener; returns the pipe that it writes what it receives to. */
static int start_socat(int listener, pid_t *pid)
{
	char peer[64];
	int out[2];

	snprintf(peer, sizeof(peer), "TCP:%s:%d", family == AF_INET6 ? "[::1]" : "127.0.0.1",
		 local_port(listener));
	must(pipe2(out, O_CLOEXEC));
	/* Spares a slow machine a thousand switches; where it is refused, they are made. */
	(void)fcntl(out[0], F_SETPIPE_SZ, PIPE);
	*pid = must_fork();
	if (*pid == 0) {
		must(dup2(out[1], STDOUT_FILENO));
		must(execlp("socat", "socat", "-u", "-b", "262144", peer, "STDOUT", (char *)NULL));
	}
	must(close(out[1]));
	return out[0];
}

static void transfer(int listener, int file, off_t size, bool sendfile_it, bool to_socat)
{
	pid_t sender = must_fork(), socat = 0;

	if (sender == 0) {
		int fd = must(accept4(listener, NULL, NULL, SOCK_CLOEXEC));

		(sendfile_it ? by_sendfile : by_read)(fd, file, size);
		_exit(0);
	}
	int peer = to_socat ? start_socat(listener, &socat) : connect_loopback(listener);
	const char *output = known_to_end(peer, 0, size);
	char name[64];

	snprintf(name, sizeof(name), "%lld by %s to %s", (long long)size,
		 sendfile_it ? "sendfile" : "read", to_socat ? "socat" : "the client");
	fact_text(name, "%s", output);
	must(close(peer)); /* whatever would go on is cut here, and its failure is no news */

	int failed = reap(sender) | (to_socat ? reap(socat) : 0);

	if (failed && strcmp(output, "as the file") == 0)
		die("%s: the sender or socat failed in the end", name);
}

static void scene(void)
{
	int listener = listen_loopback(1);

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		int file = known_file(files[i].size);

		transfer(listener, file, files[i].size, false, false);
		transfer(listener, file, files[i].size, true, false);
		if (files[i].to_socat)
			transfer(listener, file, files[i].size, true, true);
		must(close(file));
	}
}

int main(void)
{
	return over_both_families(scene);
}
