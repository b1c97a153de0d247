/*
 * unix/oob-order-and-mark: a stream's urgent byte (MSG_OOB) is a mark in the data, as on TCP.
 *
 * There is one urgent byte at a time. A read stops before it, even where more has arrived; there
 * SIOCATMARK is 1, also when the byte itself has been taken by MSG_OOB, which can be done ahead of
 * the data and only once. The next read goes on behind the mark, and an urgent byte that nobody
 * took is lost then; with SO_OOBINLINE it is the first byte read there. A second urgent byte makes
 * the first one data. A peek stops at the same places. Each scene is played on an AF_UNIX stream
 * and on a TCP connection, which gave the rules: the facts are the same. The bytes in capitals are
 * the urgent ones.
 *
 * So a protocol with an urgent byte in it runs over both; but it has a mark and one byte of
 * attention, not a second channel.
 */
#include <ctype.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"

static bool tcp;
static int ends[2] = {-1, -1};

/* A connection on which `bytes` arrive, those in capitals as urgent ones. */
static void arrived(const char *bytes)
{
	long sent = 0;

	if (ends[0] != -1) {
		must(close(ends[0]));
		must(close(ends[1]));
	}
	if (tcp) {
		tcp_pair(ends);
		set_option(ends[0], IPPROTO_TCP, TCP_NODELAY, 1);
	} else {
		must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends));
	}
	for (const char *byte = bytes; *byte; byte++) {
		ssize_t taken = send(ends[0], byte, 1, isupper(*byte) ? MSG_OOB : 0);

		if (taken == -1)
			impossible("send MSG_OOB: %s", errno_name(errno));
		sent += taken;
	}
	if (tcp)
		await_acked(ends[0]);
	fact(sent, "sent %s", bytes);
}

static void receive(const char *what, int flags)
{
	char bytes[16] = {0};

	if (recv(ends[1], bytes, sizeof(bytes) - 1, flags | MSG_DONTWAIT) == -1)
		fact_text(what, "%s", errno_name(errno));
	else
		fact_text(what, "%s", bytes);
}

static void look(void)
{
	struct pollfd entry = {.fd = ends[1], .events = POLLIN | POLLPRI};
	int at_mark = 0;

	if (ioctl(ends[1], SIOCATMARK, &at_mark) == -1)
		impossible("SIOCATMARK: %s", errno_name(errno));
	fact(at_mark, "SIOCATMARK");
	must(poll(&entry, 1, 0));
	fact_text("poll", "%s", poll_mask(entry.revents));
}

static void scene(void)
{
	arrived("abCde");
	look();
	receive("peek", MSG_PEEK);
	receive("recv", 0);
	look();
	receive("peek MSG_OOB", MSG_OOB | MSG_PEEK);
	receive("recv MSG_OOB", MSG_OOB);
	receive("recv MSG_OOB again", MSG_OOB);
	look();
	receive("recv", 0);
	look();

	arrived("abCde");
	receive("recv MSG_OOB", MSG_OOB);
	receive("peek", MSG_PEEK);
	receive("recv", 0);
	look();
	receive("peek", MSG_PEEK);
	receive("recv", 0);

	arrived("abCde");
	receive("recv", 0);
	receive("recv, C not taken", 0);
	receive("recv MSG_OOB, too late", MSG_OOB);

	arrived("aBCd");
	receive("recv", 0);
	receive("recv MSG_OOB", MSG_OOB);
	receive("recv", 0);

	arrived("abCde");
	set_option(ends[1], SOL_SOCKET, SO_OOBINLINE, 1);
	receive("recv", 0);
	look();
	receive("recv, SO_OOBINLINE", 0);
}

static void scene_on_tcp(void)
{
	tcp = true;
	scene();
}

int main(void)
{
	return over_both(scene, scene_on_tcp, "on TCP");
}
