/*
 * sendfile/header-coalescing: a header announced by MSG_MORE, or under TCP_CORK, leaves together
 * with the file.
 *
 * A reply is often a short header and then a file, from two calls, and TCP_NODELAY is set for good
 * reasons. Here it is 100 bytes and 2500, in segments of 988, three times. Sent plainly the header
 * is a segment of its own, and the file begins in the next. MSG_MORE on the header's send() keeps
 * it back until sendfile() fills the segment, and the end of the file leaves at once. TCP_CORK
 * around both calls does the same for any number of writes, but the end leaves only when the cork
 * is taken off. SIOCOUTQNSD (linux/sockios.h) tells what is held back; the timers that would push
 * it out after 200 ms are made to wait.
 *
 * So a server that sends headers and files gives MSG_MORE with the header: one flag, and no call
 * more. Whoever forgets to take the cork off again is helped by the kernel after 200 ms, which is
 * to say, has a delay to look for.
 */
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/known.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/timers.h"

enum { HEADER = 100, SIZE = 2500 };

static int unsent(int fd)
{
	int bytes = 0;

	must(ioctl(fd, SIOCOUTQNSD, &bytes));
	return bytes;
}

static void reply(const char *how, int flags, int cork)
{
	char header[HEADER] = "here it comes";
	int ends[2], file = known_file(SIZE), listener = listen_loopback(1);
	off_t offset = 0;

	set_option(listener, IPPROTO_TCP, TCP_MAXSEG, 1000);
	ends[CLIENT] = connect_loopback(listener);
	ends[SERVER] = must(accept4(listener, NULL, NULL, SOCK_CLOEXEC));
	must(close(listener));
	set_option(ends[SERVER], IPPROTO_TCP, TCP_NODELAY, 1);
	set_option(ends[SERVER], IPPROTO_TCP, TCP_CORK, cork);

	must_n(send(ends[SERVER], header, HEADER, flags));
	fact(unsent(ends[SERVER]), "%s, not sent after the header", how);
	fact(sendfile(ends[SERVER], file, &offset, SIZE), "%s, sendfile", how);
	fact(unsent(ends[SERVER]), "%s, not sent after the file", how);
	if (cork) {
		set_option(ends[SERVER], IPPROTO_TCP, TCP_CORK, 0);
		fact(unsent(ends[SERVER]), "%s, not sent after uncorking", how);
	}
	must(close(ends[SERVER]));

	recv_all(ends[CLIENT], header, HEADER);
	fact_text("client recv", "%s", known_to_end(ends[CLIENT], 0, SIZE));
	must(close(ends[CLIENT]));
	must(close(file));
}

static void scene(void)
{
	tcp_timers_at_least(60);
	reply("plain", 0, 0);
	reply("MSG_MORE", MSG_MORE, 0);
	reply("TCP_CORK", 0, 1);
}

int main(void)
{
	return over_both_families(scene);
}
