/*
 * backlog/zero: listen(0) is a queue of one.
 *
 * A connection is let in while the queue is not longer than the backlog, so one fits where the
 * backlog is 0, and the next SYN is dropped (backlog/n-plus-one). The queue of handshakes that are
 * not through yet has the same limit, and Linux asked there for "shorter" rather than "not longer"
 * from 4.4 until a fix of January 2025: to listen(0) it seemed full from the start. That went
 * unnoticed where SYN cookies are on, as they are by default, for then a handshake is not queued
 * but answered with a cookie, which the kernel counts; with tcp_syncookies=0 no client ever got in.
 *
 * So listen(fd, 0) is not a way to refuse clients, nor to let in exactly one at a time on every
 * system: POSIX lets 0 mean anything from none to what the implementation likes. Who wants no
 * more clients closes the listener.
 */
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"

static void play(const char *cookies, const char *client)
{
	set_sysctl("net.ipv4.tcp_syncookies", cookies);

	int listener = listen_loopback(0);
	long sent = net_counter("TcpExt", "SyncookiesSent");
	int first = knock(listener), second;

	fact_text(client, "%s", tcp_state(first));
	fact(net_counter("TcpExt", "SyncookiesSent") - sent, "cookies sent");
	if (is_connected(first)) {
		second = knock(listener);
		fact_text("client 2", "%s", tcp_state(second));
		must(close(second));
	}
	must(close(first));
	must(close(listener));
}

static void scene(void)
{
	play("1", "tcp_syncookies=1, client 1");
	play("0", "tcp_syncookies=0, client 1");
}

int main(void)
{
	return over_both_families(scene);
}
