/*
 * sendfile/aliases-page-cache: what sendfile() queued on a stream is still the file's own pages.
 *
 * sendfile() returns when the pages of the file hang in the socket's queue, and copies none. Who
 * writes to the file before the peer has read changes what the peer reads, over TCP on loopback and
 * on an AF_UNIX stream alike; over a real network, what is repeated after a loss. A truncation to
 * nothing takes the pages away from the file and leaves them as they were: the peer gets the old
 * bytes. One into the middle of a page zeroes the rest of that page, and the peer reads zeros.
 * SOCK_SEQPACKET and SOCK_DGRAM copy, so there a record is what the file was at the call.
 *
 * So leave a file alone that was sent and not acknowledged by the peer's own answer; to publish a
 * new version write another file and rename() it over the old one, as the old pages then stay.
 */
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"

enum { SIZE = 4096, MIDDLE = 1000 };

static void overwrite(int file)
{
	char bytes[SIZE];

	memset(bytes, 'n', sizeof(bytes));
	must_n(pwrite(file, bytes, sizeof(bytes), 0));
}

static void cut_to_nothing(int file)
{
	must(ftruncate(file, 0));
}

static void cut_in_the_middle(int file)
{
	must(ftruncate(file, MIDDLE));
}

static void fact_bytes(const char *name, const char *bytes, size_t size)
{
	int old = 0, new = 0, zero = 0;

	for (size_t i = 0; i < size; i++) {
		old += bytes[i] == 'o';
		new += bytes[i] == 'n';
		zero += bytes[i] == '\0';
	}
	fact_text(name, "%d old, %d new, %d zero", old, new, zero);
}

static void transfer(int ends[2], const char *kind, void (*change)(int file), const char *changed)
{
	char bytes[SIZE], name[64];
	int file = must(memfd_create("page", MFD_CLOEXEC));
	off_t offset = 0;

	memset(bytes, 'o', sizeof(bytes));
	must_n(write(file, bytes, sizeof(bytes)));
	must_n(sendfile(ends[SERVER], file, &offset, SIZE));
	change(file);
	recv_all(ends[CLIENT], bytes, sizeof(bytes));
	snprintf(name, sizeof(name), "%s, %s, peer recv", kind, changed);
	fact_bytes(name, bytes, sizeof(bytes));
	must(close(file));
}

static void transfers(int ends[2], const char *kind)
{
	transfer(ends, kind, overwrite, "overwritten");
	transfer(ends, kind, cut_to_nothing, "truncated to nothing");
	transfer(ends, kind, cut_in_the_middle, "truncated to 1000");
	must(close(ends[CLIENT]));
	must(close(ends[SERVER]));
}

static void scene(void)
{
	int ends[2];

	tcp_pair(ends);
	transfers(ends, "TCP");
}

int main(void)
{
	static const struct {
		int type;
		const char *name;
	} kinds[] = {{SOCK_STREAM, "STREAM"}, {SOCK_SEQPACKET, "SEQPACKET"}, {SOCK_DGRAM, "DGRAM"}};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		int ends[2];

		must(socketpair(AF_UNIX, kinds[i].type | SOCK_CLOEXEC, 0, ends));
		transfers(ends, kinds[i].name);
	}
	return over_both_families(scene);
}
