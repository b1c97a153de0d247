/*
 * unix/connect-unspec: connect() to AF_UNSPEC ends a datagram socket's association, and nothing
 * else's.
 *
 * On DGRAM connect() only notes a peer: who may send to this socket, and where send() goes. With
 * AF_UNSPEC the note is crossed out: send() and getpeername() are ENOTCONN, sendto() still works,
 * strangers, who got EPERM, may send again. What the old peer had sent and nobody read is thrown
 * away, so that it is not taken for somebody else's, and a peer that is itself connected here is
 * told: its next call is ECONNRESET, once. On STREAM and SEQPACKET the association is a connection,
 * which ends by close() or shutdown() only: EINVAL, and it lives on (on TCP this call would reset
 * it).
 *
 * So a datagram socket can be used for one peer after the other without a new name; read what is
 * there first.
 */
#include <sys/socket.h>

#include "lib/fact.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/unix.h"

static int dissolve(int fd)
{
	struct sockaddr unspec = {.sa_family = AF_UNSPEC};

	return connect(fd, &unspec, sizeof(unspec));
}

static void dissolve_dgram(void)
{
	struct sockaddr_storage name;
	socklen_t length = sizeof(name);
	char bytes[8];
	int one = unix_bound(SOCK_DGRAM), peer = unix_bound(SOCK_DGRAM);
	int stranger = must(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));

	must(connect_to(one, peer));
	must(connect_to(peer, one));
	fact(connect_to(stranger, one), "DGRAM stranger connect");
	send_all(peer, "unread", 6);
	fact(dissolve(one), "DGRAM connect AF_UNSPEC");
	fact(recv(one, bytes, sizeof(bytes), MSG_DONTWAIT), "DGRAM recv of what was unread");
	fact(send(one, "x", 1, 0), "DGRAM send");
	fact(getpeername(one, (struct sockaddr *)&name, &length), "DGRAM getpeername");
	fact(send(peer, "x", 1, 0), "DGRAM peer send");
	fact(send(peer, "peer", 4, 0), "DGRAM peer send again");
	fact(connect_to(stranger, one), "DGRAM stranger connect again");
	fact(send(stranger, "stranger", 8, 0), "DGRAM stranger send");
	fact(recv(one, bytes, sizeof(bytes), 0), "DGRAM recv");
	fact(recv(one, bytes, sizeof(bytes), 0), "DGRAM recv again");
	must(getsockname(peer, (struct sockaddr *)&name, &(socklen_t){sizeof(name)}));
	fact(dissolve(one), "DGRAM connect AF_UNSPEC again");
}

static void dissolve_connection(int type)
{
	const char *kind = unix_type(type);
	char byte;
	int ends[2];

	must(socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, ends));
	fact(dissolve(ends[0]), "%s connect AF_UNSPEC", kind);
	fact(send(ends[0], "x", 1, 0), "%s send", kind);
	fact(recv(ends[1], &byte, 1, 0), "%s peer recv", kind);
}

int main(void)
{
	dissolve_dgram();
	dissolve_connection(SOCK_STREAM);
	dissolve_connection(SOCK_SEQPACKET);
	return 0;
}
