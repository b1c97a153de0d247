/*
 * rst/linger-zero-last-reference: only the close() of the last descriptor aborts a connection.
 *
 * The linger time belongs to the socket, and so does the connection; a descriptor is one of several
 * references to it, as dup() and fork() make them. Here the server closes its descriptor, then the
 * one that dup() had made, while a child still holds a third. After each close() nothing is sent,
 * and whoever still has a descriptor goes on using the connection: the byte on the wire shows it.
 * When the child closes, too, RST is sent.
 *
 * So a server that forks aborts nothing by closing its own copy, whatever the linger time; and one
 * that wants the peer to know at once, without regard to who else holds the socket, must call
 * shutdown(), which acts on the connection itself (and sends FIN, not RST).
 */
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/proc.h"

static void scene(void)
{
	int ends[2], copy;
	struct gate go_on, done;
	char byte;
	pid_t child;

	tcp_pair(ends);
	set_linger_zero(ends[SERVER]);

	long resets = counted("Tcp", "OutRsts");

	copy = must(dup(ends[SERVER]));
	fact(close(ends[SERVER]), "server close");
	fact(send(copy, "1", 1, 0), "server send by the copy");
	fact(recv(ends[CLIENT], &byte, 1, 0), "client recv");

	gate_make(&go_on);
	gate_make(&done);
	child = must_fork();
	if (child == 0) {
		gate_wait(&go_on);
		fact(send(copy, "2", 1, 0), "child send");
		gate_open(&done);
		gate_wait(&go_on);
		fact(close(copy), "child close");
		_exit(0);
	}
	fact(close(copy), "server close of the copy");
	gate_open(&go_on);
	gate_wait(&done);
	fact(recv(ends[CLIENT], &byte, 1, 0), "client recv");
	fact(recv(ends[CLIENT], &byte, 1, MSG_DONTWAIT), "client recv");
	fact_text("client state", "%s", tcp_state(ends[CLIENT]));
	fact_counted("Tcp", "OutRsts", resets);

	gate_open(&go_on);
	reap(child);
	fact(recv(ends[CLIENT], &byte, 1, 0), "client recv");
	fact_counted("Tcp", "OutRsts", resets);
}

int main(void)
{
	return over_both_families(scene);
}
