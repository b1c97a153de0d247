/*
 * zerocopy/pollerr-is-not-error: a pending notification raises POLLERR, and nothing is wrong.
 *
 * poll() has one bit for the error queue and for errors. With a notification in the queue POLLERR
 * is set, asked for or not, and EPOLLERR as well; SO_ERROR is 0 all the same, send() and recv()
 * work, and they neither fail nor take the notification away. Only recvmsg() with MSG_ERRQUEUE
 * does, and the bit is gone when the queue is empty.
 *
 * So on a socket with SO_ZEROCOPY an event loop must not close the connection on POLLERR: it reads
 * the error queue first, and asks SO_ERROR whether there is more to it. One that does neither
 * spins, for POLLERR cannot be masked.
 */
#include <errno.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/zerocopy.h"

static int epoll, client;

static void fact_polled(const char *when, short events)
{
	struct pollfd entry = {.fd = client, .events = events};
	struct epoll_event event = {.events = (unsigned)events};
	int polled = must(poll(&entry, 1, 0));

	fact_text("poll", "%s, %s: %s", when, events ? "IN" : "nothing asked for",
		  polled ? poll_mask(entry.revents) : "none");
	must(epoll_ctl(epoll, EPOLL_CTL_MOD, client, &event));
	polled = must(epoll_wait(epoll, &event, 1, 0));
	fact_text("epoll", "%s", polled ? poll_mask((int)event.events) : "none");
}

static void scene(void)
{
	static char byte[1];
	struct sock_extended_err notice;
	struct epoll_event event = {.events = 0};
	int ends[2];

	tcp_pair(ends);
	client = ends[CLIENT];
	epoll = must(epoll_create1(EPOLL_CLOEXEC));
	must(epoll_ctl(epoll, EPOLL_CTL_ADD, client, &event));
	zerocopy_enable(client);
	fact_polled("before", 0);

	fact(send(client, byte, 1, MSG_ZEROCOPY), "client send");
	zerocopy_await(client);
	fact_polled("notification pending", 0);
	fact_polled("notification pending", POLLIN);
	fact(get_option(client, SOL_SOCKET, SO_ERROR), "client SO_ERROR");
	fact(send(client, byte, 1, 0), "client send");
	send_all(ends[SERVER], byte, 1);
	await_poll(client, POLLIN | POLLRDNORM);
	fact(recv(client, byte, 1, 0), "client recv");
	fact_polled("still pending", 0);

	fact(zerocopy_notice(client, &notice), "notifications read");
	fact_polled("after that", 0);
	fact(zerocopy_notice(client, &notice), "notifications read");
}

int main(void)
{
	return over_both_families(scene);
}
