/*
 * unix/dgram-queue-limit: a datagram socket holds max_dgram_qlen messages and one; then its senders
 * wait.
 *
 * Nothing is dropped between processes: a sender who finds the queue full blocks, or gets EAGAIN
 * where it does not want to, until the receiver has read. The limit is the sysctl's value when the
 * socket was made, 3 here, and compared by "more than". poll() on a connected sender agrees: OUT is
 * missing while the queue is full, and room wakes who waits in poll() and who waits in send(); an
 * unconnected one polls OUT always, for poll() does not know whom it will write to. The two ends of
 * a pair, each the other's peer, are bounded by SO_SNDBUF alone.
 *
 * So one receiver that does not read stops every process that writes to it, as a log daemon stops
 * all who log: send with MSG_DONTWAIT where a message may be lost rather than the time.
 */
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/parked.h"
#include "lib/unix.h"

static long fill(int fd)
{
	long sent = 0;

	while (sent < 100 && send(fd, "x", 1, MSG_DONTWAIT) == 1)
		sent++;
	return sent;
}

static void fact_poll(int fd, const char *name)
{
	struct pollfd entry = {.fd = fd, .events = POLLOUT};

	must(poll(&entry, 1, 0));
	fact_text(name, "%s", poll_mask(entry.revents));
}

static long call_send(int fd)
{
	return send(fd, "x", 1, 0);
}

static long call_poll(int fd)
{
	struct pollfd entry = {.fd = fd, .events = POLLOUT};

	return poll(&entry, 1, -1) == 1 ? entry.revents : -1;
}

int main(void)
{
	struct parked poller, sender;
	int pair[2];
	char byte;

	set_sysctl("net.unix.max_dgram_qlen", "3");

	int receiver = unix_bound(SOCK_DGRAM), fd = unix_connected(SOCK_DGRAM, receiver);
	struct sockaddr_storage name;
	socklen_t length = sizeof(name);

	must(getsockname(receiver, (struct sockaddr *)&name, &length));
	fact_poll(fd, "sender poll, empty");
	fact(fill(fd), "sender messages that fit");
	fact(send(fd, "x", 1, MSG_DONTWAIT), "sender send MSG_DONTWAIT, full");
	fact_poll(fd, "sender poll, full");

	int other = must(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));

	fact(sendto(other, "x", 1, MSG_DONTWAIT, (struct sockaddr *)&name, length),
	     "unconnected sendto MSG_DONTWAIT, full");
	fact_poll(other, "unconnected poll, full");

	park(&poller, call_poll, fd);
	must_n(recv(receiver, &byte, 1, 0));
	fact_text("poller woken by room", "%s", poll_mask((int)parked_result(&poller)));
	must_n(send(fd, "x", 1, MSG_DONTWAIT));
	park(&sender, call_send, fd);
	must_n(recv(receiver, &byte, 1, 0));
	fact(parked_result(&sender), "sender blocked in send, woken by room");
	fact_poll(fd, "sender poll, full again");

	must(socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, pair));
	fact(fill(pair[0]), "pair messages that fit of 100");
	return 0;
}
