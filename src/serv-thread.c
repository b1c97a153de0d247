/*
 * serv-thread: one thread per client.
 *
 * The main thread accepts and makes a thread, which serves, closes and ends (UNP 26.4, 30.10).
 * Threads share their descriptors, so nothing is closed twice, as it is after fork(); and what a
 * thread needs is handed to it in memory of its own, not in a variable that the next client
 * overwrites.
 */
#include <stdlib.h>
#include <unistd.h>

#include "lib/must.h"
#include "lib/server.h"
#include "lib/stop.h"
#include "lib/threads.h"

struct client {
	struct hand hand;
	const struct rules *rules;
};

static void *work(void *arg)
{
	struct client *client = arg;
	int fd = client->hand.fd;

	conn_serve(fd, client->rules);
	threads_release(&client->hand);
	must(close(fd));
	threads_leave(&client->hand);
	free(client);
	return NULL;
}

static void start(int fd, const struct rules *rules)
{
	struct client *client = must_ptr(malloc(sizeof(*client)));

	*client = (struct client){.hand.fd = fd, .rules = rules};
	int err = threads_start(&client->hand, work, client);

	if (err) {
		complain("pthread_create: %s; a client is turned away", errno_name(err));
		must(close(fd));
		free(client);
	}
}

int main(int argc, char **argv)
{
	struct server server = server_options(argc, argv, NO_POOL, "One thread per client.");
	int listener = server_listen(&server, 0);
	unsigned long connections = 0;

	server_raise_descriptors();
	stop_catch(listener, server.grace);
	server_ready(listener);

	while (!stop_requested()) {
		int fd = server_accept(listener, 0);

		if (fd == -1)
			continue;
		connections++;
		start(fd, &server.rules);
	}

	int cut = threads_finish();

	if (cut > 0)
		complain("connections cut off, the grace is over: %d", cut);
	server_report(connections);
	return 0;
}
