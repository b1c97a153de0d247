/*
 * serv-reuseport: children made beforehand, each with a listener of its own on the same port.
 *
 * With SO_REUSEPORT several sockets listen at one address and the kernel deals connections out to
 * them by a hash of who connects (socket(7)). No queue is shared and nobody is woken in vain; but
 * who was dealt to a child that is busy waits, though others be idle.
 *
 * The parent makes all listeners before the first child and keeps them: a connection is dealt as
 * soon as its handshake starts, and one that waits in the queue of a listener that is closed is
 * reset. So nobody is lost at the start, nor when a child dies: the queue is there for the child
 * that replaces it.
 */
#include <stdlib.h>
#include <unistd.h>

#include "lib/must.h"
#include "lib/pool.h"
#include "lib/server.h"
#include "lib/stop.h"

static struct server server;
static int *listeners;

static void work(int child, struct tally *tally)
{
	while (!stop_requested()) {
		int fd = server_accept(listeners[child], 0);

		if (fd == -1)
			continue;
		tally_count(tally);
		tally_busy(tally, true);
		server_serve(&server, fd);
		tally_busy(tally, false);
	}
}

int main(int argc, char **argv)
{
	struct pool pool = {.work = work};

	server = server_options(argc, argv, HAS_POOL,
				"Children made beforehand, each with a listener on the same port.");
	listeners = must_ptr(calloc((size_t)server.children, sizeof(*listeners)));
	for (int child = 0; child < server.children; child++)
		listeners[child] = server_listen_shared(&server);
	stop_catch(listeners[0], server.grace);
	pool_start(&pool, server.children);
	server_ready(listeners[0]);

	pool_supervise(&pool, listeners[0]);
	for (int child = 1; child < server.children; child++)
		shutdown(listeners[child], SHUT_RDWR);
	pool_finish(&pool);
	free(listeners);
	return 0;
}
