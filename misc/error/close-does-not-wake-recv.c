/*
 * error/close-does-not-wake-recv: close() of a descriptor in which another thread blocks wakes
 * nobody and sends nothing; the FIN goes out when that call is through.
 *
 * A call that blocks holds the file open by itself; close() takes away the number only. The thread
 * is seen asleep in recv() before and after the close, data that comes later still reaches it, and
 * only when its recv() has returned is the last reference gone: then the kernel sends FIN. The
 * number, meanwhile, may already belong to another file.
 *
 * So one thread cannot stop another by closing its socket, and a peer may wait for a FIN that does
 * not come: shutdown() first, which wakes the thread, and close() where nobody uses the number any
 * more.
 */
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/parked.h"

static long call_recv(int fd)
{
	char bytes[8];

	return recv(fd, bytes, sizeof(bytes), 0);
}

static void scene(void)
{
	struct parked reader;
	int ends[2];
	char byte;

	tcp_pair(ends);
	park(&reader, call_recv, ends[CLIENT]);
	/* By its number: what looks for races takes close() for one here, and is right. */
	must((int)syscall(SYS_close, ends[CLIENT]));
	fact(fcntl(ends[CLIENT], F_GETFD), "client descriptor after close");
	fact(parked_was_woken(&reader), "client thread woken by close");
	fact_text("server's state", "%s", tcp_state(ends[SERVER]));
	send_all(ends[SERVER], "hello", 5);
	fact(parked_result(&reader), "client recv, of data sent after close");
	fact(recv(ends[SERVER], &byte, 1, 0), "server recv");
	must(close(ends[SERVER]));
}

int main(void)
{
	return over_both_families(scene);
}
