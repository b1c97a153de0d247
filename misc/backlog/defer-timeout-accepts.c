/*
 * backlog/defer-timeout-accepts: TCP_DEFER_ACCEPT runs out, and the silent client is accepted.
 *
 * The time is not kept in seconds but in repetitions of the SYN-ACK, which the kernel sends after
 * 1, 3, 7, 15, ... seconds: what is set is rounded up to one of these, and read back so. While it
 * lasts the client's ACK is dropped (backlog/defer-hidden-until-data); at its end the kernel sends
 * the SYN-ACK once more, the client answers with another ACK, and that one is let through. Of a
 * client that has gone meanwhile nobody hears.
 *
 * So TCP_DEFER_ACCEPT delays a silent client, it does not refuse it, and the server still needs a
 * timeout of its own for the first request. After such a delay the first recv() would block: the
 * option is no promise that there is data.
 */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"

static void scene(void)
{
	static const int seconds[] = {1, 2, 3, 4, 5, 7, 8, 100};
	int listener = listen_loopback(1), client, fd;
	char byte;

	for (size_t i = 0; i < sizeof(seconds) / sizeof(seconds[0]); i++) {
		set_option(listener, IPPROTO_TCP, TCP_DEFER_ACCEPT, seconds[i]);
		fact(get_option(listener, IPPROTO_TCP, TCP_DEFER_ACCEPT),
		     "TCP_DEFER_ACCEPT set to %d", seconds[i]);
	}
	set_option(listener, IPPROTO_TCP, TCP_DEFER_ACCEPT, 1);

	long dropped = counted("TcpExt", "TCPDeferAcceptDrop");

	client = connect_loopback(listener);
	fact_text("client state", "%s", tcp_state(client));
	fact_text("listener poll", "%s", poll_mask(await_poll(listener, POLLIN)));
	fact_counted("TcpExt", "TCPDeferAcceptDrop", dropped);
	fd = must(accept4(listener, NULL, NULL, SOCK_CLOEXEC));
	fact(recv(fd, &byte, 1, MSG_DONTWAIT), "server recv");
	set_linger_zero(fd); /* one packet ends the scene */
	must(close(fd));
	await_hangup(client);
}

int main(void)
{
	return over_both_families(scene);
}
