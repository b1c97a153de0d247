/*
 * scm/rides-first-byte: the descriptors of a long send come once, with its first byte.
 *
 * A megabyte does not fit in the socket's buffer, so a send that does not block takes a part of it
 * and says how much. The kernel cuts that part in pieces, each a buffer of its own, and attaches
 * the descriptors to the first piece only; the rest of the data, sent by a second call without
 * them, carries none. The receiver takes one byte first, and the descriptor with it; whatever comes
 * later has none.
 *
 * So after a short sendmsg() the descriptors are gone with the part that was sent: go on with plain
 * data, or they arrive twice. And a receiver must offer room for them with the first byte of a
 * message, not when it has read the header.
 */
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/cargo.h"
#include "lib/fact.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/scm.h"
#include "lib/variants.h"

enum { MUCH = 1 << 20 };

/* Receive all there is; states how many descriptors came with it. */
static long drain(int via, char *data)
{
	long bytes = 0, descriptors = 0;

	for (;;) {
		int fds[SCM_ROOM], flags = MSG_CMSG_CLOEXEC | MSG_DONTWAIT;
		size_t count = SCM_ROOM;
		ssize_t got = recv_fds(via, data, MUCH, fds, &count, &flags);

		if (got == -1)
			break;
		bytes += got;
		descriptors += (long)count;
		close_all(fds, count);
	}
	fact(descriptors, "receiver descriptors with the rest");
	return bytes;
}

int main(void)
{
	char *data = must_ptr(calloc(1, MUCH));
	int via[2], file = numbered_file(1);

	unix_pair(via);
	set_option(via[SENDER], SOL_SOCKET, SO_SNDBUF, 100000);
	set_nonblocking(via[SENDER], true);
	data[0] = 'A';

	long sent = must_n(send_fds(via[SENDER], data, MUCH, &file, 1));

	fact_text("sender sendmsg of 1048576", "%s", sent < MUCH ? "a part" : "all");
	fact_received(via[RECEIVER], 1, 0, "receiver of the first byte");
	fact_text("receiver bytes", "%s",
		  1 + drain(via[RECEIVER], data) == sent ? "all that were sent" : "others");

	fact_text("sender send of more", "%s",
		  must_n(send(via[SENDER], data, (size_t)(MUCH - sent), 0)) > 0 ? "a part"
										: "none");
	drain(via[RECEIVER], data);
	free(data);
	return 0;
}
