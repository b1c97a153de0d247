/*
 * scm/gc-under-load: collecting rings loses no descriptor that is on its way.
 *
 * One process makes rings of sockets that only hold each other and forgets them, again and again,
 * so that the kernel's collector is at work all the time; each ring also holds the writing end of a
 * pipe. Meanwhile another passes numbered files to a third, through a socket that is itself passed
 * along, so that what the collector must spare looks much like what it must free: sockets in
 * flight. It must mistake none for the other: every file arrives, in its order, and when all is
 * over every pipe is released and /proc/net/unix has as many sockets as at the start.
 *
 * The probe does not depend on how the three interleave: what it counts must be so for every order.
 *
 * So passing sockets through sockets is safe while others are collected; it only costs time, as the
 * kernel makes those who have much in flight wait for the collector.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/cargo.h"
#include "lib/fact.h"
#include "lib/must.h"
#include "lib/proc.h"
#include "lib/ring.h"
#include "lib/scm.h"
#include "lib/variants.h"

enum { RINGS = 100, FILES = 100 };

static _Noreturn void make_rings(void)
{
	int released = 0, readers[RINGS];

	for (int i = 0; i < RINGS; i++) {
		int writer;

		readers[i] = witness(&writer);
		orphan_ring(2, writer);
		must(close(writer));
	}
	for (int i = 0; i < RINGS; i++) {
		while (witness_says(readers[i])[0] == 'h')
			wake_collector();
		released++;
	}
	exit(released == RINGS ? 0 : EXIT_BROKEN);
}

/* Send a pair's receiving end, in whose queue a file waits already. */
static _Noreturn void send_files(int via)
{
	for (int i = 0; i < FILES; i++) {
		int inner[2];

		unix_pair(inner);
		send_numbered(inner[SENDER], "f", i);
		must_n(send_fds(via, "s", 1, &inner[RECEIVER], 1));
		must(close(inner[SENDER]));
		must(close(inner[RECEIVER]));
	}
	exit(0);
}

static void scene(void)
{
	int before = unix_sockets(), via[2], right = 0;

	unix_pair(via);
	pid_t maker = must_fork();

	if (maker == 0)
		make_rings();
	pid_t sender = must_fork();

	if (sender == 0)
		send_files(via[SENDER]);
	for (int i = 0; i < FILES; i++) {
		int inner = -1, file = -1;
		size_t count = 1;
		char byte, number[16];

		must_n(recv_fds(via[RECEIVER], &byte, 1, &inner, &count, NULL));
		must_n(recv_fds(inner, &byte, 1, &file, &count, NULL));
		snprintf(number, sizeof(number), "%d", i);
		right += strcmp(numbers_of(&file, count), number) == 0;
		must(close(file));
		must(close(inner));
	}
	fact(right, "files that came, in order");
	fact(reap(sender), "sender exit status");
	fact(reap(maker), "maker of rings exit status, every pipe released");
	must(close(via[SENDER]));
	must(close(via[RECEIVER]));
	while (unix_sockets() != before)
		wake_collector();
	fact(unix_sockets() - before, "sockets left");
}

int main(void)
{
	need_collector();
	return over_unix_types(scene);
}
