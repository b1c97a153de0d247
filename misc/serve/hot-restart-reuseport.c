/*
 * serve/hot-restart-reuseport: a successor with a socket of its own does not inherit the queue.
 *
 * With SO_REUSEPORT the successor binds the same port while the old server still listens, so no
 * client is ever refused. But each listener has a queue of its own. Two clients connected before
 * the successor was there, and wait in the old one's; when that is closed they are reset, though
 * somebody listens on their port. Only who comes later reaches the successor. So it is with
 * net.ipv4.tcp_migrate_req at 0, the default, and before 5.14 always.
 *
 * So a server that is replaced this way must accept its queue empty before it closes, and even then
 * loses who arrives in between. Pass the listener (serve/hot-restart), or set tcp_migrate_req
 * (serve/hot-restart-migrate).
 */
#include <sys/socket.h>
#include <unistd.h>

#include "lib/family.h"
#include "lib/net.h"
#include "lib/takeover.h"

static void scene(void)
{
	if (can_migrate())
		set_sysctl("net.ipv4.tcp_migrate_req", "0");
	take_over();
}

int main(void)
{
	return over_both_families(scene);
}
