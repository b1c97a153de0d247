/*
 * close/linger-not-at-exit: a process that ends does not wait for its linger time.
 *
 * A child owns the server's end, with an hour to linger and data that the client does not
 * acknowledge. It ends, by _exit() or by SIGKILL, and is reaped at once: descriptors that the
 * kernel closes for a process which is no more are closed without lingering. Data and FIN are sent
 * all the same, and arrive when the client takes them again.
 *
 * So a linger time protects nothing against a program that forgets to close() before it exits; and
 * it needs no protection, for what was sent is delivered in the background
 * (close/background-delivery).
 */
#include <netinet/tcp.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/proc.h"

static void end_owner(const char *how, bool killed)
{
	int ends[2], port, status;
	struct gate gate;
	char text[4];
	pid_t owner;

	tcp_pair(ends);
	port = local_port(ends[SERVER]);
	set_linger(ends[SERVER], 3600);
	drop_input(ends[CLIENT], true);
	send_all(ends[SERVER], "last", 4);

	gate_make(&gate);
	owner = must_fork();
	if (owner == 0) {
		gate_wait(&gate);
		_exit(0);
	}
	must(close(ends[SERVER])); /* not the last: the child has one */
	if (killed)
		must(kill(owner, SIGKILL));
	else
		gate_open(&gate);
	status = reap(owner);
	fact_text("server ended", "%s", WIFSIGNALED(status) ? "by SIGKILL" : "by _exit()");
	fact(tcp_sockets(port, TCP_FIN_WAIT1), "%s: server sockets in FIN_WAIT1", how);

	drop_input(ends[CLIENT], false);
	fact(recv(ends[CLIENT], text, 4, MSG_WAITALL), "%s: client recv", how);
	fact(recv(ends[CLIENT], text, 1, 0), "%s: client recv", how);
	must(close(ends[CLIENT]));
}

static void scene(void)
{
	end_owner("exit", false);
	end_owner("kill", true);
}

int main(void)
{
	return over_both_families(scene);
}
