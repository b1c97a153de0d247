/*
 * scm/order-bulk: descriptors arrive in the order in which they were sent, within and across
 * messages.
 *
 * A hundred files, each holding its own number, go out in ten messages; the sender closes its
 * copies at once, so that between the two ends no process has any of them open: the messages
 * themselves keep them. What comes is then read through the descriptors that came.
 *
 * So a protocol need not wait for the receiver before it closes its copies, and may rely on the
 * order to know which descriptor is which.
 */
#include <sys/socket.h>
#include <unistd.h>

#include "lib/cargo.h"
#include "lib/fact.h"
#include "lib/must.h"
#include "lib/proc.h"
#include "lib/scm.h"
#include "lib/variants.h"

enum { MESSAGES = 10, EACH = 10 };

static void scene(void)
{
	int via[2], fds[EACH], before;
	char byte;

	unix_pair(via);
	before = open_descriptors();

	for (int message = 0; message < MESSAGES; message++) {
		for (int i = 0; i < EACH; i++)
			fds[i] = numbered_file(message * EACH + i);
		must_n(send_fds(via[SENDER], "", 1, fds, EACH));
		close_all(fds, EACH);
	}
	fact(open_descriptors() - before, "sender descriptors left, all in flight");

	for (int message = 0; message < MESSAGES; message++) {
		size_t count = EACH;

		must_n(recv_fds(via[RECEIVER], &byte, 1, fds, &count, NULL));
		fact_text("receiver message", "%s", numbers_of(fds, count));
	}
	fact(open_descriptors() - before, "receiver descriptors");
}

int main(void)
{
	return over_unix_types(scene);
}
