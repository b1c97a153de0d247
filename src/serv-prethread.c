/*
 * serv-prethread: threads made beforehand, all of which call accept().
 *
 * The design without any hand-over (UNP 30.11, without its lock: Linux wakes one of those that
 * block in accept(), and in turn). The main thread only waits for the end: the listener is
 * shut down then, which every thread sees in accept(), now or when it comes back to it.
 */
#include <stdlib.h>
#include <unistd.h>

#include "lib/must.h"
#include "lib/server.h"
#include "lib/stop.h"
#include "lib/tally.h"
#include "lib/threads.h"

struct worker {
	struct hand hand;
	struct tally *tally;
	const struct server *server;
	int listener;
};

static void *work(void *arg)
{
	struct worker *worker = arg;

	while (!stop_requested()) {
		int fd = server_accept(worker->listener, 0);

		if (fd == -1)
			continue;
		tally_count(worker->tally);
		threads_hold(&worker->hand, fd);
		conn_serve(fd, &worker->server->rules);
		threads_release(&worker->hand);
		must(close(fd));
	}
	threads_leave(&worker->hand);
	return NULL;
}

int main(int argc, char **argv)
{
	struct server server =
		server_options(argc, argv, HAS_POOL, "Threads made beforehand call accept().");
	int listener = server_listen(&server, 0);
	size_t count = (size_t)server.children;
	struct tally *tallies = tally_make(server.children);
	static struct worker *workers; /* for as long as a thread may use it */

	workers = must_ptr(calloc(count, sizeof(*workers)));
	stop_catch(listener, server.grace);
	for (size_t i = 0; i < count; i++) {
		workers[i] = (struct worker){.hand.fd = -1,
					     .tally = &tallies[i],
					     .server = &server,
					     .listener = listener};
		int err = threads_start(&workers[i].hand, work, &workers[i]);

		if (err)
			die("pthread_create: %s", errno_name(err));
	}
	server_ready(listener);

	stop_await(listener);

	int cut = threads_finish();

	if (cut > 0)
		complain("connections cut off, the grace is over: %d", cut);
	tally_report(tallies, server.children, "thread");
	return 0;
}
