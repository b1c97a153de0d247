/*
 * segment/lowat-blocking-recv-stall: recv() that began below SO_RCVLOWAT waits for the mark anew.
 *
 * The mark is 10 and 5 bytes are there when recv() begins. It takes them and goes to sleep for the
 * rest; when 5 more arrive, the mark would be reached. But what recv() took already is no longer in
 * the queue, and the kernel wakes a sleeper only when the queue alone reaches the mark
 * (tcp_data_ready()). So it sleeps on with 10 bytes in hand, and returns when 10 new ones have
 * come, with all of them. socket(7) promises it earlier.
 *
 * So do not count on the mark with a blocking recv(): a protocol of 10-byte messages deadlocks when
 * one comes in two pieces and the peer waits for an answer. MSG_WAITALL with the length one wants
 * is free of this, as is poll() with the mark and then a recv() that does not block.
 */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/parked.h"

static long receive(int fd)
{
	char data[100];

	return recv(fd, data, sizeof(data), 0);
}

static void scene(void)
{
	struct parked call;
	int ends[2];

	tcp_pair(ends);
	set_option(ends[CLIENT], IPPROTO_TCP, TCP_NODELAY, 1);
	set_option(ends[SERVER], SOL_SOCKET, SO_RCVLOWAT, 10);
	send_all(ends[CLIENT], "01234", 5);
	await_input(ends[SERVER], 5);
	bool blocks = try_to_park(&call, receive, ends[SERVER]);

	fact_text("recv of 5 below SO_RCVLOWAT", "%s", blocks ? "blocks" : "returns");
	if (!blocks)
		return;
	send_all(ends[CLIENT], "56789", 5);
	await_acked(ends[CLIENT]);
	fact_text("recv woken by 5 more", "%s", parked_was_woken(&call) ? "yes" : "no");
	send_all(ends[CLIENT], "abcde", 5);
	fact(parked_result(&call), "recv after 10 new ones");

	must(close(ends[CLIENT]));
	must(close(ends[SERVER]));
}

int main(void)
{
	return over_both_families(scene);
}
