/*
 * close/disconnect-while-blocked: connect() to AF_UNSPEC ends a recv() that blocks in a thread.
 *
 * A thread is seen asleep in recv(); then another dissolves the connection, as in
 * rst/connect-unspec-aborts. That returns 0, the peer is reset, and the recv() ends with an error.
 * Kernels of 2023 refused it (EBUSY), to be safe from a thread that goes on with a socket which has
 * become another; 5.10 and 5.15 still do.
 *
 * So it works across threads, as close() does not (a recv() that blocks keeps the connection open):
 * but so does shutdown(SHUT_RDWR), which ends it in good order and is portable.
 */
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/parked.h"
#include "lib/proc.h"

static long call_recv(int fd)
{
	char byte;

	return recv(fd, &byte, 1, 0);
}

static void scene(void)
{
	const struct sockaddr unspec = {.sa_family = AF_UNSPEC};
	struct parked reader;
	int ends[2];
	char byte;

	tcp_pair(ends);
	park(&reader, call_recv, ends[SERVER]);

	if (fact(connect(ends[SERVER], &unspec, sizeof(unspec)), "server connect to AF_UNSPEC") ==
	    -1)
		must(shutdown(ends[SERVER], SHUT_RDWR)); /* let the recv() end */
	fact(parked_result(&reader), "server recv that blocked");
	while (strcmp(tcp_state(ends[SERVER]), "FIN_WAIT1") == 0) /* where there was a shutdown() */
		nap();
	fact_text("server state", "%s", tcp_state(ends[SERVER]));
	fact(recv(ends[CLIENT], &byte, 1, 0), "client recv");
	fact(recv(ends[CLIENT], &byte, 1, 0), "client recv again");
}

int main(void)
{
	return over_both_families(scene);
}
