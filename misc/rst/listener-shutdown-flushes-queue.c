/*
 * rst/listener-shutdown-flushes-queue: shutdown() of a listener ends listening, and may be undone.
 *
 * POSIX has nothing to say of it, since a listener is not connected. Linux looks at the direction:
 * SHUT_WR does nothing, and SHUT_RD (or SHUT_RDWR) takes the socket out of LISTEN as close() would.
 * What waited to be accepted is reset, accept() is EINVAL. But the descriptor stays, and listen()
 * on it begins anew on the same port; that is kept because bind() had named it. A port that the
 * kernel chose is given back, and listen() would get another.
 *
 * So shutdown() wakes and stops all who block in accept() on a socket that several processes
 * share, which close() in one of them does not. Other systems refuse it (ENOTCONN): a portable
 * server ends its acceptors otherwise.
 */
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"

/* A listener whose port bind() named. Nobody else takes ports in this world. */
static int listen_on_named_port(void)
{
	int any = listen_loopback(1), port = local_port(any);
	int fd = must(socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));
	struct sockaddr_storage address;
	socklen_t length = loopback_address(port, &address);

	must(close(any));
	must(bind(fd, (struct sockaddr *)&address, length));
	must(listen(fd, 2));
	return fd;
}

static void scene(void)
{
	int listener = listen_on_named_port(), port = local_port(listener), client, accepted;
	char byte;

	client = connect_loopback(listener);
	await_accept_queue(listener, 1);
	fact(shutdown(listener, SHUT_WR), "server shutdown(SHUT_WR)");
	fact_text("server state", "%s", tcp_state(listener));
	fact(recv(client, &byte, 1, MSG_DONTWAIT), "client recv");

	long resets = counted("Tcp", "OutRsts");

	fact(shutdown(listener, SHUT_RD), "server shutdown(SHUT_RD)");
	fact_text("server state", "%s", tcp_state(listener));
	fact(recv(client, &byte, 1, 0), "client recv");
	fact(recv(client, &byte, 1, 0), "client recv again");
	fact_counted("Tcp", "OutRsts", resets);
	fact(accept4(listener, NULL, NULL, SOCK_CLOEXEC), "server accept");
	must(close(client));

	fact(listen(listener, 2), "server listen");
	fact_text("server port", "%s", local_port(listener) == port ? "the same" : "another");
	client = connect_loopback(listener);
	accepted = must(accept4(listener, NULL, NULL, SOCK_CLOEXEC));
	fact(send(client, "x", 1, 0), "client send");
	fact(recv(accepted, &byte, 1, 0), "server recv");
	await_acked(client);
	set_linger_zero(accepted); /* one packet ends the scene */
	must(close(accepted));
	await_hangup(client);
}

int main(void)
{
	return over_both_families(scene);
}
