/*
 * serv-prefork: children made beforehand, all of which call accept().
 *
 * No fork per client; the children share the listener they inherited and block in accept() on it
 * (UNP 30.6). Linux wakes one of them a connection, the one that has waited longest, so no lock
 * is needed around the call. The parent serves nobody: it replaces children that die.
 */
#include <unistd.h>

#include "lib/pool.h"
#include "lib/server.h"
#include "lib/stop.h"

static struct server server;
static int listener;

static void work(int child, struct tally *tally)
{
	(void)child;
	while (!stop_requested()) {
		int fd = server_accept(listener, 0);

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

	server = server_options(argc, argv, HAS_POOL, "Children made beforehand call accept().");
	listener = server_listen(&server, 0);
	stop_catch(listener, server.grace);
	pool_start(&pool, server.children);
	server_ready(listener);

	pool_supervise(&pool, listener);
	pool_finish(&pool);
	return 0;
}
