/*
 * signal/select-fd-limits: the kernel's select() takes descriptors of any number, only fd_set ends
 * at 1024; what is not open is EBADF there, POLLNVAL in poll().
 *
 * FD_SETSIZE is the library's. With a bitmap of one's own, as large as needed, and the call made
 * directly, descriptor 3000 is watched like any other. How many bits count is clipped to the table
 * of descriptors, so a bit far beyond all that were ever open is ignored; a closed one within is
 * EBADF for the whole call. poll() knows no such limit but RLIMIT_NOFILE on the number of entries:
 * one that is negative is skipped, a closed one is told of by itself.
 *
 * So a server that uses select() must refuse connections whose descriptor is 1024 or more: FD_SET()
 * with it writes beyond the set, on the stack. poll() and epoll have no such trap.
 */
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/must.h"

enum { HIGH = 3000, FAR = 100000, WORD = sizeof(long) * CHAR_BIT };

static unsigned long bitmap[FAR / WORD + 1];

static void set_bit(int fd)
{
	bitmap[fd / WORD] |= 1UL << fd % WORD;
}

/* Look once who is readable. */
static long look(int count)
{
	return syscall(SYS_select, count, bitmap, NULL, NULL, &(struct timeval){0});
}

int main(void)
{
	struct pollfd entries[3] = {{.fd = -1, .events = POLLIN}};
	struct rlimit files;
	int ends[2];

	must(getrlimit(RLIMIT_NOFILE, &files));
	if (files.rlim_max <= HIGH)
		impossible("no more than %lu descriptors are allowed",
			   (unsigned long)files.rlim_max);
	files.rlim_cur = HIGH + 1;
	must(setrlimit(RLIMIT_NOFILE, &files));
	must(pipe2(ends, O_CLOEXEC));
	must_n(write(ends[1], "", 1));
	must(dup3(ends[0], HIGH, O_CLOEXEC));

	set_bit(HIGH);
	fact(look(HIGH + 1), "select of descriptor 3000");
	fact(bitmap[HIGH / WORD] == 1UL << HIGH % WORD, "its bit");
	set_bit(FAR);
	fact(look(FAR + 1), "select of a bit far beyond the table");
	fact(bitmap[FAR / WORD] != 0, "its bit");
	bitmap[FAR / WORD] = 0;
	set_bit(HIGH - 1);
	fact(look(HIGH + 1), "select with a closed one");

	entries[1] = (struct pollfd){.fd = HIGH, .events = POLLIN};
	entries[2] = (struct pollfd){.fd = HIGH - 1, .events = POLLIN};
	fact(poll(entries, 3, 0), "poll of -1, 3000 and a closed one");
	fact_text("-1", "%s", poll_mask(entries[0].revents));
	fact_text("3000", "%s", poll_mask(entries[1].revents));
	fact_text("the closed one", "%s", poll_mask(entries[2].revents));

	files.rlim_cur = 2;
	must(setrlimit(RLIMIT_NOFILE, &files));
	fact(poll(entries, 2, 0), "poll of as many as RLIMIT_NOFILE");
	fact(poll(entries, 3, 0), "poll of one more");
	files.rlim_cur = HIGH + 1;
	must(setrlimit(RLIMIT_NOFILE, &files));
	return 0;
}
