/*
 * scm/bad-fd-atomic: one bad descriptor in the list, and nothing is sent.
 *
 * All numbers of the list are looked up before the message is queued. One that is not open fails
 * the call with EBADF wherever it stands, and neither the data nor the good ones before it are
 * sent: the witness, a pipe whose writing end stood first in the list, shows that no reference is
 * left behind. A descriptor opened with O_PATH passes like any other, and is one at the other end,
 * too: it names a file and cannot read it.
 *
 * So after an error a sender still owns all it wanted to send, and may repair its list and send the
 * whole message again. A receiver must not conclude that what it gets can be read or written.
 */
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/cargo.h"
#include "lib/fact.h"
#include "lib/must.h"
#include "lib/proc.h"
#include "lib/scm.h"
#include "lib/variants.h"

static void scene(void)
{
	int via[2], writer, got = -1;
	size_t count = 1;
	char byte;

	unix_pair(via);
	int pipe = witness(&writer);
	int closed = must(dup(writer));
	int fds[3] = {writer, closed, writer};

	must(close(closed));
	int before = open_descriptors();

	fact(send_fds(via[SENDER], "x", 1, fds, 3), "sender, the second closed");
	fds[1] = -1;
	fact(send_fds(via[SENDER], "x", 1, fds, 3), "sender, the second -1");
	fact(recv(via[RECEIVER], &byte, 1, MSG_DONTWAIT), "receiver recv");
	fact(open_descriptors() - before, "descriptors more");
	must(close(writer));
	fact_text("witness, the sender's closed", "%s", witness_says(pipe));

	int path = must(open("/", O_PATH | O_CLOEXEC));

	fact(send_fds(via[SENDER], "x", 1, &path, 1), "sender, O_PATH");
	must_n(recv_fds(via[RECEIVER], &byte, 1, &got, &count, NULL));
	fact((long)count, "receiver descriptors");
	fact_text("receiver F_GETFL", "%s",
		  must(fcntl(got, F_GETFL)) & O_PATH ? "O_PATH" : "other");
	fact(read(got, &byte, 1), "receiver read");
}

int main(void)
{
	return over_unix_types(scene);
}
