/*
 * splice/udp-odd-pages: pages that meet at odd offsets in one datagram add up to a good checksum.
 *
 * One byte by send() with MSG_MORE announces that more will come, so the kernel sums up each piece
 * itself. Then splice() brings 4096 bytes of a file from offset 1: 4095 of one page and one of the
 * next, in a single call, and the second begins at an odd place in the datagram. The sum of 16-bit
 * words has to be turned for it. Linux 6.5 to 7.1 turned it by where the call began, not the page:
 * the receiver drops such a datagram, and counts it in InCsumErrors.
 *
 * So who puts datagrams together from pages of files looks at that counter, or sends pieces that
 * begin and end with pages.
 */
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/known.h"
#include "lib/must.h"
#include "lib/net.h"

enum { SIZE = 4097 };

static void scene(void)
{
	struct sockaddr_storage address;
	socklen_t length = loopback_address(0, &address);
	int from = must(socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0));
	int to = must(socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0));
	int file = known_file(SIZE), pipes[2];
	char bytes[SIZE + 1] = "";

	must(bind(to, (struct sockaddr *)&address, length));
	must(connect_to(from, to));
	must(pipe2(pipes, O_CLOEXEC));
	must_n(read(file, bytes, 1));
	must_n(splice(file, NULL, pipes[1], NULL, SIZE - 1, 0));
	fact(send(from, bytes, 1, MSG_MORE), "send with MSG_MORE");
	fact(splice(pipes[0], NULL, from, NULL, SIZE - 1, 0), "splice");
	must_n(send(from, "!", 1, 0)); /* what comes last */
	fact(recv(to, bytes, sizeof(bytes), 0), "peer recv, first");
	if (known_mismatch(bytes, SIZE, 0) != -1)
		fact_text("peer recv", "other bytes");
}

int main(void)
{
	return over_both_families(scene);
}
