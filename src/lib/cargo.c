#include "cargo.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fact.h"
#include "must.h"
#include "scm.h"

enum { DIGITS = 8 };

int numbered_file(int number)
{
	int fd = must(memfd_create("numbered", MFD_CLOEXEC));

	if (dprintf(fd, "%d", number) < 0)
		die("dprintf: %s", errno_name(errno));
	return fd;
}

const char *numbers_of(const int *fds, size_t count)
{
	static char text[SCM_ROOM * DIGITS];
	size_t length = 0;

	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			text[length++] = ' ';
		/* The position came along, at the end: pread() does not mind. */
		ssize_t digits = pread(fds[i], text + length, DIGITS - 2, 0);

		if (digits == -1 && errno == ESPIPE)
			digits = sprintf(text + length, "pipe");
		length += (size_t)must_n(digits);
	}
	text[length] = '\0';
	return count > 0 ? text : "none";
}

void send_numbered(int via, const char *data, int number)
{
	int fd = numbered_file(number);

	must_n(send_fds(via, data, strlen(data), &fd, 1));
	must(close(fd));
}

int witness(int *writer)
{
	int ends[2];

	must(pipe2(ends, O_CLOEXEC | O_NONBLOCK));
	*writer = ends[1];
	return ends[0];
}

const char *witness_says(int reader)
{
	char byte;
	ssize_t got = read(reader, &byte, 1);

	if (got == -1 && errno != EAGAIN)
		die("read: %s", errno_name(errno));
	return got == 0 ? "released" : "held";
}

int send_witnessed(int via, const char *data)
{
	int writer, reader = witness(&writer);

	must_n(send_fds(via, data, strlen(data), &writer, 1));
	must(close(writer));
	return reader;
}

void need_queue_released(void)
{
	int via[2];

	must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, via));
	int reader = send_witnessed(via[0], "x");

	must(close(via[1]));
	if (witness_says(reader)[0] == 'h')
		impossible("what lies in the queue of a closed socket is kept for its sender");
	must(close(reader));
	must(close(via[0]));
}

void close_all(const int *fds, size_t count)
{
	while (count > 0)
		must(close(fds[--count]));
}

void fact_received(int via, size_t size, int flags, const char *name)
{
	char data[256];
	int fds[SCM_ROOM];
	size_t count = SCM_ROOM;

	if (size >= sizeof(data))
		die("no room for a text of %zu", size);
	flags |= MSG_CMSG_CLOEXEC | MSG_DONTWAIT;

	ssize_t got = recv_fds(via, data, size, fds, &count, &flags);

	if (got == -1) {
		fact(got, "%s", name);
		return;
	}
	data[got] = '\0';
	fact_text(name, "%s with %s%s%s", got > 0 ? data : "nothing", numbers_of(fds, count),
		  flags & MSG_TRUNC ? ", MSG_TRUNC" : "", flags & MSG_CTRUNC ? ", MSG_CTRUNC" : "");
	close_all(fds, count);
}
