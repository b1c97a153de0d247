/*
 * sigpipe/partial-sendfile-loses-error: a blocked sendfile() that a reset cuts short returns a
 * count, and ECONNRESET is never told: the next call is EPIPE and SIGPIPE.
 *
 * The scene of sigpipe/partial-send-keeps-error with sendfile(). Inside the kernel that is a loop
 * of many sends: the one that blocked returns what it had queued, the next one meets ECONNRESET and
 * takes it away, and the loop, having sent something, returns the count instead. poll() shows HUP
 * without ERR, and SO_ERROR is 0.
 *
 * So after a short sendfile() there is nothing more to learn: a program that uses it must ignore
 * SIGPIPE, for there is no MSG_NOSIGNAL, and must take EPIPE for a reset as well.
 */
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/parked.h"
#include "lib/proc.h"

enum { SIZE = 64 << 20 }; /* more than all buffers hold */
static int file;

static long call_sendfile(int fd)
{
	return sendfile(fd, file, NULL, SIZE);
}

static void scene(void)
{
	struct parked sender;
	int ends[2];

	tcp_pair(ends);
	file = must(memfd_create("zeros", MFD_CLOEXEC));
	must(ftruncate(file, SIZE));
	count_signal(SIGPIPE, 0);
	park(&sender, call_sendfile, ends[CLIENT]);
	set_linger_zero(ends[SERVER]);
	must(close(ends[SERVER]));

	long sent = parked_result(&sender);

	fact_text("blocked sendfile", "%s", sent > 0 && sent < SIZE ? "a part" : "all or nothing");
	fact(signals_counted(), "SIGPIPE by it");
	fact_text("poll", "%s", poll_mask(await_poll(ends[CLIENT], POLLIN | POLLOUT)));
	fact_errno("SO_ERROR", get_option(ends[CLIENT], SOL_SOCKET, SO_ERROR));
	fact(send(ends[CLIENT], "x", 1, 0), "next send");
	fact(signals_counted(), "SIGPIPE by it");
}

int main(void)
{
	return over_both_families(scene);
}
