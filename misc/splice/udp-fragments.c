/*
 * splice/udp-fragments: pieces of odd sizes by splice() and MSG_MORE make one whole datagram.
 *
 * 8001 bytes reach a connected UDP socket in pieces of 1, 999, 1001, 4096 and 1904 bytes: the
 * first by send() with MSG_MORE, the others by splice() with SPLICE_F_MORE, the last without. Pages
 * of a file and a copied byte so meet in one datagram, which is larger than the MTU and has a
 * checksum over all of it. The peer gets it once and whole, and no checksum was found wrong.
 *
 * So a datagram can be put together from a header and a part of a file without a copy; until the
 * piece without MSG_MORE has come nothing is sent, and any error on the way drops it all.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/known.h"
#include "lib/must.h"
#include "lib/net.h"

enum { SIZE = 8001 };

static long checksum_errors(void)
{
	char line[128];
	long value = -1;

	if (family == AF_INET)
		return net_counter("Udp", "InCsumErrors");
	FILE *file = must_ptr(fopen("/proc/net/snmp6", "re"));

	while (fgets(line, sizeof(line), file))
		if (strncmp(line, "Udp6InCsumErrors", 16) == 0)
			value = strtol(line + 16, NULL, 10);
	fclose(file);
	return value;
}

static void scene(void)
{
	static const int pieces[] = {999, 1001, 4096, 1904};
	struct sockaddr_storage address;
	socklen_t length = loopback_address(0, &address);
	int from = must(socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0));
	int to = must(socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0));
	int file = known_file(SIZE), pipes[2];
	static char bytes[SIZE + 1];

	must(bind(to, (struct sockaddr *)&address, length));
	must(connect_to(from, to));
	must(pipe2(pipes, O_CLOEXEC));
	must_n(read(file, bytes, 1));
	if (send(from, bytes, 1, MSG_MORE) == -1 && errno == EINVAL)
		impossible("MSG_MORE on UDP: EINVAL");
	for (int i = 0; i < 4; i++) {
		must_n(splice(file, NULL, pipes[1], NULL, (size_t)pieces[i], 0));
		fact(splice(pipes[0], NULL, from, NULL, (size_t)pieces[i],
			    i < 3 ? SPLICE_F_MORE : 0),
		     "splice of %d", pieces[i]);
	}
	must_n(send(from, "!", 1, 0)); /* what comes last */
	ssize_t got = fact(recv(to, bytes, sizeof(bytes), 0), "peer recv");

	fact_text("peer recv", "%s",
		  known_mismatch(bytes, (size_t)got, 0) == -1 ? "as sent" : "other bytes");
	if (got != 1)
		fact(recv(to, bytes, sizeof(bytes), 0), "peer recv again");
	fact(checksum_errors(), "kernel InCsumErrors");
}

int main(void)
{
	return over_both_families(scene);
}
