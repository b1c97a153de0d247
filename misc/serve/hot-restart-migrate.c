/*
 * serve/hot-restart-migrate: with tcp_migrate_req the queue of a closed listener goes to the next.
 *
 * The scene of serve/hot-restart-reuseport, with net.ipv4.tcp_migrate_req at 1: when the old
 * listener is closed, the kernel moves the connections that wait there to another listener of the
 * same port, and the successor accepts them, in their order, as if they had come to it. Nothing of
 * that is on the wire. TCPMigrateReqSuccess counts them.
 *
 * So this sysctl (since 5.14; late releases of 5.10 have the setting, and nothing that heeds it)
 * makes SO_REUSEPORT fit for replacing a server, also one that has crashed. It is one for the whole
 * network namespace, and only connections that nobody accepted move: what the old server had begun
 * to serve ends with it.
 */
#include <sys/socket.h>
#include <unistd.h>

#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/takeover.h"

static void scene(void)
{
	if (!can_migrate())
		impossible("no net.ipv4.tcp_migrate_req");
	set_sysctl("net.ipv4.tcp_migrate_req", "1");
	take_over();
}

int main(void)
{
	return over_both_families(scene);
}
