/*
 * sigpipe/second-operation: after the reset was reported once, every send is EPIPE and SIGPIPE,
 * every recv the end of file, and nothing leaves the host.
 *
 * The RST is seen to have arrived, and one recv() takes ECONNRESET; what follows are second
 * operations. SIGPIPE, one for each call, even for a write() of no bytes, is caught and counted, so
 * that the process lives to make them all. The capture ends with the RST because nothing follows:
 * the socket knows that there is no connection and does not ask the network.
 *
 * So a server ignores SIGPIPE in main(), or sends with MSG_NOSIGNAL where the signal is not its own
 * to set, as in a library: it exists for programs in a pipeline that do not look at what write()
 * returns, and ends without a word one that does. ECONNRESET and EPIPE mean the same, the end of
 * this connection; which of them comes depends on who asked before.
 */
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/net.h"
#include "lib/proc.h"

static void scene(void)
{
	char byte;
	int fd = reset_by_peer();

	count_signal(SIGPIPE, 0);
	fact(recv(fd, &byte, 1, 0), "recv");
	fact(signals_counted(), "SIGPIPE by recv");

	fact(send(fd, "x", 1, 0), "send");
	fact(signals_counted(), "SIGPIPE by send");
	fact(write(fd, "x", 1), "write");
	fact(signals_counted(), "SIGPIPE by write");
	fact(write(fd, "", 0), "write of 0 bytes");
	fact(signals_counted(), "SIGPIPE by write of 0 bytes");
	fact(send(fd, "x", 1, MSG_NOSIGNAL), "send MSG_NOSIGNAL");
	fact(signals_counted(), "SIGPIPE by send MSG_NOSIGNAL");

	fact(recv(fd, &byte, 1, 0), "recv again");
	fact(recv(fd, &byte, 1, 0), "recv and again");
}

int main(void)
{
	return over_both_families(scene);
}
