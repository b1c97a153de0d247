/*
 * serv-iterative: one client after the other.
 *
 * The baseline of all designs (UNP 30.4): accept, serve to the end, close, and nothing else. Who
 * comes meanwhile waits in the backlog, however long the one being served takes.
 */
#include "lib/server.h"
#include "lib/stop.h"

int main(int argc, char **argv)
{
	struct server server = server_options(argc, argv, NO_POOL, "One client after the other.");
	int listener = server_listen(&server, 0);
	unsigned long connections = 0;

	stop_catch(listener, server.grace);
	server_ready(listener);

	while (!stop_requested()) {
		int fd = server_accept(listener, 0);

		if (fd == -1)
			continue;
		connections++;
		server_serve(&server, fd);
	}
	server_report(connections);
	return 0;
}
