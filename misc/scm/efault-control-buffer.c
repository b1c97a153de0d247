/*
 * scm/efault-control-buffer: a control buffer that cannot be written loses descriptors, not data.
 *
 * The kernel hands out descriptors after the data, one by one: take a free number, write it into
 * the buffer, install the file. Where the buffer is a page without write permission the first
 * number cannot be written, so nothing is installed, the files are closed, and recvmsg() returns
 * its bytes with MSG_CTRUNC, not EFAULT. Where the page ends in the middle of the list, those
 * before that point are delivered, and the rest is closed. The witnesses are pipes whose writing
 * ends only the message had.
 *
 * The header is written last. Where it alone cannot be, all descriptors are installed, and nothing
 * tells of them: no header, no MSG_CTRUNC.
 *
 * So EFAULT is no sign that a receiver may rely on; FreeBSD returns it. MSG_CTRUNC says that some
 * are lost, and then no descriptor beyond those that cmsg_len announces is open. A buffer whose
 * header is in a page that cannot be written leaks: keep it in one piece of ordinary memory.
 */
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/cargo.h"
#include "lib/fact.h"
#include "lib/must.h"
#include "lib/proc.h"
#include "lib/scm.h"
#include "lib/variants.h"

enum { SENT = 4 };

/* Receive into a control buffer of which the first `size` bytes can be written, or all but those.
 */
static void receive(const char *name, size_t size, bool first)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	int via[2], witnesses[SENT], writers[SENT], fds[SENT], released = 0;
	char byte;
	char *pages =
		mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (pages == MAP_FAILED)
		die("mmap: %s", errno_name(errno));
	must(mprotect(first ? pages + page : pages, page, PROT_READ));

	struct iovec iov = {.iov_base = &byte, .iov_len = 1};
	struct msghdr message = {.msg_iov = &iov,
				 .msg_iovlen = 1,
				 .msg_control = pages + page - size,
				 .msg_controllen = CMSG_SPACE(SENT * sizeof(int))};

	unix_pair(via);
	for (int i = 0; i < SENT; i++)
		witnesses[i] = witness(&writers[i]);
	must_n(send_fds(via[SENDER], "x", 1, writers, SENT));
	close_all(writers, SENT);

	int before = open_descriptors();

	long got = fact(recvmsg(via[RECEIVER], &message, MSG_CMSG_CLOEXEC), "recvmsg, %s", name);

	fact_text("msg_flags", "%s", message.msg_flags & MSG_CTRUNC ? "MSG_CTRUNC" : "none");

	struct cmsghdr *header = got == -1 ? NULL : CMSG_FIRSTHDR(&message);
	size_t count = header ? (header->cmsg_len - CMSG_LEN(0)) / sizeof(int) : 0;

	fact((long)count, "descriptors announced");
	fact(open_descriptors() - before, "descriptors opened");
	for (int i = 0; i < SENT; i++)
		released += witness_says(witnesses[i])[0] == 'r';
	fact(released, "files released");
	if (header)
		memcpy(fds, CMSG_DATA(header), count * sizeof(int));
	close_all(fds, count);
}

static void scene(void)
{
	receive("nothing writable", 0, true);
	receive("writable up to the third descriptor", CMSG_LEN(2 * sizeof(int)), true);
	receive("all writable but the header", CMSG_LEN(0), false);
}

int main(void)
{
	return over_unix_types(scene);
}
