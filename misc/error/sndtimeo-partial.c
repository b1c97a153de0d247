/*
 * error/sndtimeo-partial: a send() that SO_SNDTIMEO ends returns the count of what it had queued,
 * and EAGAIN only if that is nothing.
 *
 * The peer takes nothing: over TCP its filter drops what comes, on an AF_UNIX stream nobody reads.
 * The first send() queues what the buffer holds, waits 200 ms for room and returns that count, as
 * after any other interruption that comes midway. The second finds no room at all: EAGAIN, after
 * the same time. Only time asleep counts, so a call may take longer than its limit.
 *
 * So after a timeout the caller knows how much went out and must go on from there; who takes only
 * -1 for an error repeats or loses bytes. EAGAIN from a socket that blocks means its timeout.
 */
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/variants.h"

enum { SIZE = 4 << 20, LIMIT = 200 }; /* bytes; ms, of which half proves that it waited */
enum { TCP4, TCP6, STREAM };
static int which;

/* By the clock of ticks, as the kernel's timers go: an emulated kernel may have its ticks late. */
static long now_ms(void)
{
	struct timespec now;

	must(clock_gettime(CLOCK_MONOTONIC_COARSE, &now));
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void send_until_timeout(int fd, const char *bytes, const char *what)
{
	long start = now_ms();
	ssize_t sent = send(fd, bytes, SIZE, 0);

	if (sent > 0)
		fact_text(what, "%s", sent < SIZE ? "a part" : "all");
	else
		fact(sent, "%s", what);
	fact_text("at least 100 ms", "%s", now_ms() - start >= LIMIT / 2 ? "yes" : "no");
}

static void scene(void)
{
	struct timeval limit = {.tv_usec = LIMIT * 1000L};
	char *bytes = must_ptr(calloc(1, SIZE));
	int ends[2];

	family = which == TCP6 ? AF_INET6 : AF_INET;
	if (which == STREAM) {
		must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends));
	} else {
		tcp_pair(ends);
		drop_input(ends[SERVER], true);
	}
	set_option(ends[CLIENT], SOL_SOCKET, SO_SNDBUF, 65536); /* that does not grow */
	must(setsockopt(ends[CLIENT], SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit)));
	send_until_timeout(ends[CLIENT], bytes, "send");
	send_until_timeout(ends[CLIENT], bytes, "next send");
	free(bytes);
}

int main(void)
{
	static const struct variant variants[] = {
		{"TCP", TCP4}, {"over IPv6", TCP6}, {"AF_UNIX STREAM", STREAM}};

	return play_variants(variants, 3, &which, scene);
}
