/*
 * scm/shut-rd-keeps-queued: shutdown(SHUT_RD) does not throw away what is queued.
 *
 * A TCP connection is in flight, in the queue of a Unix-domain socket, when the receiver shuts down
 * reading. That only stops what would come later: the sender's next call fails with EPIPE. What is
 * queued stays, the connection with it; no FIN is on the wire, and the receiver can still take the
 * descriptor and serve the client. Then, the queue being empty, it reads end of file. A datagram
 * socket has no end of file: its last call finds nothing.
 *
 * The second part asks the same of every type of socket, with a numbered file.
 *
 * So SHUT_RD is no way to get rid of descriptors that somebody has sent: close() the socket, or
 * receive and close them. FreeBSD does free them.
 */
#include <sys/socket.h>
#include <unistd.h>

#include "lib/cargo.h"
#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/scm.h"
#include "lib/variants.h"

static void tcp_scene(void)
{
	int via[2], ends[2], received = -1;
	size_t count = 1;
	char text[16];

	unix_pair(via);
	tcp_pair(ends);
	must_n(send_fds(via[SENDER], "x", 1, &ends[SERVER], 1));
	must(close(ends[SERVER]));
	fact(shutdown(via[RECEIVER], SHUT_RD), "receiver shutdown");
	fact(recv(ends[CLIENT], text, 1, MSG_DONTWAIT), "client recv");
	fact(recv_fds(via[RECEIVER], text, 1, &received, &count, NULL), "receiver recvmsg");
	fact((long)count, "receiver descriptors");
	fact(send(received, "hello", 5, MSG_NOSIGNAL), "receiver send");
	fact(recv(ends[CLIENT], text, sizeof(text), 0), "client recv");
	must(close(received));
	fact(recv(ends[CLIENT], text, sizeof(text), 0), "client recv, receiver closes");
	must(close(ends[CLIENT]));
}

static void unix_scene(void)
{
	int via[2], flags = MSG_CMSG_CLOEXEC | MSG_DONTWAIT;
	int file = numbered_file(2);

	unix_pair(via);
	send_numbered(via[SENDER], "queued", 1);
	must(shutdown(via[RECEIVER], SHUT_RD));
	fact(send_fds(via[SENDER], "late", 4, &file, 1), "sender sendmsg");
	fact_received(via[RECEIVER], 16, flags, "receiver");
	fact_received(via[RECEIVER], 16, flags, "receiver");
}

int main(void)
{
	int status = over_both_families(tcp_scene);

	return status ? status : over_unix_types(unix_scene);
}
