/*
 * scm/order-bulk: descriptors arrive in the order in which they were sent, within and across
 * messages.
 *
 * A hundred files, each holding its own number, go out in ten messages; the sender closes its
 * copies at once, so that between the two ends no process has any of them open: the messages
 * themselves keep them. What comes is then read through the descriptors that came.
 */
#include <stdio.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/must.h"
#include "lib/proc.h"
#include "lib/scm.h"

enum { MESSAGES = 10, EACH = 10 };

static int numbered_file(int number)
{
	int fd = must(memfd_create("numbered", MFD_CLOEXEC));

	dprintf(fd, "%d", number);
	return fd;
}

int main(void)
{
	int via[2], fds[EACH], before;
	char byte;

	must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, via));
	before = open_descriptors();

	for (int message = 0; message < MESSAGES; message++) {
		for (int i = 0; i < EACH; i++)
			fds[i] = numbered_file(message * EACH + i);
		must_n(send_fds(via[0], "", 1, fds, EACH));
		for (int i = 0; i < EACH; i++)
			must(close(fds[i]));
	}
	fact(open_descriptors() - before, "sender descriptors left, all in flight");

	for (int message = 0; message < MESSAGES; message++) {
		char numbers[EACH * 16];
		size_t count = EACH, length = 0;

		must_n(recv_fds(via[1], &byte, 1, fds, &count, NULL));
		for (size_t i = 0; i < count; i++) {
			/* The position came along, at the end: pread() does not mind. */
			length += (size_t)must_n(pread(fds[i], numbers + length, 15, 0));
			numbers[length++] = ' ';
		}
		numbers[length ? length - 1 : 0] = '\0';
		fact_text("receiver message", "%s", numbers);
	}
	fact(open_descriptors() - before, "receiver descriptors");
	return 0;
}
