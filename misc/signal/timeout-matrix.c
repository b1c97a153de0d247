/*
 * signal/timeout-matrix: what a call says that cannot go on: EAGAIN, but connect() EINPROGRESS.
 *
 * recv(), send(), accept() and connect() have nothing to do here, and are told not to wait, or only
 * for a millisecond, in each of the ways there are. O_NONBLOCK, MSG_DONTWAIT where there are flags,
 * and SO_RCVTIMEO or SO_SNDTIMEO all end in EAGAIN: who looks cannot tell a timeout from an empty
 * queue. connect() says EINPROGRESS at once, and after its time as well, and the connection is
 * still being made; a second one EALREADY. accept() goes by SO_RCVTIMEO, connect() by SO_SNDTIMEO.
 *
 * So a timeout set by SO_RCVTIMEO has to be recognised as EAGAIN, not as ETIMEDOUT, which is the
 * network's; and a connect() that timed out must be closed or waited for, not called again.
 */
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"

enum how { NONBLOCK, DONTWAIT, TIMED };
static const char *const ways[] = {"O_NONBLOCK", "MSG_DONTWAIT", "a timeout"};

static void prepare(int fd, enum how how)
{
	static const int options[] = {SO_RCVTIMEO, SO_SNDTIMEO};
	struct timeval limit = {.tv_usec = 1000};

	if (how == NONBLOCK)
		set_nonblocking(fd, true);
	for (int i = 0; i < 2 && how == TIMED; i++)
		must(setsockopt(fd, SOL_SOCKET, options[i], &limit, sizeof(limit)));
}

static void play(enum how how)
{
	int ends[2], pair[2], listener = listen_loopback(1),
			      flags = how == DONTWAIT ? MSG_DONTWAIT : 0;
	static char much[4096];

	tcp_pair(ends);
	prepare(ends[CLIENT], how);
	fact(recv(ends[CLIENT], much, 1, flags), "%s: TCP recv", ways[how]);
	must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair));
	prepare(pair[0], how);
	fact(recv(pair[0], much, 1, flags), "%s: AF_UNIX recv", ways[how]);
	while (send(pair[0], much, sizeof(much), MSG_DONTWAIT) > 0)
		;
	fact(send(pair[0], much, sizeof(much), flags), "%s: AF_UNIX send", ways[how]);
	if (how == DONTWAIT)
		return; /* the others have no flags */
	prepare(listener, how);
	fact(accept(listener, NULL, NULL), "%s: accept", ways[how]);

	int lost = must(socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));

	drop_input(listener, true); /* of the SYN, too */
	prepare(lost, how);
	fact(connect_to(lost, listener), "%s: connect", ways[how]);
	fact_text("its state", "%s", tcp_state(lost));
	fact(connect_to(lost, listener), "%s: connect again", ways[how]);
}

static void scene(void)
{
	play(NONBLOCK);
	play(DONTWAIT);
	play(TIMED);
}

int main(void)
{
	return over_both_families(scene);
}
