/*
 * scm/shared-description: a received descriptor is another name of the same open file.
 *
 * A file's descriptor goes through a Unix-domain socket, as dup(2) would copy it: what belongs to
 * the open file description (position, status flags) is shared both ways, and kcmp(2) finds one
 * struct file. FD_CLOEXEC belongs to the descriptor: it does not travel, and MSG_CMSG_CLOEXEC is
 * the receiver's way to set it before any other thread can fork and exec: an fcntl() afterwards
 * leaves a gap.
 *
 * So a receiver that sets O_NONBLOCK sets it for the sender, too, and one that reads a file moves
 * the position of all: who needs a description of one's own opens the file again, and who needs a
 * call not to block uses MSG_DONTWAIT.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/kcmp.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/must.h"
#include "lib/scm.h"
#include "lib/variants.h"

static int via[2];

static int pass(int fd, int flags)
{
	size_t count = 1;
	int got = -1;
	char byte;

	must_n(send_fds(via[SENDER], "", 1, &fd, 1));
	must_n(recv_fds(via[RECEIVER], &byte, 1, &got, &count, &flags));
	if (count != 1)
		die("%zu descriptors came", count);
	return got;
}

static const char *closes_on_exec(int fd)
{
	return must(fcntl(fd, F_GETFD)) & FD_CLOEXEC ? "close-on-exec" : "stays open";
}

static void scene(void)
{
	char text[3] = "";

	unix_pair(via);

	int sent = must(memfd_create("shared", MFD_CLOEXEC));

	must_n(write(sent, "0123456789", 10));

	int got = pass(sent, 0);
	pid_t self = getpid();

	if (fact(syscall(SYS_kcmp, self, self, KCMP_FILE, sent, got), "kernel kcmp") == -1 &&
	    errno == ENOSYS)
		impossible("no kcmp (CONFIG_KCMP)");

	must_n(lseek(sent, 4, SEEK_SET));
	fact(lseek(got, 0, SEEK_CUR), "receiver position after the sender's lseek to 4");
	must_n(read(got, text, 2));
	fact_text("receiver read", "%s", text);
	fact(lseek(sent, 0, SEEK_CUR), "sender position after it");

	must(fcntl(sent, F_SETFL, O_APPEND | O_NONBLOCK));
	fact_text("receiver flags after the sender's F_SETFL", "%s",
		  must(fcntl(got, F_GETFL)) & O_NONBLOCK ? "O_NONBLOCK" : "none");
	must(fcntl(got, F_SETFL, 0));
	fact_text("sender flags after the receiver's F_SETFL", "%s",
		  must(fcntl(sent, F_GETFL)) & O_NONBLOCK ? "O_NONBLOCK" : "none");

	fact_text("sender, opened close-on-exec", "%s", closes_on_exec(sent));
	fact_text("receiver, without MSG_CMSG_CLOEXEC", "%s", closes_on_exec(got));
	must(fcntl(sent, F_SETFD, 0));
	fact_text("sender, FD_CLOEXEC cleared", "%s", closes_on_exec(sent));
	fact_text("receiver, with MSG_CMSG_CLOEXEC", "%s",
		  closes_on_exec(pass(sent, MSG_CMSG_CLOEXEC)));
}

int main(void)
{
	return over_unix_types(scene);
}
