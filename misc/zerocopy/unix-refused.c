/*
 * zerocopy/unix-refused: AF_UNIX has no SO_ZEROCOPY, and there MSG_ZEROCOPY means nothing.
 *
 * The option is for TCP, UDP and a few others; on an AF_UNIX socket of any type it is EOPNOTSUPP.
 * Linux 5.10 lets an error of the kernel's own slip out, 524, which no C library has a name for. A
 * send() with the flag is an ordinary one there.
 *
 * So a program that serves both kinds of sockets takes any failure of setsockopt() as the answer
 * no, and sends without the flag.
 */
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/must.h"
#include "lib/unix.h"
#include "lib/zerocopy.h"

int main(void)
{
	static const int types[] = {SOCK_STREAM, SOCK_SEQPACKET, SOCK_DGRAM};

	for (int i = 0; i < 3; i++) {
		int ends[2], on = 1;
		char byte = 'x';

		must(socketpair(AF_UNIX, types[i] | SOCK_CLOEXEC, 0, ends));
		fact(setsockopt(ends[0], SOL_SOCKET, SO_ZEROCOPY, &on, sizeof(on)),
		     "%s setsockopt(SO_ZEROCOPY)", unix_type(types[i]));
		fact(send(ends[0], &byte, 1, MSG_ZEROCOPY), "%s send with MSG_ZEROCOPY",
		     unix_type(types[i]));
		fact(recv(ends[1], &byte, 1, 0), "%s recv", unix_type(types[i]));
	}
	return 0;
}
