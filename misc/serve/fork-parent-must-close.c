/*
 * serve/fork-parent-must-close: the parent's copy of a connection keeps it open after the child.
 *
 * A server that forks for each client has the accepted socket twice, and close() sends FIN only
 * with the last reference. Here the child answers and exits, and the parent keeps its copy: the
 * client has the whole answer and no end, what it sends then is even acknowledged, and only the
 * parent's close() lets it go. A child that calls shutdown() ends the connection whoever else has
 * it open, for that acts on the connection. And with a parent that closed its copy after fork() the
 * child's exit is enough.
 *
 * So close the accepted socket in the parent right after fork(), and the listener in the child.
 * Forgetting the first costs a descriptor a client and leaves every client waiting that reads until
 * end of file.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/proc.h"

static void serve_in_child(const int ends[2], bool shuts)
{
	pid_t child = must_fork();

	if (child == 0) {
		must(close(ends[CLIENT]));
		send_all(ends[SERVER], "bye", 3);
		if (shuts)
			must(shutdown(ends[SERVER], SHUT_WR));
		exit(0);
	}
	if (reap(child) != 0)
		die("the child failed");
}

static void parent_keeps(void)
{
	int ends[2];
	char text[8];

	tcp_pair(ends);
	serve_in_child(ends, false);
	fact(recv(ends[CLIENT], text, sizeof(text), 0), "client recv");
	fact(recv(ends[CLIENT], text, 1, MSG_DONTWAIT), "client recv, the child has exited");
	fact(send(ends[CLIENT], "still?", 6, MSG_NOSIGNAL), "client send");
	recv_all(ends[SERVER], text, 6); /* unread it would make the end a reset */
	must(close(ends[SERVER]));
	fact(recv(ends[CLIENT], text, 1, 0), "client recv, the parent has closed");
	must(close(ends[CLIENT]));
}

static void child_shuts_down(void)
{
	int ends[2];
	char text[8];

	tcp_pair(ends);
	serve_in_child(ends, true);
	recv_all(ends[CLIENT], text, 3);
	fact(recv(ends[CLIENT], text, 1, 0), "client recv after the child's shutdown");
	must(close(ends[CLIENT]));
	must(close(ends[SERVER]));
}

static void parent_closes(void)
{
	int ends[2];
	char text[8];
	struct gate go;

	tcp_pair(ends);
	gate_make(&go);
	pid_t child = must_fork();

	if (child == 0) {
		must(close(ends[CLIENT]));
		gate_wait(&go);
		send_all(ends[SERVER], "bye", 3);
		exit(0);
	}
	must(close(ends[SERVER]));
	fact(recv(ends[CLIENT], text, 1, MSG_DONTWAIT), "client recv, closed in the parent");
	gate_open(&go);
	recv_all(ends[CLIENT], text, 3);
	fact(recv(ends[CLIENT], text, 1, 0), "client recv, the child exits");
	must(close(ends[CLIENT]));
	reap(child);
}

static void scene(void)
{
	parent_keeps();
	child_shuts_down();
	parent_closes();
}

int main(void)
{
	return over_both_families(scene);
}
