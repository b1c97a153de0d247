/*
 * close/linger-wait-timeout: a lingering close() waits for the FIN's acknowledgement, at most so
 * long.
 *
 * With SO_LINGER {1, 1} and a client that acknowledges nothing (it drops what comes in) close()
 * returns after a second, and returns 0: that the data has not arrived is no error of its. Nor does
 * the kernel give up then. The connection, which has no descriptor any more, stays in FIN_WAIT1 and
 * goes on repeating data and FIN until the client takes them. In the second connection the linger
 * time is an hour; as soon as the client acknowledges, close() returns.
 *
 * So a lingering close() tells nothing that could be relied on: 0 is both "acknowledged" and "given
 * up", and even an acknowledgement is of the peer's kernel, not of its program. Who must know calls
 * shutdown(SHUT_WR) and reads until end of file, or has the protocol confirm.
 */
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/parked.h"
#include "lib/timers.h"

static long call_close(int fd)
{
	return close(fd);
}

/* A connection whose client drops what comes in, and whose server has sent and will linger. */
static int unacknowledged(int ends[2], int seconds)
{
	tcp_pair(ends);
	set_linger(ends[SERVER], seconds);
	drop_input(ends[CLIENT], true);
	send_all(ends[SERVER], "last", 4);
	return local_port(ends[SERVER]);
}

static void read_all(int client)
{
	char text[5];

	drop_input(client, false);
	fact(recv(client, text, 4, MSG_WAITALL), "client recv");
	fact(recv(client, text, 1, 0), "client recv");
}

static void scene(void)
{
	int ends[2], port = unacknowledged(ends, 1);
	long since = milliseconds();
	struct parked closer;

	fact(close(ends[SERVER]), "server close with 1 s");
	fact_lasted("server close", since, 990);
	fact(tcp_sockets(port, TCP_FIN_WAIT1), "server sockets in FIN_WAIT1");
	read_all(ends[CLIENT]);
	await_tcp_sockets(port, TCP_FIN_WAIT2, 1);
	must(close(ends[CLIENT]));

	port = unacknowledged(ends, 3600);
	park(&closer, call_close, ends[SERVER]);
	fact(tcp_sockets(port, TCP_FIN_WAIT1), "server sockets in FIN_WAIT1");
	read_all(ends[CLIENT]);
	fact(parked_result(&closer), "server close with 3600 s");
	fact(tcp_sockets(port, TCP_FIN_WAIT2), "server sockets in FIN_WAIT2");
	must(close(ends[CLIENT]));
}

int main(void)
{
	return over_both_families(scene);
}
