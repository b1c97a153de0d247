/*
 * sigpipe/second-operation: after the reset was reported once, every send is EPIPE and SIGPIPE,
 * every recv the end of file, and nothing leaves the host.
 *
 * The RST is seen to have arrived, and one recv() takes ECONNRESET; what follows are second
 * operations. SIGPIPE is caught and counted, so that the process lives to make them all; the
 * capture shows that none of them puts a segment on the wire.
 */
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/net.h"
#include "lib/proc.h"

int main(void)
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
	return 0;
}
