/*
 * reuseport/migrate-on-close: with tcp_migrate_req=1 a leaving listener's queue goes to another
 * one.
 *
 * Two clients wait in the queue of one listener, with data sent, when it is closed, or shut down.
 * With net.ipv4.tcp_migrate_req the kernel then puts each connection, with what it has received,
 * into the queue of another listener of the same group, and counts it; no packet tells of it. The
 * sysctl belongs to the network namespace and is 0 by default, for a server that closes a listener
 * may do so because it serves something else from now on.
 *
 * So with it a pool whose workers have a listener each can lose, or replace, one of them without
 * resetting a client that waits, as long as another remains. The last one has nobody to leave its
 * queue to, and connections that were accepted already are not moved.
 */
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/group.h"
#include "lib/must.h"
#include "lib/net.h"

enum { CLIENTS = 2 };

static int leave_by_shutdown(int fd)
{
	return shutdown(fd, SHUT_RDWR);
}

static void play(const char *name, int (*leave)(int fd))
{
	int members[2], clients[CLIENTS], served;
	char text[8];

	group_listen(members, 2, 4);
	group_steer(members[0], 0);
	for (int i = 0; i < CLIENTS; i++) {
		clients[i] = group_connect(members[0]);
		send_all(clients[i], "hello", 5);
		await_acked(clients[i]);
	}

	long migrated = counted("TcpExt", "TCPMigrateReqSuccess");

	fact(leave(members[0]), "%s of member 0", name);
	fact_counted("TcpExt", "TCPMigrateReqSuccess", migrated);
	fact(accept_queue(members[1]), "member 1 queue");
	set_nonblocking(members[1], true);
	for (int i = 0; i < CLIENTS; i++) {
		served = accept4(members[1], NULL, NULL, SOCK_CLOEXEC);
		if (fact(served == -1 ? -1 : 0, "member 1 accept") == -1)
			continue;
		fact(recv(served, text, sizeof(text), MSG_DONTWAIT), "server recv");
		must(close(served));
	}
	for (int i = 0; i < CLIENTS; i++) {
		fact(recv(clients[i], text, sizeof(text), 0), "client %d recv", i + 1);
		must(close(clients[i]));
	}
	must(close(members[1]));
	if (leave != close)
		must(close(members[0]));
}

static void scene(void)
{
	set_sysctl("net.ipv4.tcp_migrate_req", "1"); /* of IPv6, too */
	play("close", close);
	play("shutdown", leave_by_shutdown);
}

int main(void)
{
	return over_both_families(scene);
}
