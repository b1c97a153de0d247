/*
 * sendfile/nonblock-short: on a non-blocking socket sendfile() sends what there is room for.
 *
 * The server hears no ACK (its input is dropped), so what it sends fills its send buffer and stays
 * there. The count that comes back is short, *offset has moved by exactly as much, and the next
 * call is EAGAIN and moves nothing. Once the ACKs come through, the peer gets that many bytes of
 * the file, from its start, and then the end: the offset is where to go on.
 *
 * So an event loop needs nothing but the offset: wait until the socket is writable, then call again
 * with the same variable, until it has reached the size.
 */
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/known.h"
#include "lib/must.h"
#include "lib/net.h"

enum { SIZE = 4 << 20, SEND_BUFFER = 100000 };

static void scene(void)
{
	int ends[2], file = known_file(SIZE);
	off_t offset = 0;

	tcp_pair(ends);
	set_option(ends[SERVER], SOL_SOCKET, SO_SNDBUF, SEND_BUFFER);
	set_nonblocking(ends[SERVER], true);
	drop_input(ends[SERVER], true);

	ssize_t sent = must_n(sendfile(ends[SERVER], file, &offset, SIZE));

	fact_text("server sendfile", "%s", sent > 0 && sent < SIZE ? "a part" : "nothing or all");
	fact(offset - sent, "offset beyond that");
	fact(sendfile(ends[SERVER], file, &offset, (size_t)(SIZE - offset)), "server sendfile");
	fact(offset - sent, "offset beyond that");
	fact(lseek(file, 0, SEEK_CUR), "position");

	drop_input(ends[SERVER], false);
	must(close(ends[SERVER]));
	fact_text("client recv to the end", "%s", known_to_end(ends[CLIENT], 0, offset));
}

int main(void)
{
	return over_both_families(scene);
}
