/*
 * sendfile/unix-dgram-records: a file sent to a socket with records is one record.
 *
 * 10000 bytes go in one sendfile() to AF_UNIX sockets of the types SOCK_DGRAM and SOCK_SEQPACKET,
 * and to a UDP socket. How many records the peer receives, and of how many bytes, shows whether the
 * kernel hands the file's pages over at once or one by one: up to Linux 6.4 AF_UNIX made a record
 * of every page (4096, 4096, 1808), and so did UDP over IPv6. UDP over IPv4 knew how to keep a
 * datagram open until the last page has come, and always sent one.
 *
 * So who needs the boundaries reads the file and calls send(); sendfile() makes no promise about
 * records.
 */
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/known.h"
#include "lib/must.h"
#include "lib/net.h"

enum { SIZE = 10000 };

static void transfer(const char *kind, int from, int to)
{
	char bytes[SIZE + 1];
	int file = known_file(SIZE);

	fact(sendfile(from, file, NULL, SIZE), "%s sendfile", kind);
	must_n(send(from, "!", 1, 0)); /* what comes last */
	while (fact(recv(to, bytes, sizeof(bytes), 0), "%s recv", kind) > 1)
		;
	must(close(file));
}

static void scene(void)
{
	struct sockaddr_storage address;
	socklen_t length = loopback_address(0, &address);
	int from = must(socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0));
	int to = must(socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0));

	must(bind(to, (struct sockaddr *)&address, length));
	must(connect_to(from, to));
	transfer("UDP", from, to);
}

int main(void)
{
	int ends[2];

	must(socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, ends));
	transfer("DGRAM", ends[0], ends[1]);
	must(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends));
	transfer("SEQPACKET", ends[0], ends[1]);
	return over_both_families(scene);
}
