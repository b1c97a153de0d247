/*
 * sendfile/header-coalescing: a header announced by MSG_MORE, or under TCP_CORK, leaves together
 * with the file.
 *
 * A reply of 100 bytes of header and a file of 2500 goes out three times, each on a connection of
 * its own with TCP_NODELAY, so that Nagle's rule has no part in it. Alone the header is a segment
 * (100, 1448, 1052). MSG_MORE says that more is to come: nothing leaves until sendfile() brings it,
 * and the end of the file leaves at once (1448, 1152). TCP_CORK does the same, but holds back
 * the last part until it is cleared. SIOCOUTQNSD (linux/sockios.h) tells what is held; the timers
 * that would push it out after 200 ms are made to wait.
 */
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
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
	int ends[2], file = known_file(SIZE);
	off_t offset = 0;

	tcp_pair(ends);
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

int main(void)
{
	tcp_timers_at_least(60);
	reply("plain", 0, 0);
	reply("MSG_MORE", MSG_MORE, 0);
	reply("TCP_CORK", 0, 1);
	return 0;
}
