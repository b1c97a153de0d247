/*
 * splice/vmsplice-tee: tee() copies references and leaves the source alone; vmsplice() lends
 * memory.
 *
 * tee() puts what is in one pipe into another as well, without taking it out: both readers get the
 * same bytes, each once. vmsplice() puts pages of the process into a pipe, not their contents: what
 * is written to that memory before the reader comes is what the reader gets, also through tee().
 * write() has copied, and does not care.
 *
 * So memory given to vmsplice() is not the process's own until the reader has taken it, and no call
 * tells when that is: send() with MSG_ZEROCOPY does tell.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/uio.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/must.h"

enum { SIZE = 4096 };

static void fact_read(const char *who, int fd)
{
	char bytes[SIZE] = "";
	ssize_t got = must_n(read(fd, bytes, sizeof(bytes)));

	fact_text(who, "%zd bytes of %c", got, bytes[0]);
}

static void fact_held(const char *who, int fd)
{
	int held = 0;

	must(ioctl(fd, FIONREAD, &held));
	fact(held, "%s holds", who);
}

int main(void)
{
	char *page = must_ptr(aligned_alloc(SIZE, SIZE));
	struct iovec iov = {.iov_base = page, .iov_len = SIZE};
	int first[2], second[2];

	must(pipe2(first, O_CLOEXEC));
	must(pipe2(second, O_CLOEXEC));

	memset(page, 'a', SIZE);
	must_n(write(first[1], page, SIZE));
	memset(page, 'b', SIZE);
	fact(tee(first[0], second[1], SIZE, 0), "tee after write");
	fact_held("first pipe", first[0]);
	fact_held("second pipe", second[0]);
	fact_read("first reader", first[0]);
	fact_read("second reader", second[0]);
	fact(tee(first[0], second[1], SIZE, SPLICE_F_NONBLOCK), "tee of an empty pipe");

	memset(page, 'c', SIZE);
	if (fact(vmsplice(first[1], &iov, 1, 0), "vmsplice") == -1)
		return 0;
	fact(tee(first[0], second[1], 100, 0), "tee of 100");
	memset(page, 'd', SIZE);
	fact_read("first reader", first[0]);
	fact_read("second reader", second[0]);

	must(close(first[1]));
	fact(tee(first[0], second[1], SIZE, 0), "tee at the end");
	free(page);
	return 0;
}
