/*
 * sendfile - send a file to everybody who connects, by sendfile() or by read() and write().
 *
 * The bytes are the same. read() and write() copy each of them into this process and out again, two
 * calls a buffer; sendfile() lets the kernel hand the file's pages to the socket, and on a socket
 * that blocks one call does all (sendfile(2)). One client after the other; what was done is told
 * at the end.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/must.h"
#include "lib/net.h"
#include "lib/proc.h"
#include "lib/server.h"
#include "lib/stop.h"

static unsigned long connections, calls;
static unsigned long long bytes;

static ssize_t by_sendfile(int fd, int file, off_t *offset, size_t count)
{
	calls++;
	return sendfile(fd, file, offset, count);
}

/* The same contract: at most `count` bytes, *offset advanced by what was sent. */
static ssize_t by_read_and_write(int fd, int file, off_t *offset, size_t count)
{
	static char buffer[65536];

	calls += 2;
	ssize_t got = pread(file, buffer, count < sizeof(buffer) ? count : sizeof(buffer), *offset);
	ssize_t sent = got > 0 ? write(fd, buffer, (size_t)got) : got;

	if (sent > 0)
		*offset += sent;
	return sent;
}

static void send_file(int fd, int file, bool by_read)
{
	char request[256];
	struct stat stat;
	off_t offset = 0;

	must(fstat(file, &stat));
	/* Not until 0: asked for more than there is, old kernels hold the end back (docs). */
	while (offset < stat.st_size) {
		size_t rest = (size_t)(stat.st_size - offset);
		ssize_t sent = by_read ? by_read_and_write(fd, file, &offset, rest)
				       : by_sendfile(fd, file, &offset, rest);

		if (sent == -1 && errno == EINTR)
			continue;
		if (sent <= 0) {
			complain("after %lld bytes: %s", (long long)offset,
				 sent == 0 ? "the file has become shorter" : errno_name(errno));
			break;
		}
		bytes += (unsigned long long)sent;
	}
	/* What a client said and nobody read would turn close() into a reset, which may overtake
	 * the file: read it away, until the client ends its side. */
	shutdown(fd, SHUT_WR);
	while (offset == stat.st_size && recv(fd, request, sizeof(request), 0) > 0)
		;
}

int main(int argc, char **argv)
{
	struct server server = {.backlog = SOMAXCONN, .grace = 10, .rules = {.patience = 60}};
	const char *address = "127.0.0.1", *port = "2000";
	bool by_read = false;

	opterr = 0;
	for (int option; (option = getopt(argc, argv, ":hi:p:r")) != -1;) {
		switch (option) {
		case 'h':
			puts("usage: sendfile [-r] [-i ADDRESS] [-p PORT] FILE\n"
			     "Send FILE to everybody who connects.\n\n"
			     "  -r          by read() and write() instead of sendfile()\n"
			     "  -i ADDRESS  listen at this address or name (127.0.0.1)\n"
			     "  -p PORT     listen at this port (2000); 0: the kernel chooses\n"
			     "  -h          print this");
			return 0;
		case 'i': address = optarg; break;
		case 'p':
			parse_number(optarg, 0, 65535, "-p");
			port = optarg;
			break;
		case 'r': by_read = true; break;
		case ':': usage_error("-%c needs a value", optopt);
		default: usage_error("no option -%c, see -h", optopt);
		}
	}
	if (optind != argc - 1)
		usage_error("one FILE is needed, see -h");
	int file = open(argv[optind], O_RDONLY | O_CLOEXEC);

	if (file == -1)
		die("%s: %s", argv[optind], errno_name(errno));
	server.address_length = resolve(address, port, &server.address);
	int listener = server_listen(&server, 0);

	on_signal(SIGPIPE, SIG_IGN, 0); /* sendfile() has no MSG_NOSIGNAL */
	stop_catch(listener, server.grace);
	server_ready(listener);
	while (!stop_requested()) {
		int fd = server_accept(listener, 0);

		if (fd == -1)
			continue;
		connections++;
		stop_guard(fd);
		send_file(fd, file, by_read);
		stop_release();
		must(close(fd));
	}
	server_report(connections);
	printf("bytes: %llu\ncalls: %lu\n", bytes, calls);
	return 0;
}
