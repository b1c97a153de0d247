/*
 * segment/lowat-readiness: below SO_RCVLOWAT poll() is silent, and recv() reads all the same.
 *
 * SO_RCVLOWAT is the number of bytes that make a TCP socket readable: here 10. With 5 there,
 * poll(), select() and epoll see nothing to read, with 10 they do, and so they do with 5 when the
 * stream has ended and no more can come. A non-blocking recv() does not ask for the mark: it
 * returns what there is. For a Unix-domain socket the option can be set and read, but its poll()
 * ignores it.
 *
 * So with the mark a program that needs whole headers is woken when one may be there, not for each
 * segment; but it must still count what it got.
 */
#include <poll.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"

static void look(int fd, const char *when)
{
	struct pollfd entry = {.fd = fd, .events = POLLIN};
	struct epoll_event event = {.events = EPOLLIN};
	struct timeval now = {0};
	int epoll = must(epoll_create1(EPOLL_CLOEXEC));
	fd_set readable;

	FD_ZERO(&readable);
	FD_SET(fd, &readable);
	must(epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event));
	fact(poll(&entry, 1, 0), "%s, poll", when);
	fact(select(fd + 1, &readable, NULL, NULL, &now), "%s, select", when);
	fact(epoll_wait(epoll, &event, 1, 0), "%s, epoll_wait", when);
	must(close(epoll));
}

static void scene(void)
{
	char data[20];
	int ends[2];

	tcp_pair(ends);
	set_option(ends[SERVER], SOL_SOCKET, SO_RCVLOWAT, 10);

	send_all(ends[CLIENT], "01234", 5);
	await_input(ends[SERVER], 5);
	look(ends[SERVER], "5 bytes");
	fact(recv(ends[SERVER], data, sizeof(data), MSG_DONTWAIT | MSG_PEEK), "5 bytes, recv");
	send_all(ends[CLIENT], "56789", 5);
	await_input(ends[SERVER], 10);
	look(ends[SERVER], "10 bytes");
	recv_all(ends[SERVER], data, 10);

	send_all(ends[CLIENT], "01234", 5);
	must(shutdown(ends[CLIENT], SHUT_WR));
	await_hangup(ends[SERVER]);
	look(ends[SERVER], "5 bytes and the end");

	must(close(ends[CLIENT]));
	must(close(ends[SERVER]));
}

static void unix_scene(int type, const char *when)
{
	int ends[2];

	must(socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, ends));
	set_option(ends[1], SOL_SOCKET, SO_RCVLOWAT, 10);
	fact(get_option(ends[1], SOL_SOCKET, SO_RCVLOWAT), "%s, SO_RCVLOWAT", when);
	send_all(ends[0], "01234", 5);
	look(ends[1], when);
	must(close(ends[0]));
	must(close(ends[1]));
}

int main(void)
{
	int status = over_both_families(scene);

	if (status != 0)
		return status;
	unix_scene(SOCK_STREAM, "Unix STREAM, 5 bytes");
	unix_scene(SOCK_SEQPACKET, "Unix SEQPACKET, 5 bytes");
	unix_scene(SOCK_DGRAM, "Unix DGRAM, 5 bytes");
	return 0;
}
