/*
 * serv-prefork-pass: the parent accepts and passes each connection to a child that is free.
 *
 * Between them is a Unix-domain socket for every child: downwards go descriptors (SCM_RIGHTS),
 * upwards a byte whenever the child is free again (UNP 30.9). While nobody is free the parent does
 * not accept, and clients wait in the backlog. The first that is free is taken, so the children at
 * the front do most of the work.
 *
 * The parent keeps both ends of each channel: a descriptor that a child did not live to take goes
 * to the one that replaces it.
 */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "lib/must.h"
#include "lib/pool.h"
#include "lib/scm.h"
#include "lib/server.h"
#include "lib/stop.h"

enum { PARENT, CHILD };

static struct server server;
static int listener;
static int (*channels)[2]; /* the parent's end and the child's */

static void work(int child, struct tally *tally)
{
	int channel = channels[child][CHILD], fd;
	size_t count = 1;
	char byte;

	/* Free; and then a connection, or the end of the channel: the server stops. */
	while (write(channel, "", 1) == 1 &&
	       must_n(recv_fds(channel, &byte, 1, &fd, &count, NULL)) > 0) {
		tally_busy(tally, true);
		server_serve(&server, fd);
		tally_busy(tally, false);
	}
}

/* entries[0] is the listener's, then one for the channel of each child, then one for children that
 * end. Returns a child that is free when there is a connection for it, else -1. */
static int wait_for_work(struct pool *pool, struct pollfd *entries, bool *is_free)
{
	int first = -1;

	for (int child = server.children - 1; child >= 0; child--)
		if (is_free[child])
			first = child;
	entries[0].events = first == -1 ? 0 : POLLIN;

	pool_poll(pool, entries, server.children + 2);
	for (int child = 0; child < server.children; child++) {
		char bytes[16];

		if (entries[1 + child].revents == 0)
			continue;
		must_n(read(channels[child][PARENT], bytes, sizeof(bytes)));
		is_free[child] = true;
	}
	return entries[0].revents ? first : -1;
}

static void pass(int fd, int child)
{
	must_n(send_fds(channels[child][PARENT], "", 1, &fd, 1));
	must(close(fd)); /* the child has it now, or will */
}

int main(int argc, char **argv)
{
	struct pool pool = {.work = work};

	server = server_options(argc, argv, HAS_POOL, "The parent accepts and passes descriptors.");
	listener = server_listen(&server, SOCK_NONBLOCK);

	size_t count = (size_t)server.children;
	struct pollfd *entries = must_ptr(calloc(count + 2, sizeof(*entries)));
	bool *is_free = must_ptr(calloc(count, sizeof(*is_free)));

	channels = must_ptr(calloc(count, sizeof(*channels)));
	entries[0].fd = listener;
	for (size_t i = 0; i < count; i++) {
		must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, channels[i]));
		entries[1 + i] = (struct pollfd){.fd = channels[i][PARENT], .events = POLLIN};
	}
	stop_catch(listener, server.grace);
	pool_start(&pool, server.children);
	server_ready(listener);

	while (!stop_requested()) {
		int child = wait_for_work(&pool, entries, is_free);
		int fd = child == -1 ? -1 : server_accept(listener, 0);

		if (fd == -1)
			continue;
		tally_count(&pool.tallies[child]);
		is_free[child] = false;
		pass(fd, child);
	}

	/* close() would not do: the children inherited them all. */
	for (size_t i = 0; i < count; i++)
		must(shutdown(channels[i][PARENT], SHUT_RDWR));
	pool_finish(&pool);
	free(entries);
	free(is_free);
	free(channels);
	return 0;
}
