/*
 * scm/embryo-release: what was sent to a server that never accepted is released with its listener.
 *
 * A client of a Unix-domain socket may send as soon as connect() has returned: the connection
 * exists, though nobody has accepted it. Here it sends a TCP connection and closes its copy. When
 * the listener is closed the kernel ends the connections that wait in its queue, with all that
 * is in them: the TCP connection loses its last reference and sends FIN. The Unix-domain client
 * reads ECONNRESET, not end of file, for what it sent was never received.
 *
 * So a server that stops may just close its listener: no connection that was handed to it stays
 * open. And a client that hands one over must count on an error after a successful sendmsg().
 */
#include <sys/socket.h>
#include <unistd.h>

#include "lib/cargo.h"
#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/scm.h"
#include "lib/unix.h"

static void play(int type)
{
	const char *name = unix_type(type);
	int ends[2], listener = unix_listener(type, 1), client = unix_connected(type, listener);
	char byte;

	tcp_pair(ends);
	fact(send_fds(client, "x", 1, &ends[SERVER], 1), "%s client sendmsg", name);
	must(close(ends[SERVER]));
	fact(recv(ends[CLIENT], &byte, 1, MSG_DONTWAIT), "TCP client recv");
	fact(recv(client, &byte, 1, MSG_DONTWAIT), "%s client recv", name);
	must(close(listener));
	fact(recv(ends[CLIENT], &byte, 1, 0), "TCP client recv, listener closed");
	fact(recv(client, &byte, 1, 0), "%s client recv", name);
	fact(recv(client, &byte, 1, 0), "%s client recv again", name);
	must(close(client));
	must(close(ends[CLIENT]));
}

static void scene(void)
{
	play(SOCK_STREAM);
	play(SOCK_SEQPACKET);
}

int main(void)
{
	need_queue_released();
	return over_both_families(scene);
}
