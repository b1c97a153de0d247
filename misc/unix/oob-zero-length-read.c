/*
 * unix/oob-zero-length-read: a read of no bytes at the urgent mark returns 0 at once; on AF_UNIX it
 * drops the urgent byte.
 *
 * Nothing was asked for, so there is nothing to wait for, even if the urgent byte is all there is.
 * But any recv() without MSG_OOB goes on behind the mark, and an AF_UNIX stream does so before it
 * looks at how many bytes were asked for: a pending byte that nobody took is gone afterwards, and
 * so is the mark, as SIOCATMARK says. TCP copies first and cleans up behind what it copied: there
 * byte and mark stay. Kernels before 7.3 waited where nothing followed the mark (EAGAIN here).
 *
 * So a program that computes a length should leave the call out where it is 0: it is not without
 * effect.
 */
#include <errno.h>
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

static void play(const char *what, bool more, bool taken)
{
	char byte;
	int ends[2], at_mark = 0;

	if (tcp)
		tcp_pair(ends);
	else
		must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends));
	if (send(ends[0], "!", 1, MSG_OOB) == -1)
		impossible("send MSG_OOB: %s", errno_name(errno));
	if (tcp)
		await_acked(ends[0]);
	if (more) {
		send_all(ends[0], "x", 1);
		await_poll(ends[1], POLLIN);
	}
	if (taken)
		must_n(recv(ends[1], &byte, 1, MSG_OOB));

	fact(recv(ends[1], &byte, 0, MSG_DONTWAIT), "%s recv of 0 bytes", what);
	if (ioctl(ends[1], SIOCATMARK, &at_mark) == -1)
		impossible("SIOCATMARK: %s", errno_name(errno));
	fact(at_mark, "%s SIOCATMARK", what);
	fact(recv(ends[1], &byte, 1, MSG_OOB), "%s recv MSG_OOB", what);
	fact(recv(ends[1], &byte, 1, MSG_DONTWAIT), "%s recv", what);
	must(close(ends[0]));
	must(close(ends[1]));
}

static void scene(void)
{
	play("alone", false, false);
	play("alone, taken", false, true);
	play("before data", true, false);
	play("before data, taken", true, true);
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
