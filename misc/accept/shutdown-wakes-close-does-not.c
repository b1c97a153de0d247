/*
 * accept/shutdown-wakes-close-does-not: shutdown() ends an accept() of another thread, close() does
 * not.
 *
 * A thread sleeps in accept(). shutdown() acts on the socket: it ceases to listen, and whoever
 * waits there is woken and told EINVAL. close() acts on the descriptor only: the number is free,
 * but the call that is under way holds the open file, so the socket goes on listening as if nothing
 * had been, lets in one more client, and hands that to the sleeping thread. With its return the
 * last reference goes, and only then the port is closed. FreeBSD wakes the thread with
 * ECONNABORTED.
 *
 * So a thread that blocks in accept() is ended by shutdown() of the listener, not by close(); after
 * close() alone it sleeps until a stray client comes, and serves that. And the number is free at
 * once: by the time accept() returns, the same number may be another file.
 */
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/crew.h"
#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"

static int accepted, accept_errno; /* read after the thread came back */

static void accept_once(struct worker *me)
{
	about_to_block(me);
	accepted = accept4(me->listener, NULL, NULL, SOCK_CLOEXEC);
	accept_errno = errno;
	came_back(me);
	for (;;)
		pause();
}

/* The thread's accept(): 0 for a connection. */
static void tell_accept(const char *name, const struct crew *crew)
{
	while (crew_returned(crew) == 0)
		nap();
	errno = accept_errno;
	fact(accepted == -1 ? -1 : 0, "%s", name);
}

static void scene(void)
{
	int listener = listen_loopback(1);
	struct sockaddr_storage address;
	socklen_t length = sizeof(address);
	struct crew crew;

	crew_start(&crew, 1, THREADS, accept_once, listener);
	fact(shutdown(listener, SHUT_RD), "shutdown");
	tell_accept("thread accept after shutdown", &crew);
	fact(accept4(listener, NULL, NULL, SOCK_CLOEXEC), "another accept");
	must(close(listener));

	listener = listen_loopback(1);
	must(getsockname(listener, (struct sockaddr *)&address, &length));
	crew_start(&crew, 1, THREADS, accept_once, listener);
	fact(close(listener), "close");

	int client = must(socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));

	await_blocked(&crew.workers[0]);
	fact(crew_returned(&crew), "thread accept returned after close");
	fact(connect(client, (struct sockaddr *)&address, length), "client connect");
	tell_accept("thread accept", &crew);

	int late = must(socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));

	fact(connect(late, (struct sockaddr *)&address, length), "next client connect");
}

int main(void)
{
	return over_both_families(scene);
}
