/*
 * epoll/readiness-matrix: select(), poll() and epoll in all its ways agree on what is ready.
 *
 * All ask one function of the socket. For each state of a connection, idle, data, FIN, both ends
 * shut, reset, its error taken, they are asked whether it is readable and whether it is writable:
 * select() by its sets, poll() by IN and OUT, and epoll level triggered, edge triggered and
 * one-shot by an event of a new entry, which is told at once what holds already. That the last two
 * tell it only once is another matter (epoll/edge-retrigger). Where all agree there is one fact;
 * one who deviates would be named.
 *
 * So the way to wait can be exchanged without a thought for what "ready" means; with poll() and
 * epoll ERR and HUP come besides, which select() shows as readable and writable.
 */
#include <poll.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/variants.h"

static int by_select(int fd)
{
	struct timeval none = {0};
	fd_set in, out;

	FD_ZERO(&in);
	FD_ZERO(&out);
	FD_SET(fd, &in);
	FD_SET(fd, &out);
	must(select(fd + 1, &in, &out, NULL, &none));
	return (FD_ISSET(fd, &in) ? POLLIN : 0) | (FD_ISSET(fd, &out) ? POLLOUT : 0);
}

static int by_epoll(int fd, uint32_t how)
{
	struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | how};
	int epoll = must(epoll_create1(EPOLL_CLOEXEC));

	must(epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event));
	event.events = 0;
	must(epoll_wait(epoll, &event, 1, 0));
	must(close(epoll));
	return (int)event.events & (POLLIN | POLLOUT);
}

static void tell(const char *state, int fd)
{
	static const char *const names[] = {"select", "epoll", "epoll, EPOLLET",
					    "epoll, EPOLLONESHOT"};
	struct pollfd entry = {.fd = fd, .events = POLLIN | POLLOUT};

	must(poll(&entry, 1, 0));

	int expected = entry.revents & (POLLIN | POLLOUT);
	int seen[] = {by_select(fd), by_epoll(fd, 0), by_epoll(fd, EPOLLET),
		      by_epoll(fd, EPOLLONESHOT)};

	fact_text(state, "%s", poll_mask(expected));
	for (int i = 0; i < 4; i++)
		if (seen[i] != expected)
			fact_text(names[i], "%s", poll_mask(seen[i]));
}

static void scene(void)
{
	int ends[2], reset[2];
	char byte;

	connected_pair(ends);
	tell("idle", ends[0]);
	send_all(ends[1], "x", 1);
	await_poll(ends[0], POLLIN);
	tell("data", ends[0]);
	must(shutdown(ends[1], SHUT_WR));
	if (tcp_played) /* of AF_UNIX it is there at once */
		await_hangup(ends[0]);
	tell("data and FIN", ends[0]);
	recv_all(ends[0], &byte, 1);
	tell("FIN", ends[0]);
	must(shutdown(ends[0], SHUT_WR));
	tell("both shut", ends[0]);
	must_n(recv(ends[0], &byte, 1, 0));
	tell("both shut, 0 was read", ends[0]);

	connected_pair(reset);
	send_all(reset[0], "x", 1);
	await_poll(reset[1], POLLIN);
	must(close(reset[1])); /* unread */
	if (tcp_played)
		await_poll(reset[0], POLLERR);
	tell("reset", reset[0]);
	must(recv(reset[0], &byte, 1, 0) == -1 ? 0 : -1);
	tell("reset, error taken", reset[0]);
}

int main(void)
{
	return over_connected_types(scene);
}
