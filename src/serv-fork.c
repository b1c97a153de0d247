/*
 * serv-fork: one child process per client.
 *
 * The parent accepts and forks, the child serves (UNP 5.2, 30.5). Each closes the descriptor that
 * is the other's: if the parent kept the connection open, the client would never see its end.
 *
 * The parent must also take its children back, and several may end behind one SIGCHLD (UNP 5.9).
 * It waits in ppoll() for a client and for signals alike, so no child stays a zombie until the
 * next client comes.
 */
#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include "lib/children.h"
#include "lib/must.h"
#include "lib/server.h"
#include "lib/stop.h"

static void reap(struct children *children)
{
	int status;

	while (children_reap(children, &status) != -1)
		if (status != 0)
			complain("a child: %s; its connection is lost", children_fate(status));
}

int main(int argc, char **argv)
{
	struct server server = server_options(argc, argv, NO_POOL, "One process per client.");
	int listener = server_listen(&server, SOCK_NONBLOCK);
	struct pollfd client = {.fd = listener, .events = POLLIN};
	struct children children = {0};
	unsigned long connections = 0;
	sigset_t outside;

	stop_by_interrupt(&outside, server.grace);
	server_ready(listener);

	while (!stop_requested()) {
		stop_wait(ppoll(&client, 1, NULL, &outside));
		reap(&children);

		int fd = server_accept(listener, 0);

		if (fd == -1)
			continue;
		connections++;
		switch (children_fork(&children, children_slot(&children))) {
		case -1: complain("fork: %s; a client is turned away", errno_name(errno)); break;
		case 0:
			must(close(listener));
			server_serve(&server, fd);
			_exit(0);
		}
		must(close(fd));
	}

	must(close(listener));
	children_stop(&children);
	int lost = children_wait(&children, &outside);

	if (lost > 0)
		complain("%d connections are lost", lost);
	server_report(connections);
	return 0;
}
