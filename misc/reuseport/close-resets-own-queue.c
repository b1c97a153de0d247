/*
 * reuseport/close-resets-own-queue: a listener that leaves its group resets who waits in its queue.
 *
 * Each listener of a group has a queue of its own, and the kernel chooses one when the handshake
 * begins. When a listener is closed its queue ends as that of any listener does
 * (rst/listener-close-flushes-queue), though another one of the group has room and nothing to do:
 * by default nothing is moved. Here two clients were steered to the one that closes, and one to the
 * other, which serves it as if nothing had been.
 *
 * So to replace a worker of such a group without harm one must empty its queue first, which leaves
 * a gap between the last accept() and close(); or set net.ipv4.tcp_migrate_req
 * (reuseport/migrate-on-close); or keep the listeners in a parent that outlives its workers.
 */
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/group.h"
#include "lib/must.h"
#include "lib/net.h"

static void scene(void)
{
	int members[2], clients[3], served;
	char text[8];

	group_listen(members, 2, 4);
	group_steer(members[0], 0);
	clients[0] = group_connect(members[0]);
	clients[1] = group_connect(members[0]);
	group_steer(members[0], 1);
	clients[2] = group_connect(members[1]);
	send_all(clients[1], "hello", 5);
	await_acked(clients[1]);

	long resets = counted("Tcp", "OutRsts");

	fact(close(members[0]), "close of member 0");
	for (int i = 0; i < 2; i++)
		fact(recv(clients[i], text, sizeof(text), 0), "client %d recv", i + 1);
	fact_counted("Tcp", "OutRsts", resets);
	fact(accept_queue(members[1]), "member 1 queue");

	served = must(accept4(members[1], NULL, NULL, SOCK_CLOEXEC));
	send_all(served, "hello", 5);
	fact(recv(clients[2], text, sizeof(text), 0), "client 3 recv");
	must(close(served));
	fact(recv(clients[2], text, sizeof(text), 0), "client 3 recv");
	must(close(clients[2]));
}

int main(void)
{
	return over_both_families(scene);
}
