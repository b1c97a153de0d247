/*
 * sigpipe/data-before-error: what arrived before a reset is read first, then the error, then the
 * end of file.
 *
 * RFC 9293 would have the queues flushed; Linux keeps what it had received, and SIOCINQ counts it.
 * The server resets only once the client's kernel has the five bytes: a zero linger time discards
 * what is still to be sent.
 *
 * So a reader that goes on until recv() says 0 or an error loses nothing that was received; and one
 * that takes the 0 for an orderly end must not have let something else take the error
 * (sigpipe/error-consumed-before-data).
 */
#include <linux/sockios.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"

static void scene(void)
{
	int fd = reset_after("hello"), unread;
	char bytes[5];

	fact_text("poll", "%s", poll_mask(await_hangup(fd)));
	must(ioctl(fd, SIOCINQ, &unread));
	fact(unread, "SIOCINQ");
	fact(recv(fd, bytes, 2, 0), "recv of 2");
	fact(recv(fd, bytes, 5, 0), "recv of 5");
	fact(recv(fd, bytes, 5, 0), "recv again");
	fact(recv(fd, bytes, 5, 0), "recv and again");
}

int main(void)
{
	return over_both_families(scene);
}
