/*
 * error/poll-mask-lifecycle: what poll() says of a stream socket from its birth to its end.
 *
 * IN means that recv() would not block, OUT the same of send(), whatever they would say; RDHUP that
 * no more will come, HUP that neither direction is open. A fresh socket is in neither: OUT HUP. A
 * peer's FIN makes it readable (recv() says 0), one's own SHUT_WR changes nothing, and HUP takes
 * both. RDHUP comes only when asked for, HUP always. An AF_UNIX stream and SEQPACKET differ in one
 * thing: there a peer's close() ends both directions at once, while TCP does not know yet that
 * nobody reads.
 *
 * So a program that waits in poll() for a new connection's end must know that HUP also means "not
 * connected yet": ask only for sockets on which connect() was called. And a peer that has shut down
 * for writing must be read to its 0, or IN spins.
 */
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/proc.h"
#include "lib/variants.h"

static void fact_poll_for(int events, const char *when, int fd)
{
	struct pollfd entry = {.fd = fd, .events = (short)events};

	must(poll(&entry, 1, 0));
	fact_text(when, "%s", poll_mask(entry.revents));
}

static void fact_poll(const char *when, int fd)
{
	fact_poll_for(POLLIN | POLLOUT | POLLRDHUP, when, fd);
}

static void connection(int ends[2])
{
	int listener = connected_listener(1);

	ends[0] = connected_socket();
	must(connect_to(ends[0], listener));
	await_poll(listener, POLLIN);
	ends[1] = must(accept4(listener, NULL, NULL, SOCK_CLOEXEC));
	must(close(listener));
}

/* Over TCP a FIN has to arrive first. */
static void await_end(int fd)
{
	if (tcp_played)
		await_hangup(fd);
}

static void end_of(const char *what, int peer_how, int own_how)
{
	int ends[2];

	connection(ends);
	if (peer_how != -1) {
		must(shutdown(ends[1], peer_how));
		await_end(ends[0]);
	}
	if (own_how != -1)
		must(shutdown(ends[0], own_how));
	while (tcp_played && peer_how != -1 && own_how != -1 &&
	       strcmp(tcp_state(ends[0]), "CLOSE") != 0)
		nap(); /* until both FINs are acknowledged */
	fact_poll(what, ends[0]);
	fact_poll_for(0, "the same, asked for nothing", ends[0]);
}

static void scene(void)
{
	char byte;
	int ends[2];

	int listener = connected_listener(1), client = connected_socket();

	fact_poll("fresh", client);
	fact_poll("listener, nobody waits", listener);
	must(connect_to(client, listener));
	await_poll(listener, POLLIN);
	fact_poll("listener, one waits", listener);
	end_of("idle", -1, -1);
	end_of("peer SHUT_WR", SHUT_WR, -1);
	end_of("own SHUT_WR", -1, SHUT_WR);
	end_of("both SHUT_WR", SHUT_WR, SHUT_WR);
	end_of("own SHUT_RD", -1, SHUT_RD);
	end_of("own SHUT_RDWR", -1, SHUT_RDWR);
	connection(ends);
	must(close(ends[1]));
	await_end(ends[0]);
	fact_poll("peer close", ends[0]);
	fact(recv(ends[0], &byte, 1, 0), "recv");
	fact_poll("peer close, 0 was read", ends[0]);
}

int main(void)
{
	return over_connected_types(scene);
}
