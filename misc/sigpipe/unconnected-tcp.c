/*
 * sigpipe/unconnected-tcp: send() on a TCP socket that was never connected is EPIPE and SIGPIPE,
 * not ENOTCONN.
 *
 * POSIX says ENOTCONN; for Linux's TCP a socket without a connection is one whose sending side is
 * shut, be it new or listening. recv() is ENOTCONN there. Unix-domain sockets do as POSIX says in
 * send(), without a signal; in recv() a stream says EINVAL, SEQPACKET ENOTCONN, and DGRAM waits for
 * somebody to write (EAGAIN here, because it may not).
 *
 * So a program that sends on the wrong descriptor, a listener for instance, dies of SIGPIPE, and
 * nothing was ever connected: the cause need not be a peer that went away.
 */
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/proc.h"
#include "lib/unix.h"

static void use(const char *what, int fd)
{
	char byte;

	fact(send(fd, "x", 1, 0), "%s send", what);
	fact(signals_counted(), "%s SIGPIPE by send", what);
	fact(write(fd, "x", 1), "%s write", what);
	fact(signals_counted(), "%s SIGPIPE by write", what);
	fact(send(fd, "x", 1, MSG_NOSIGNAL), "%s send MSG_NOSIGNAL", what);
	fact(signals_counted(), "%s SIGPIPE by send MSG_NOSIGNAL", what);
	fact(recv(fd, &byte, 1, MSG_DONTWAIT), "%s recv", what);
	must(close(fd));
}

static void scene(void)
{
	count_signal(SIGPIPE, 0);
	use("TCP new", must(socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0)));
	use("TCP listening", listen_loopback(1));
}

int main(void)
{
	static const int types[] = {SOCK_STREAM, SOCK_SEQPACKET, SOCK_DGRAM};

	count_signal(SIGPIPE, 0);
	for (int i = 0; i < 3; i++)
		use(unix_type(types[i]), must(socket(AF_UNIX, types[i] | SOCK_CLOEXEC, 0)));
	use("STREAM listening", unix_listener(SOCK_STREAM, 1));
	use("SEQPACKET listening", unix_listener(SOCK_SEQPACKET, 1));
	return over_both_families(scene);
}
