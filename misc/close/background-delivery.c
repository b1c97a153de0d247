/*
 * close/background-delivery: close() returns at once, and what was sent is delivered all the same.
 *
 * A megabyte is handed to the kernel, which takes all of it (the send buffer is made large enough),
 * and the server closes. The client has read nothing yet, so most of it is still in the server's
 * kernel: the connection is in FIN_WAIT1 without a descriptor. Only then does the client read, and
 * gets every byte, and end of file. rst/close-unread-drops-sendq shows what spoils it.
 *
 * So a server needs no linger time to have its answer delivered; a close() with everything read is
 * enough. But it will not hear whether it arrived, and its kernel holds the memory until the client
 * has taken it, for minutes if that one has gone silent.
 */
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/known.h"
#include "lib/must.h"
#include "lib/net.h"

enum { SIZE = 1 << 20 };
static char data[SIZE];

static void scene(void)
{
	int ends[2], port, file = known_file(SIZE);

	must_n(pread(file, data, SIZE, 0));
	set_sysctl("net.ipv4.tcp_wmem", "4096 4194304 4194304"); /* of IPv6, too */
	tcp_pair(ends);
	port = local_port(ends[SERVER]);

	fact(send(ends[SERVER], data, SIZE, MSG_DONTWAIT), "server send");
	fact(close(ends[SERVER]), "server close");
	fact(tcp_sockets(port, TCP_FIN_WAIT1), "server sockets in FIN_WAIT1");

	fact_text("client reads to the end", "%s", known_to_end(ends[CLIENT], 0, SIZE));
}

int main(void)
{
	return over_both_families(scene);
}
