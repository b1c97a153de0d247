/*
 * serv-fork: one process per client.
 *
 * The parent accepts and forks, the child serves (UNP 5.2, 30.5). Each closes the descriptor that
 * is the other's: if the parent kept the connection open, the client would never see its end.
 *
 * The parent also takes its children back, and several may have ended behind one SIGCHLD (UNP
 * 5.9). It waits for a client and for that signal in one poll(), which misses neither, so that
 * nobody stays a zombie until the next client comes.
 */
#include <errno.h>
#include <unistd.h>

#include "lib/children.h"
#include "lib/must.h"
#include "lib/server.h"
#include "lib/stop.h"

static void tell_loss(int status)
{
	if (status != 0)
		complain("a child: %s; the connection it served is gone", children_fate(status));
}

int main(int argc, char **argv)
{
	struct server server = server_options(argc, argv, NO_POOL, "One process per client.");
	int listener = server_listen(&server, SOCK_NONBLOCK), status;
	struct pollfd entries[2] = {{.fd = listener, .events = POLLIN}}; /* and children that end */
	struct children children = {0};
	unsigned long connections = 0;

	stop_catch(listener, server.grace);
	children_watch();
	server_ready(listener);

	while (!stop_requested()) {
		children_poll(entries, 2, -1);
		while (entries[1].revents && children_reap(&children, &status) != -1)
			tell_loss(status);

		int fd = entries[0].revents ? server_accept(listener, 0) : -1;

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

	children_stop(&children);
	while (children_await(&children, &status) != -1)
		tell_loss(status);
	server_report(connections);
	return 0;
}
