/*
 * timeout/syn-linear-timeouts-off: with the sysctl at 0 the pauses between SYNs double at once.
 *
 * Since 6.5 the first repetitions of a SYN come a second apart, so that a SYN lost by chance costs
 * less; the sysctl says how many, and 0 brings back what RFC 6298 has: 1 s, 2 s, 4 s. The whole
 * time does not change. The scene is that of timeout/syn-syncnt-and-user-timeout with TCP_SYNCNT 1:
 * three seconds in which there is room for one repetition only.
 *
 * So TCP_SYNCNT is a time in disguise, and whoever counts SYNs, in a firewall say, must not take
 * their number for that of attempts.
 */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/info.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/timers.h"

static void scene(void)
{
	int listener = listen_loopback(1);
	int fd = must(socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));

	set_sysctl("net.ipv4.tcp_syn_linear_timeouts", "0");
	drop_input(listener, true);
	set_option(fd, IPPROTO_TCP, TCP_SYNCNT, 1);

	long since = milliseconds();

	fact(connect_to(fd, listener), "client connect");
	await_poll(fd, POLLOUT);
	fact_lasted("client connect", since, 2900);
	fact_errno("client SO_ERROR", get_option(fd, SOL_SOCKET, SO_ERROR));
	fact(1 + tcp_counts(fd).repeated, "client SYNs");
	must(close(fd));
	must(close(listener));
}

int main(void)
{
	return over_both_families(scene);
}
