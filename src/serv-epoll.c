/*
 * serv-epoll: one process, many clients, epoll.
 *
 * The kernel keeps the set and hands back who is ready, so a turn costs what those cost, however
 * many thousands stand still (epoll(7)). Level-triggered: who was given only a part of its turn is
 * simply ready again. A descriptor that is closed leaves the set by itself.
 */
#include <sys/epoll.h>

#include "lib/crowd.h"
#include "lib/must.h"
#include "lib/stop.h"

enum { EVENTS = 64 };

static void watch(int epoll, int operation, int fd, unsigned events, struct conn *conn)
{
	struct epoll_event event = {.events = events, .data.ptr = conn};

	must(epoll_ctl(epoll, operation, fd, &event));
}

static void serve(struct crowd *crowd, int epoll, struct conn *conn)
{
	enum want before = conn->want;
	enum want want = crowd_advance(crowd, conn);

	if (want == WANT_CLOSE)
		crowd_close(crowd, conn);
	else if (want != before)
		watch(epoll, EPOLL_CTL_MOD, conn->fd, want == WANT_READ ? EPOLLIN : EPOLLOUT, conn);
}

int main(int argc, char **argv)
{
	struct server server =
		server_options(argc, argv, NO_POOL, "One process, many clients: epoll.");
	struct epoll_event events[EVENTS];
	bool listening = true;
	struct crowd crowd;

	server_raise_descriptors();
	crowd_start(&crowd, &server);

	int epoll = must(epoll_create1(EPOLL_CLOEXEC));

	watch(epoll, EPOLL_CTL_ADD, crowd.listener, EPOLLIN, NULL);
	while (crowd_goes_on(&crowd)) {
		if (crowd_listening(&crowd) != listening && !crowd.finishing) {
			listening = !listening;
			watch(epoll, EPOLL_CTL_MOD, crowd.listener, listening ? EPOLLIN : 0, NULL);
		}

		int ready = stop_wait(epoll_wait(epoll, events, EVENTS, crowd_patience(&crowd)));

		for (int i = 0; i < ready; i++) {
			struct conn *conn = events[i].data.ptr;

			if (conn)
				serve(&crowd, epoll, conn);
			else if ((conn = crowd_accept(&crowd)))
				watch(epoll, EPOLL_CTL_ADD, conn->fd, EPOLLIN, conn);
		}
	}
	crowd_report(&crowd);
	return 0;
}
