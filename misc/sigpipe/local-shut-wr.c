/*
 * sigpipe/local-shut-wr: after one's own shutdown(SHUT_WR) the first write is EPIPE and SIGPIPE,
 * for a TCP and for an AF_UNIX stream, by send(), write() and sendfile().
 *
 * No peer takes part: the socket itself knows that it may not send any more, so there is no
 * ECONNRESET to come first.
 */
#include <signal.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/proc.h"

static void write_after_shutdown(const char *who, int fd, int file)
{
	off_t start = 0;

	must(shutdown(fd, SHUT_WR));
	fact(send(fd, "x", 1, 0), "%s send", who);
	fact(signals_counted(), "%s SIGPIPE by send", who);
	fact(write(fd, "x", 1), "%s write", who);
	fact(signals_counted(), "%s SIGPIPE by write", who);
	fact(sendfile(fd, file, &start, 1), "%s sendfile", who);
	fact(signals_counted(), "%s SIGPIPE by sendfile", who);
	fact(send(fd, "x", 1, MSG_NOSIGNAL), "%s send MSG_NOSIGNAL", who);
	fact(signals_counted(), "%s SIGPIPE by send MSG_NOSIGNAL", who);
}

int main(void)
{
	int tcp[2], local[2];
	int file = must(memfd_create("one-byte", MFD_CLOEXEC));

	must(ftruncate(file, 1));
	tcp_pair(tcp);
	must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, local));
	count_signal(SIGPIPE, 0);

	write_after_shutdown("tcp", tcp[CLIENT], file);
	write_after_shutdown("unix", local[0], file);
	return 0;
}
