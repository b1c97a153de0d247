/*
 * segment/writev-is-one-segment: what one call gathers leaves in one segment, TCP_NODELAY or not.
 *
 * Three pieces of ten bytes, given to writev() or to sendmsg(), are one segment of thirty: the
 * kernel decides about sending when it has taken all of them. Given to send() one after the other
 * they are three, as TCP_NODELAY asks for.
 *
 * So a message that lies in several buffers needs neither a copy into one nor a cork: writev()
 * sends it whole. It may take less than all of it where the socket is non-blocking; go on from
 * there.
 */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"

static void scene(void)
{
	char pieces[3][10] = {""}, all[30];
	struct iovec parts[3];
	struct msghdr message = {.msg_iov = parts, .msg_iovlen = 3};
	int ends[2];

	for (int i = 0; i < 3; i++)
		parts[i] = (struct iovec){.iov_base = pieces[i], .iov_len = sizeof(pieces[i])};
	tcp_pair(ends);
	set_option(ends[CLIENT], IPPROTO_TCP, TCP_NODELAY, 1);

	fact(writev(ends[CLIENT], parts, 3), "client writev");
	recv_all(ends[SERVER], all, sizeof(all));
	fact(sendmsg(ends[CLIENT], &message, 0), "client sendmsg");
	recv_all(ends[SERVER], all, sizeof(all));
	for (int i = 0; i < 3; i++)
		fact(send(ends[CLIENT], pieces[i], sizeof(pieces[i]), 0), "client send");
	recv_all(ends[SERVER], all, sizeof(all));

	must(close(ends[CLIENT]));
	await_hangup(ends[SERVER]);
	must(close(ends[SERVER]));
}

int main(void)
{
	return over_both_families(scene);
}
