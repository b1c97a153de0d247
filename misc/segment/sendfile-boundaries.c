/*
 * segment/sendfile-boundaries: each sendfile() ends its last segment; within one all are full.
 *
 * With TCP_NODELAY what a call leaves over is sent with it: 1300 and 1200 bytes are a full segment
 * and a rest, twice. In one call the rest comes once, however many pages, and full segments in
 * flight, there are: 20000 bytes are 20 full segments and 240 bytes. That is more than the first
 * congestion window lets go at once, and still nothing is cut anew when the ACKs come.
 *
 * So send a file in as few calls as possible, not page by page, and put a cork in where a header or
 * a second file belongs to the same reply (sendfile/header-coalescing).
 */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/known.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/timers.h"

static void scene(void)
{
	int file = known_file(22500), ends[2];
	char data[20000];

	tcp_timers_at_least(60);
	tcp_pair_of_mss(1000, ends);
	set_option(ends[CLIENT], IPPROTO_TCP, TCP_NODELAY, 1);

	fact(sendfile(ends[CLIENT], file, NULL, 1300), "client sendfile");
	fact(sendfile(ends[CLIENT], file, NULL, 1200), "client sendfile");
	recv_all(ends[SERVER], data, 2500);
	fact(sendfile(ends[CLIENT], file, NULL, 20000), "client sendfile");
	recv_all(ends[SERVER], data, 20000);

	must(close(ends[CLIENT]));
	await_hangup(ends[SERVER]);
	must(close(ends[SERVER]));
}

int main(void)
{
	return over_both_families(scene);
}
