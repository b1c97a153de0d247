/*
 * signal/restart-matrix: a handler ends the calls of its own thread, by its flags and timeouts.
 *
 * Each call is asleep when the signal comes, in a process of one thread or of two. If the thread
 * that makes the call is the one that runs the handler, its call goes on with SA_RESTART and is
 * EINTR without; EINTR in any case where the socket has a timeout, and for poll() and epoll_wait(),
 * which are never restarted. A pipe has no timeouts, and its read() goes on. If another thread runs
 * the handler, the call sleeps on, whatever the flags: it is not even woken, as its count of
 * switches shows. kill() names a process, not a thread, and of several that would take the signal
 * the kernel picks the main thread, not the one that waits.
 *
 * So a signal gets a thread out of a call only if it is this thread's: send it by pthread_kill(),
 * or block it in all the others. And a pool of threads sees no EINTR of signals that the main
 * thread takes, until the day one of them is sent to a thread, or the main thread blocks it.
 */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "lib/cells.h"
#include "lib/family.h"
#include "lib/interrupt.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/stuck.h"

static int idle[2], full[2], limit; /* in milliseconds, or -1 */

static long call_read(void)
{
	char byte;

	return read(idle[0], &byte, 1);
}

static long call_sendmsg(void)
{
	struct iovec iov = {"x", 1};

	return sendmsg(full[0], &(struct msghdr){.msg_iov = &iov, .msg_iovlen = 1}, 0);
}

static long call_poll(void)
{
	return poll(&(struct pollfd){.fd = idle[0], .events = POLLIN}, 1, limit);
}

static long call_epoll_wait(void)
{
	struct epoll_event event = {.events = EPOLLIN};
	int epoll = must(epoll_create1(EPOLL_CLOEXEC));

	must(epoll_ctl(epoll, EPOLL_CTL_ADD, idle[0], &event));
	return epoll_wait(epoll, &event, 1, limit);
}

static void play(const char *whose, enum interrupted whom)
{
	static const struct blocking others[] = {{"sendmsg", call_sendmsg, NULL, NULL},
						 {"read", call_read, NULL, NULL},
						 {"poll", call_poll, NULL, NULL},
						 {"epoll_wait", call_epoll_wait, NULL, NULL}};
	enum { CALLS = STUCKS + sizeof(others) / sizeof(others[0]) };

	for (int row = 0; row < 4; row++) {
		bool restart = row % 2, timeouts = row / 2;
		struct cell cells[CALLS];
		char name[64];

		limit = timeouts ? 1000000 : -1;
		stuck_set_up(timeouts ? 1000 : 0);
		must(setsockopt(full[0], SOL_SOCKET, SO_SNDTIMEO,
				&(struct timeval){.tv_sec = timeouts ? 1000 : 0},
				sizeof(struct timeval)));
		for (int i = 0; i < CALLS; i++) {
			const struct blocking *call = i < STUCKS ? &stuck[i] : &others[i - STUCKS];

			cells[i] =
				cell(call->name, interrupt(call, restart ? SA_RESTART : 0, whom));
		}
		snprintf(name, sizeof(name), "%s%s%s", whose, restart ? ", SA_RESTART" : "",
			 timeouts ? ", timeouts" : "");
		fact_cells(name, "in", cells, CALLS);
	}
}

static void scene(void)
{
	must(pipe2(idle, O_CLOEXEC));
	must(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, full));
	while (send(full[0], "x", 1, MSG_DONTWAIT) == 1)
		continue;
	play("the only thread's", ONLY_THREAD);
	play("the caller's", CALLER);
	play("the process's", MAIN_THREAD);
	play("another thread's", OTHER_THREAD);
}

int main(void)
{
	return over_both_families(scene);
}
