/*
 * scm/io-uring-refused: the descriptor of an io_uring cannot be passed.
 *
 * A ring could hold the socket through which it is sent, by a file registered with it: a circle of
 * references that the collector of Unix-domain sockets cannot see through. After several faults
 * there, the kernel refuses to send a ring at all: EINVAL, and nothing of the message is queued,
 * whether it stands alone in the list or behind a good one.
 *
 * So a ring belongs to the process that made it and to those forked from it. Hand over the files
 * that it works on, and let the other process make its own.
 */
#include <errno.h>
#include <linux/io_uring.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/cargo.h"
#include "lib/fact.h"
#include "lib/must.h"
#include "lib/scm.h"
#include "lib/variants.h"

static void scene(void)
{
	struct io_uring_params parameters = {0};
	int ring = (int)syscall(SYS_io_uring_setup, 1, &parameters), via[2], writer;
	char byte;

	if (ring == -1)
		impossible("io_uring_setup: %s", errno_name(errno));
	unix_pair(via);
	int pipe = witness(&writer);
	int fds[2] = {writer, ring};

	fact(send_fds(via[SENDER], "x", 1, &ring, 1), "sender, a ring");
	fact(send_fds(via[SENDER], "x", 1, fds, 2), "sender, a pipe and a ring");
	fact(recv(via[RECEIVER], &byte, 1, MSG_DONTWAIT), "receiver recv");
	must(close(writer));
	fact_text("witness, the sender's closed", "%s", witness_says(pipe));
}

int main(void)
{
	return over_unix_types(scene);
}
