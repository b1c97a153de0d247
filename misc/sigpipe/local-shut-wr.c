/*
 * sigpipe/local-shut-wr: after one's own shutdown(SHUT_WR) the first write is EPIPE and SIGPIPE,
 * for a TCP and for an AF_UNIX stream, by send(), write() and sendfile().
 *
 * No peer takes part: the socket itself knows that it may not send any more, so there is no
 * ECONNRESET to come first, and nothing was reset. One SIGPIPE comes for each call; with
 * MSG_NOSIGNAL none does.
 *
 * So after SHUT_WR a connection is for reading only, and a stray write kills a program that does
 * not ignore SIGPIPE. sendfile() has no MSG_NOSIGNAL: who uses it has to ignore the signal.
 */
#include <signal.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
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

static void scene(void)
{
	int tcp[2], local[2];
	int file = must(memfd_create("one-byte", MFD_CLOEXEC));

	must(ftruncate(file, 1));
	tcp_pair(tcp);
	must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, local));
	count_signal(SIGPIPE, 0);

	write_after_shutdown("tcp", tcp[CLIENT], file);
	write_after_shutdown("unix", local[0], file);
}

int main(void)
{
	return over_both_families(scene);
}
