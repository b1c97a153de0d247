/*
 * segment/window-update-on-read: reading half of a full buffer opens the window, unasked.
 *
 * The server's buffer is full and its window closed. Reading a little of it does not change what it
 * announces: a window of a few bytes would be filled by a segment of a few bytes, again and again
 * (the silly window). When a whole segment fits, or half of the buffer is free, the kernel tells so
 * at once, in an ACK that nothing asked for; the sender need not wait for its next probe, which
 * here would be a minute away. What is then sent closes the window again where a kernel takes a
 * fixed share of the buffer's memory for window; newer ones learn from the segments that came how
 * much memory a byte takes, and may find room for more.
 *
 * So a slow reader costs throughput in steps, not in proportion: recv() in small pieces from a full
 * buffer lets nothing in until enough of it is read.
 */
#include <netinet/in.h>
#include <netinet/tcp.h>
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
	char data[1428] = "";

	tcp_timers_at_least(60);

	int listener = listen_loopback(1);

	set_option(listener, IPPROTO_TCP, TCP_MAXSEG, 1440);
	set_option(listener, SOL_SOCKET, SO_RCVBUF, 2048);

	int client = connect_loopback(listener);
	int server = must(accept4(listener, NULL, NULL, SOCK_CLOEXEC));

	fact(tcp_counts(client).window, "window");
	send_all(client, data, 1428); /* at once: two segments that the kernel keeps apart */
	await_acked(client);
	fact(tcp_counts(client).window, "window after 1428 bytes");

	long segments = tcp_counts(client).segments_in;

	recv_all(server, data, 350);
	recv_all(server, data, 350);
	fact(tcp_counts(client).window, "window after recv of 700");
	recv_all(server, data, 14);
	await_segments_in(client, segments + 1);
	fact(tcp_counts(client).window, "window after recv of 714");
	fact(tcp_counts(client).segments_in - segments, "segments that told so");
	send_all(client, data, 714);
	await_acked(client);
	fact(tcp_counts(client).window, "window after 714 bytes more");

	set_linger_zero(server);
	must(close(server));
	await_poll(client, 0);
	must(close(client));
	must(close(listener));
}

int main(void)
{
	return over_both_families(scene);
}
