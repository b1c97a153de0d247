/*
 * backlog/somaxconn-and-negative: no backlog is larger than net.core.somaxconn.
 *
 * listen() takes the smaller of its argument and the sysctl, and takes the argument for unsigned: a
 * negative one is the largest of all. That is the sysctl's value at the time of the call; a
 * listener that is there already keeps its limit until listen() is called again. TCP_INFO tells the
 * limit, and the queue holds one more than it, as always (backlog/n-plus-one). The sysctl belongs
 * to the network namespace, so a container has its own, which is not that of its host.
 *
 * So listen(fd, -1) asks for as much as the administrator allows, now and after a change of the
 * sysctl; and a server whose large backlog seems to have no effect was given less: `ss -lt` shows
 * the limit as Send-Q.
 */
#include <limits.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"

static int limit_of(int listener)
{
	struct tcp_info info;
	socklen_t length = sizeof(info);

	must(getsockopt(listener, IPPROTO_TCP, TCP_INFO, &info, &length));
	return (int)info.tcpi_sacked;
}

static void play(const char *name, int backlog)
{
	int listener = listen_loopback(backlog), clients = 0, client;

	fact(limit_of(listener), "%s: limit", name);
	while (is_connected(client = knock(listener)))
		clients++;
	fact(clients, "clients connected");
	must(close(client)); /* or its SYN is repeated, and counted again */
	must(close(listener));
}

static void scene(void)
{
	set_sysctl("net.core.somaxconn", "8");
	play("listen 100000", 100000);
	play("listen INT_MAX", INT_MAX);
	play("listen -1", -1);
	play("listen INT_MIN", INT_MIN);
	play("listen 7", 7);

	int listener = listen_loopback(-1);

	set_sysctl("net.core.somaxconn", "16");
	fact(limit_of(listener), "somaxconn raised: limit");
	must(listen(listener, -1));
	fact(limit_of(listener), "listen again: limit");
}

int main(void)
{
	return over_both_families(scene);
}
