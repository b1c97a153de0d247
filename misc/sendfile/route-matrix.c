/*
 * sendfile/route-matrix: from where to where sendfile() moves bytes, and what it says elsewhere.
 *
 * Each source is sent to each destination, 10 bytes of it. The source must be open for reading and
 * have a way to hand out pages, which files and /dev/zero have; pipes and sockets have ways of
 * their own, of which a socket's is taken where the destination is a pipe. The destination must be
 * open for writing, not for appending, and have a way to take pages: sockets of all kinds do, and
 * pipes, files and /dev/null; eventfd and epoll do not. Who may not read or write at all is EBADF,
 * which is asked first; a source at its end is 0 whether or not the destination would take bytes.
 *
 * So sendfile() is for a file to a socket, a pipe or another file; of all else EINVAL is the
 * answer, nothing has moved, and it means: read() and write().
 */
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/cells.h"
#include "lib/fact.h"
#include "lib/family.h"
#include "lib/known.h"
#include "lib/must.h"
#include "lib/net.h"

enum { BYTES = 10 };

/* What is made has room, and bytes to be read, where there is such a thing. */
static int file(int flags)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", known_file(100));
	return must(open(path, flags | O_CLOEXEC));
}

static int file_at_end(int flags)
{
	int fd = file(flags);

	must_n(lseek(fd, 0, SEEK_END));
	return fd;
}

static int device(int flags)
{
	return must(open(flags == O_RDONLY ? "/dev/zero" : "/dev/null", flags | O_CLOEXEC));
}

static int directory(int flags)
{
	return must(open("/", flags | O_DIRECTORY | O_CLOEXEC));
}

static int counter(int value)
{
	return must(eventfd((unsigned)value, EFD_CLOEXEC));
}

static int pipe_end(int end)
{
	int ends[2];

	must(pipe2(ends, O_CLOEXEC));
	must_n(write(ends[1], "0123456789", BYTES));
	return ends[end];
}

static int local(int type)
{
	int ends[2];

	must(socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, ends));
	send_all(ends[1], "0123456789", BYTES);
	return ends[0];
}

static int internet(int type)
{
	struct sockaddr_storage address;
	socklen_t length = loopback_address(0, &address);
	int ends[2] = {must(socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0)),
		       must(socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0))};

	if (type == SOCK_STREAM) {
		tcp_pair(ends);
		send_all(ends[1], "0123456789", BYTES);
		await_poll(ends[0], POLLIN);
		return ends[0];
	}
	must(bind(ends[1], (struct sockaddr *)&address, length));
	must(connect_to(ends[0], ends[1]));
	return ends[0];
}

struct kind {
	const char *name;
	int (*make)(int how);
	int how;
};

static const struct kind sources[] = {{"file", file, O_RDONLY},
				      {"/dev/zero", device, O_RDONLY},
				      {"pipe", pipe_end, 0},
				      {"STREAM", local, SOCK_STREAM},
				      {"TCP", internet, SOCK_STREAM},
				      {"directory", directory, O_RDONLY},
				      {"eventfd", counter, 1},
				      {"file at its end", file_at_end, O_RDONLY},
				      {"O_WRONLY file", file, O_WRONLY}};

static const struct kind targets[] = {{"TCP", internet, SOCK_STREAM},
				      {"UDP", internet, SOCK_DGRAM},
				      {"STREAM", local, SOCK_STREAM},
				      {"SEQPACKET", local, SOCK_SEQPACKET},
				      {"DGRAM", local, SOCK_DGRAM},
				      {"pipe", pipe_end, 1},
				      {"file", file, O_RDWR},
				      {"/dev/null", device, O_WRONLY},
				      {"O_APPEND", file, O_WRONLY | O_APPEND},
				      {"eventfd", counter, 0},
				      {"epoll", epoll_create1, EPOLL_CLOEXEC},
				      {"O_RDONLY", file, O_RDONLY},
				      {"directory", directory, O_RDONLY}};
enum { SOURCES = sizeof(sources) / sizeof(*sources), TARGETS = sizeof(targets) / sizeof(*targets) };

static void play(const struct kind *source)
{
	struct cell cells[TARGETS];

	for (int i = 0; i < TARGETS; i++) {
		int in = source->make(source->how), out = targets[i].make(targets[i].how);

		cells[i] = cell(targets[i].name, result_text(sendfile(out, in, NULL, BYTES)));
		must(close(in));
		must(close(out));
	}
	fact_cells(source->name, "to", cells, TARGETS);
}

static void scene(void)
{
	for (int i = 0; i < SOURCES; i++)
		play(&sources[i]);
}

int main(void)
{
	return over_both_families(scene);
}
