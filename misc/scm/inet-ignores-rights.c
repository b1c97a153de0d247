/*
 * scm/inet-ignores-rights: on TCP and UDP descriptors vanish without an error.
 *
 * Only a Unix-domain socket can hand over files. sendmsg() with SCM_RIGHTS on any other kind could
 * fail; Linux does not look at the list at all: the data is sent, and even a number that was never
 * open is no error. The receiver, who has room for descriptors, gets the data alone and no
 * MSG_CTRUNC, for there is nothing that was cut. The sender's pipe, closed after the call, is
 * released at once: no reference was taken.
 *
 * So a program that is given its socket from outside, as by inetd, and means to pass descriptors
 * over it must make sure that it is a Unix-domain socket (getsockname(), or SO_DOMAIN): no error
 * will tell.
 */
#include <sys/socket.h>
#include <unistd.h>

#include "lib/cargo.h"
#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/scm.h"

static void udp_pair(int ends[2])
{
	struct sockaddr_storage address;
	socklen_t length = loopback_address(0, &address);

	for (int i = 0; i < 2; i++) {
		ends[i] = must(socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0));
		must(bind(ends[i], (struct sockaddr *)&address, length));
	}
	must(connect_to(ends[CLIENT], ends[SERVER]));
}

static void play(const char *name, int ends[2])
{
	int writer, reader = witness(&writer), fds[3] = {-1, -1, -1}, flags = MSG_CMSG_CLOEXEC;
	size_t count = 3;
	char text[16];

	long sent =
		fact(send_fds(ends[CLIENT], "pipe", 4, &writer, 1), "%s sendmsg with a pipe", name);

	must(close(writer));
	fact_text("witness", "%s", witness_says(reader));
	if (sent == -1)
		return;
	fact(recv_fds(ends[SERVER], text, sizeof(text), fds, &count, &flags), "%s recvmsg", name);
	fact((long)count, "%s descriptors", name);
	fact_text("msg_flags", "%s", flags & MSG_CTRUNC ? "MSG_CTRUNC" : "none");
	fact(send_fds(ends[CLIENT], "no", 2, fds, 1), "%s sendmsg with -1", name);
	fact(recv(ends[SERVER], text, sizeof(text), 0), "%s recv", name);
}

static void scene(void)
{
	int ends[2];

	tcp_pair(ends);
	play("TCP", ends);
	udp_pair(ends);
	play("UDP", ends);
}

int main(void)
{
	return over_both_families(scene);
}
