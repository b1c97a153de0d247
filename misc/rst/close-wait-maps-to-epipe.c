/*
 * rst/close-wait-maps-to-epipe: a RST that comes after a FIN is EPIPE, not ECONNRESET.
 *
 * Once the peer's FIN has arrived (CLOSE_WAIT) no data of its can be lost any more; what a RST
 * then breaks is the other direction, as if the reader of a pipe had gone. tcp_reset() in the
 * kernel chooses the error by the state: EPIPE here, ECONNRESET in every other state of a
 * connection. Reading never tells, it goes on with end of file; poll() does, and the first call
 * that writes, and since it is EPIPE that one raises SIGPIPE at once.
 *
 * So a server that has read end of file and is still sending its answer gets EPIPE and SIGPIPE
 * without an ECONNRESET before it: code that treats only ECONNRESET as "the client has gone" is
 * wrong, and so is one that counts on the first error to come without a signal.
 */
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/proc.h"

/* A connection whose peer has sent FIN, and then RST. */
static int reset_in_close_wait(void)
{
	int ends[2];

	tcp_pair(ends);
	must(shutdown(ends[SERVER], SHUT_WR));
	await_hangup(ends[CLIENT]);
	fact_text("client state", "%s", tcp_state(ends[CLIENT]));
	set_linger_zero(ends[SERVER]);
	must(close(ends[SERVER]));
	await_tcp_sockets(local_port(ends[CLIENT]), TCP_CLOSE_WAIT, 0);
	fact_text("client state", "%s", tcp_state(ends[CLIENT]));
	return ends[CLIENT];
}

static void scene(void)
{
	const int all = POLLIN | POLLOUT | POLLRDHUP;
	char byte;
	int fd;

	count_signal(SIGPIPE, 0);

	fd = reset_in_close_wait();
	fact_text("client poll", "%s", poll_mask(await_poll(fd, all)));
	fact(recv(fd, &byte, 1, 0), "client recv");
	fact(recv(fd, &byte, 1, 0), "client recv again");
	fact_errno("client SO_ERROR", get_option(fd, SOL_SOCKET, SO_ERROR));
	fact_errno("client SO_ERROR again", get_option(fd, SOL_SOCKET, SO_ERROR));
	fact_text("client poll", "%s", poll_mask(await_poll(fd, all)));
	fact(recv(fd, &byte, 1, 0), "client recv");
	must(close(fd));

	fd = reset_in_close_wait();
	fact(send(fd, "x", 1, 0), "client send");
	fact(signals_counted(), "client SIGPIPEs");
	fact_errno("client SO_ERROR", get_option(fd, SOL_SOCKET, SO_ERROR));
	fact(send(fd, "x", 1, 0), "client send again");
	fact(signals_counted(), "client SIGPIPEs");
}

int main(void)
{
	return over_both_families(scene);
}
