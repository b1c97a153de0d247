/*
 * scm/in-flight-limit: who has more descriptors in flight than RLIMIT_NOFILE may not send more.
 *
 * A descriptor in flight occupies nobody's table, so without a limit of its own a process could
 * have any number of files open. The kernel counts, for each user, the descriptors that were sent
 * and not yet received, and refuses a message with ETOOMANYREFS while the count is above the
 * sender's RLIMIT_NOFILE, whose privilege over all is CAP_SYS_RESOURCE or CAP_SYS_ADMIN in the
 * first user namespace. It looks before it adds: with a limit of 64 and messages of ten, seven
 * pass, for sixty in flight are not above it. Receiving one message lets one more through. Plain
 * data always passes.
 *
 * The count is the user's, on the whole machine: another process of the same user, with a socket of
 * its own, is refused at once. So the scene is played by a user that nobody else
 * is, where the probe may become one; where not, others of the same user may have descriptors in
 * flight at any moment, and the scene is played again until it was not disturbed.
 *
 * So a dispatcher that is stuck behind a slow worker gets ETOOMANYREFS rather than EMFILE, and
 * because of what another program of the same user does: treat it like EAGAIN, keep the descriptor
 * and try again later.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/cargo.h"
#include "lib/fact.h"
#include "lib/must.h"
#include "lib/proc.h"
#include "lib/scm.h"
#include "lib/variants.h"

enum { LIMIT = 64, EACH = 10, UNDISTURBED = LIMIT / EACH + 1, ATTEMPTS = 10000 };

/* Send until it is refused; how often it was not, errno set. */
static int send_until_refused(int via, const int *fds)
{
	int sent = 0;

	/* One that is never refused is told as twice as many. */
	while (sent < 2 * UNDISTURBED && send_fds(via, "x", 1, fds, EACH) == 1)
		sent++;
	return sent;
}

static void receive(int via, int messages)
{
	for (int i = 0; i < messages; i++) {
		int fds[EACH];
		size_t count = EACH;
		char byte;

		must_n(recv_fds(via, &byte, 1, fds, &count, NULL));
		close_all(fds, count);
	}
}

/* Another process, over a socket of its own: how often it is not refused. */
static int send_from_another(const int *fds)
{
	pid_t child = must_fork();
	int via[2];

	if (child == 0) {
		unix_pair(via);
		_exit(send_until_refused(via[SENDER], fds));
	}
	return WEXITSTATUS(reap(child));
}

struct outcome {
	int passed, err, elsewhere, after_one, after_all;
	long plain;
};

static struct outcome attempt(const int *fds)
{
	struct outcome seen;
	int via[2];

	unix_pair(via);
	seen.passed = send_until_refused(via[SENDER], fds);
	seen.err = errno;
	seen.elsewhere = send_from_another(fds);
	receive(via[RECEIVER], 1);
	seen.after_one = send_until_refused(via[SENDER], fds);
	receive(via[RECEIVER], seen.passed - 1 + seen.after_one);
	seen.after_all = send_until_refused(via[SENDER], fds);
	seen.plain = send(via[SENDER], "x", 1, MSG_NOSIGNAL);
	must(close(via[SENDER]));
	must(close(via[RECEIVER])); /* and what is in flight with it */
	return seen;
}

static void scene(void)
{
	struct outcome seen;
	int fds[EACH];

	for (int i = 0; i < EACH; i++)
		fds[i] = STDIN_FILENO;
	/* Fails where there is but one user (user_namespaces(7)). */
	uid_t nobody_else = (uid_t)(0x70000000 + getpid());
	bool alone = setresuid(nobody_else, nobody_else, nobody_else) == 0;

	must(setrlimit(RLIMIT_NOFILE, &(struct rlimit){LIMIT, LIMIT}));
	for (int i = 0; i < (alone ? 1 : ATTEMPTS); i++) {
		seen = attempt(fds);
		if (seen.passed == UNDISTURBED && seen.after_one == 1 &&
		    seen.after_all == UNDISTURBED)
			break;
		nap();
	}
	fact(seen.passed, "sender messages of 10 that pass");
	fact_text("sender, the next", "%s", errno_name(seen.err));
	fact(seen.elsewhere, "another process of the user, messages that pass");
	fact(seen.after_one, "sender, after one was received");
	fact(seen.after_all, "sender, after all were received");
	fact(seen.plain, "sender, plain data");
}

int main(void)
{
	return over_unix_types(scene);
}
