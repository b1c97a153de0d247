/*
 * sigpipe/unix-stream-immediate: on an AF_UNIX stream the first write after the peer's close() is
 * EPIPE and SIGPIPE; TCP learns it later.
 *
 * Both ends of a Unix-domain connection are in one kernel: what one end does the other knows at
 * once. There is no RST to wait for, and no ECONNRESET unless input was lost
 * (error/unix-close-unread). A peer that only stops reading, by shutdown(SHUT_RD), has the same
 * effect. Over TCP the peer does not tell that: after its SHUT_RD everything can be sent, and after
 * its close() the first send() succeeds and draws the RST that the next one meets.
 *
 * So over a Unix-domain stream a server gets SIGPIPE sooner and more often than over TCP, in code
 * that was only tested with TCP.
 */
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/proc.h"

static void write_to(const char *what, int fd)
{
	fact(send(fd, "x", 1, 0), "%s, send", what);
	fact(signals_counted(), "%s, SIGPIPE by it", what);
}

static void on_unix(void)
{
	int closed[2], shut[2];

	count_signal(SIGPIPE, 0);
	must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, closed));
	must(close(closed[1]));
	write_to("unix, peer closed", closed[0]);
	write_to("unix, peer closed", closed[0]);
	fact_errno("unix, peer closed, SO_ERROR", get_option(closed[0], SOL_SOCKET, SO_ERROR));

	must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, shut));
	must(shutdown(shut[1], SHUT_RD));
	write_to("unix, peer SHUT_RD", shut[0]);
	write_to("unix, peer SHUT_RD", shut[0]);
}

static void on_tcp(void)
{
	int closed[2], shut[2];

	count_signal(SIGPIPE, 0);
	tcp_pair(closed);
	must(close(closed[SERVER]));
	await_hangup(closed[CLIENT]);
	write_to("tcp, peer closed", closed[CLIENT]);
	await_poll(closed[CLIENT], 0);
	write_to("tcp, peer closed, RST came", closed[CLIENT]);

	tcp_pair(shut);
	must(shutdown(shut[SERVER], SHUT_RD));
	write_to("tcp, peer SHUT_RD", shut[CLIENT]);
	await_acked(shut[CLIENT]);
	write_to("tcp, peer SHUT_RD", shut[CLIENT]);
}

int main(void)
{
	on_unix();
	return over_both_families(on_tcp);
}
