/*
 * scm/peek-duplicates: every MSG_PEEK delivers the descriptors once more.
 *
 * A peek leaves the message in the queue and shows all of it, its descriptors included: each call
 * enters the files in the receiver's table again, under new numbers, and the call that takes the
 * message does so for the last time. All are the same open file, which kcmp() tells. The witness, a
 * pipe whose writing end travels, is released only when every one of them is closed.
 *
 * So who peeks with a control buffer must close what comes each time, or leaks a descriptor a peek.
 * Who only wants to look at the data peeks with recv(), which delivers none and takes none away.
 */
#include <errno.h>
#include <linux/kcmp.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/cargo.h"
#include "lib/fact.h"
#include "lib/must.h"
#include "lib/proc.h"
#include "lib/scm.h"
#include "lib/variants.h"

static void scene(void)
{
	static const struct {
		const char *name;
		int flags;
	} calls[] = {{"MSG_PEEK", MSG_PEEK}, {"MSG_PEEK again", MSG_PEEK}, {"0", 0}};
	int via[2], got[3];
	pid_t self = getpid();
	char byte;

	unix_pair(via);
	int pipe = send_witnessed(via[SENDER], "x");
	int before = open_descriptors();

	fact(recv(via[RECEIVER], &byte, 1, MSG_PEEK), "receiver recv with MSG_PEEK");
	fact(open_descriptors() - before, "descriptors opened");
	for (int i = 0; i < 3; i++) {
		int flags = MSG_CMSG_CLOEXEC | calls[i].flags;
		size_t count = 1;

		fact(recv_fds(via[RECEIVER], &byte, 1, &got[i], &count, &flags),
		     "receiver recvmsg with %s", calls[i].name);
		fact(open_descriptors() - before, "descriptors opened");
	}
	for (int i = 1; i < 3; i++)
		if (fact(syscall(SYS_kcmp, self, self, KCMP_FILE, got[0], got[i]), "kernel kcmp") ==
			    -1 &&
		    errno == ENOSYS)
			impossible("no kcmp (CONFIG_KCMP)");
	for (int i = 0; i < 3; i++) {
		must(close(got[i]));
		fact_text("witness", "%s", witness_says(pipe));
	}
}

int main(void)
{
	return over_unix_types(scene);
}
