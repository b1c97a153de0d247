/*
 * serve/epoll-et-must-drain: edge-triggered epoll tells once; what is left unread, it forgets.
 *
 * With EPOLLET an event means that something came, not that something is there. Ten bytes come,
 * the server reads four and waits again: nothing is reported, now or ever, though six bytes are in
 * the queue; a level-triggered epoll on the same socket says so. One byte more from the client
 * makes a new event; a client that waits for its answer does not send one. A server that reads
 * until EAGAIN leaves nothing behind, and hears of what comes next. A listener is the same: three
 * connections come before the server looks, one event tells of all, and whoever accepts one leaves
 * two in the queue until another client happens to connect.
 *
 * So with EPOLLET make every socket non-blocking and read, write or accept until EAGAIN before
 * waiting again; or use the level-triggered default, which forgives.
 */
#include <errno.h>
#include <linux/sockios.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"

static int epoll_on(int fd, unsigned events)
{
	int epoll = must(epoll_create1(EPOLL_CLOEXEC));
	struct epoll_event event = {.events = events};

	must(epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event));
	return epoll;
}

static int events(int epoll, int timeout)
{
	struct epoll_event event;

	return epoll_wait(epoll, &event, 1, timeout);
}

static int unread(int fd)
{
	int bytes = -1;

	must(ioctl(fd, SIOCINQ, &bytes));
	return bytes;
}

static void reading(void)
{
	int ends[2];
	char text[16];

	tcp_pair(ends);
	set_nonblocking(ends[SERVER], true);
	int edge = epoll_on(ends[SERVER], EPOLLIN | EPOLLET);
	int level = epoll_on(ends[SERVER], EPOLLIN);

	send_all(ends[CLIENT], "0123456789", 10);
	fact(events(edge, -1), "edge events, 10 bytes have come");
	fact(recv(ends[SERVER], text, 4, 0), "server recv of 4");
	fact(events(edge, 0), "edge events");
	fact(unread(ends[SERVER]), "bytes unread");
	fact(events(level, 0), "level events");
	send_all(ends[CLIENT], "a", 1);
	fact(events(edge, -1), "edge events, 1 byte more");
	fact(recv(ends[SERVER], text, sizeof(text), 0), "server recv of 16");
	fact(recv(ends[SERVER], text, sizeof(text), 0), "server recv of 16");
	send_all(ends[CLIENT], "b", 1);
	fact(events(edge, -1), "edge events, drained, 1 byte more");
}

/* Connect, and see to it that the kernel has told whoever watches the listener: an edge of our own
 * has come, and poll(), which takes the lock under which the others are told, is through. */
static void arrive(int listener, int watch)
{
	connect_loopback(listener);
	if (events(watch, -1) != 1)
		die("no event for a connection");
	await_poll(listener, POLLIN);
}

static void accepting(void)
{
	int listener = listen_loopback(8), accepted = 0;

	set_nonblocking(listener, true);
	int edge = epoll_on(listener, EPOLLIN | EPOLLET);
	int watch = epoll_on(listener, EPOLLIN | EPOLLET);

	for (int i = 0; i < 3; i++)
		arrive(listener, watch);
	fact(events(edge, -1), "listener edge events, 3 clients have come");
	must(accept4(listener, NULL, NULL, SOCK_CLOEXEC));
	fact(events(edge, 0), "listener edge events, 1 accepted");
	arrive(listener, watch);
	fact(events(edge, -1), "listener edge events, 1 client more");
	while (accept4(listener, NULL, NULL, SOCK_CLOEXEC) != -1)
		accepted++;
	fact_text("accept until", "%s", errno_name(errno));
	fact(accepted, "accepted then");
}

static void scene(void)
{
	reading();
	accepting();
}

int main(void)
{
	return over_both_families(scene);
}
