/*
 * reuseport/migration-wakes: whoever waits for a listener is woken when it inherits a queue.
 *
 * With net.ipv4.tcp_migrate_req a closed listener's connections move into the queue of another one
 * (reuseport/migrate-on-close). Somebody may sleep there already, in accept(), poll() or
 * epoll_wait(), and will not look again by itself. A new connection wakes by way of the handshake;
 * this one is put into the queue by close(), which has to wake as well. From 5.14, where migration
 * came, until a fix of April 2026 it did not: the client waited until another one happened to come.
 * Who sleeps is seen asleep before, and asked when close() has returned.
 *
 * So on a kernel without the fix tcp_migrate_req alone does not save the clients of a leaving
 * worker; the one that leaves must see to it that the others look, by a connection to the port, or
 * they must look now and then by themselves.
 */
#include <poll.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/group.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/parked.h"

static long by_accept(int fd)
{
	return accept4(fd, NULL, NULL, SOCK_CLOEXEC) == -1 ? -1 : 1;
}

static long by_poll(int fd)
{
	return poll(&(struct pollfd){.fd = fd, .events = POLLIN}, 1, -1);
}

static long by_epoll(int epoll)
{
	struct epoll_event event;

	return epoll_wait(epoll, &event, 1, -1);
}

/* `events` is what to register in an epoll, 0 for none. */
static void play(const char *name, long (*wait)(int fd), unsigned events)
{
	static struct parked parked[8]; /* a sleeper's stays */
	static int sleepers;
	struct epoll_event event = {.events = events};
	struct parked *sleeper = &parked[sleepers++];
	char what[64];
	int members[2], fd;

	group_listen(members, 2, 4);
	group_steer(members[0], 0);
	group_connect(members[0]);
	fd = members[1];
	if (events) {
		fd = must(epoll_create1(EPOLL_CLOEXEC));
		must(epoll_ctl(fd, EPOLL_CTL_ADD, members[1], &event));
	}
	park(sleeper, wait, fd);
	must(close(members[0]));
	snprintf(what, sizeof(what), "%s woken", name);
	fact_text(what, "%s", parked_was_woken(sleeper) ? "yes" : "no");
	group_steer(members[1], 0);
	connect_loopback(members[1]); /* wakes whoever still sleeps */
	fact(parked_result(sleeper), "%s", name);
}

static void scene(void)
{
	set_sysctl("net.ipv4.tcp_migrate_req", "1"); /* of IPv6, too */
	play("accept", by_accept, 0);
	play("poll", by_poll, 0);
	play("epoll_wait", by_epoll, EPOLLIN);
	play("epoll_wait edge triggered", by_epoll, EPOLLIN | EPOLLET);
}

int main(void)
{
	return over_both_families(scene);
}
