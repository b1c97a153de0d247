/*
 * sendfile/no-tail-delay: a count beyond the end of the file does not hold the last bytes back.
 *
 * Who does not know a file's size asks for more than there is. The kernel hands the file to TCP in
 * pieces, each with the word whether more will come, and finds out only with the next, empty piece
 * that nothing will. Linux before 6.5 left it at that: the last segment, if it is not full, waited
 * for an ACK of those before it or, where none was due, 200 ms. Newer kernels push it out. Here no
 * ACK is heard and that timer is made to wait for a minute, so what is held stays held: SIOCOUTQNSD
 * counts what was not sent, and a byte sent afterwards travels alone or with the rest.
 *
 * So give sendfile() exactly what is left of the file: it costs an fstat() and is right everywhere.
 */
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/known.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/timers.h"

enum { SIZE = 2000 };

static void transfer(size_t count)
{
	char bytes[SIZE + 1];
	int ends[2], unsent = 0, file = known_file(SIZE), listener = listen_loopback(1);

	set_option(listener, IPPROTO_TCP, TCP_MAXSEG, 1000);
	ends[CLIENT] = connect_loopback(listener);
	ends[SERVER] = must(accept4(listener, NULL, NULL, SOCK_CLOEXEC));
	must(close(listener));
	set_option(ends[SERVER], IPPROTO_TCP, TCP_NODELAY, 1);
	drop_input(ends[SERVER], true);
	fact(sendfile(ends[SERVER], file, NULL, count), "sendfile of %zu", count);
	must(ioctl(ends[SERVER], SIOCOUTQNSD, &unsent));
	fact(unsent, "sendfile of %zu, not sent", count);
	must_n(send(ends[SERVER], "", 1, 0));
	recv_all(ends[CLIENT], bytes, sizeof(bytes));
	drop_input(ends[SERVER], false);
	must(close(ends[SERVER]));
	await_hangup(ends[CLIENT]);
	must(close(ends[CLIENT]));
	must(close(file));
}

static void scene(void)
{
	tcp_timers_at_least(60);
	transfer(SIZE);
	transfer(SIZE + 1);
	transfer(1 << 20);
}

int main(void)
{
	return over_both_families(scene);
}
