/*
 * accept/fd-flags-not-inherited: an accepted descriptor has the flags accept4() is given, no other.
 *
 * The listener has O_NONBLOCK, O_ASYNC and FD_CLOEXEC set. accept() hands out a socket without any
 * of them: on Linux flags belong to the descriptor and its open file description, and the new
 * connection gets new ones, while on BSD the first two pass on. accept4() sets exactly what its
 * flags say and refuses every other bit with EINVAL before it takes a connection: the one that
 * waited is there afterwards. What belongs to the socket itself passes on:
 * accept/socket-options-inherited.
 *
 * So a program that relies on either way is wrong somewhere: call accept4() with SOCK_NONBLOCK and
 * SOCK_CLOEXEC, and say what is wanted. A non-blocking listener does not make non-blocking
 * connections; the first slow client shows it.
 */
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"

static void tell_flags(const char *who, int fd)
{
	int status = must(fcntl(fd, F_GETFL)), descriptor = must(fcntl(fd, F_GETFD));

	fact_text(who, "%s, %s, %s", status & O_NONBLOCK ? "O_NONBLOCK" : "blocking",
		  status & O_ASYNC ? "O_ASYNC" : "no signal",
		  descriptor & FD_CLOEXEC ? "FD_CLOEXEC" : "kept on exec");
}

/* `flags` of -1 means accept(). */
static void take_one(const char *fact_name, int listener, int flags)
{
	int client = connect_loopback(listener);

	await_poll(listener, POLLIN); /* connect() may return before the listener knows */
	int fd = must(flags == -1 ? accept(listener, NULL, NULL)
				  : accept4(listener, NULL, NULL, flags));

	tell_flags(fact_name, fd);
	must(close(fd));
	must(close(client));
}

static void scene(void)
{
	int listener = listen_loopback(1);

	set_nonblocking(listener, true);
	must(fcntl(listener, F_SETFL, must(fcntl(listener, F_GETFL)) | O_ASYNC));
	tell_flags("listener", listener);

	take_one("accept", listener, -1);
	take_one("accept4 0", listener, 0);
	take_one("accept4 SOCK_NONBLOCK", listener, SOCK_NONBLOCK);
	take_one("accept4 SOCK_CLOEXEC", listener, SOCK_CLOEXEC);
	take_one("accept4 both", listener, SOCK_NONBLOCK | SOCK_CLOEXEC);

	int client = connect_loopback(listener);

	await_poll(listener, POLLIN);
	fact(accept4(listener, NULL, NULL, SOCK_STREAM), "accept4 SOCK_STREAM");
	fact(accept4(listener, NULL, NULL, O_ASYNC), "accept4 O_ASYNC");
	fact(accept4(listener, NULL, NULL, MSG_DONTWAIT), "accept4 MSG_DONTWAIT");
	fact(accept4(listener, NULL, NULL, SOCK_CLOEXEC | 1 << 30),
	     "accept4 SOCK_CLOEXEC and more");
	fact(accept(listener, NULL, NULL) == -1 ? -1 : 0, "accept afterwards");
	must(close(client));
}

int main(void)
{
	return over_both_families(scene);
}
