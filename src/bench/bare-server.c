/*
 * bare-server: the least code that each design needs: what the kernel alone costs.
 *
 * The same work as that of the servers, accept, recv, send, recv the end, close, with nothing
 * around it: no request is parsed, no failure met, nobody is timed out. A server here is worth
 * what it takes beyond this (docs/bench.md). The replies are the pattern, so that the client's
 * checks pass.
 */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/select.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/must.h"
#include "lib/net.h"
#include "lib/pattern.h"
#include "lib/proc.h"
#include "lib/scm.h"
#include "lib/server.h"
#include "lib/stop.h"
#include "lib/tally.h"

enum { DESCRIPTORS = 65536 };

static struct server server = {.backlog = SOMAXCONN};
static int *listeners, listener, children = 10;
static struct tally *tallies; /* one a child; of the designs without, the first */
static char *reply;
static size_t reply_size = 4096;
static bool web; /* an HTTP reply, and the server closes first */

/* What a descriptor still awaits: its request, or its end. */
static bool answered[DESCRIPTORS];

static void answer(int fd)
{
	char request[256];

	must_n(recv(fd, request, sizeof(request), 0));
	must_n(send(fd, reply, reply_size, 0));
}

static void serve(int fd)
{
	char end;

	answer(fd);
	if (!web)
		must_n(recv(fd, &end, 1, 0));
	must(close(fd));
}

/* One turn of a connection that is ready; returns whether it is over. */
static bool turn(int fd)
{
	answered[fd] = !answered[fd];
	if (answered[fd]) {
		answer(fd);
		if (!web)
			return false;
		answered[fd] = false;
	} else {
		char end;

		must_n(recv(fd, &end, 1, 0));
	}
	must(close(fd));
	return true;
}

/* The loop of whoever accepts and serves. */
static void accept_all(int child)
{
	for (int fd; (fd = accept(listeners[child], NULL, NULL)) != -1;) {
		tally_count(&tallies[child]);
		serve(fd);
	}
}

static void iterative(void)
{
	accept_all(0);
}

static void by_fork(void)
{
	for (int fd; (fd = accept(listener, NULL, NULL)) != -1;) {
		tally_count(tallies);
		if (must(fork()) == 0) {
			serve(fd);
			_exit(0);
		}
		must(close(fd));
		while (waitpid(-1, NULL, WNOHANG) > 0)
			;
	}
}

static void *thread(void *arg)
{
	serve((int)(intptr_t)arg);
	return NULL;
}

static void start_thread(void *(*run)(void *), int number)
{
	pthread_attr_t attributes;
	pthread_t id;

	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, (size_t)128 * 1024);
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	/* NOLINTNEXTLINE(performance-no-int-to-ptr): a number is all a thread needs to know */
	int err = pthread_create(&id, &attributes, run, (void *)(intptr_t)number);

	if (err)
		die("pthread_create: %s", errno_name(err));
}

static void by_thread(void)
{
	for (int fd; (fd = accept(listener, NULL, NULL)) != -1;) {
		tally_count(tallies);
		start_thread(thread, fd);
	}
}

/* Children, each doing the same; they end with this process. */
static void fork_children(void (*work)(int child))
{
	for (int child = 0; child < children; child++)
		if (must_fork() == 0) {
			work(child);
			_exit(0);
		}
}

static void prefork(void)
{
	fork_children(accept_all);
	server_ready(listener);
	stop_await(listener);
}

static void *accepting_thread(void *arg)
{
	accept_all((int)(intptr_t)arg);
	return NULL;
}

static void prethread(void)
{
	for (int child = 0; child < children; child++)
		start_thread(accepting_thread, child);
	server_ready(listener);
	stop_await(listener);
}

static int (*channels)[2];

static void take_and_serve(int child)
{
	int channel = channels[child][1], fd;
	size_t count = 1;
	char byte;

	while (recv_fds(channel, &byte, 1, &fd, &count, NULL) > 0) {
		serve(fd);
		must_n(write(channel, "", 1));
	}
}

static void pass(void)
{
	size_t size = (size_t)children + 1;
	static struct pollfd *entries;
	static bool *busy;

	entries = must_ptr(calloc(size, sizeof(*entries)));
	busy = must_ptr(calloc(size, sizeof(*busy)));
	channels = must_ptr(calloc(size, sizeof(*channels)));
	entries[children].fd = listener;
	for (int i = 0; i < children; i++) {
		must(socketpair(AF_UNIX, SOCK_STREAM, 0, channels[i]));
		entries[i] = (struct pollfd){.fd = channels[i][0], .events = POLLIN};
	}
	fork_children(take_and_serve);
	server_ready(listener);
	while (!stop_requested()) {
		int first = 0, fd;
		char byte;

		while (first < children && busy[first])
			first++;
		entries[children].events = first < children ? POLLIN : 0;
		if (stop_wait(poll(entries, size, -1)) == -1)
			continue;
		for (int i = 0; i < children; i++)
			if (entries[i].revents) {
				must_n(read(entries[i].fd, &byte, 1));
				busy[i] = false;
			}
		if (!(entries[children].revents & POLLIN) ||
		    (fd = accept(listener, NULL, NULL)) == -1)
			continue;
		tally_count(&tallies[first]);
		must_n(send_fds(entries[first].fd, "", 1, &fd, 1));
		must(close(fd));
		busy[first] = true;
	}
}

static void by_select(void)
{
	fd_set watched;
	int highest = listener;

	FD_ZERO(&watched);
	FD_SET(listener, &watched);
	for (;;) {
		fd_set ready = watched;
		int count = stop_wait(select(highest + 1, &ready, NULL, NULL, NULL));

		for (int fd = 0; count > 0 && fd <= highest; fd++) {
			if (!FD_ISSET(fd, &ready))
				continue;
			count--;
			if (fd == listener) {
				int new = accept(listener, NULL, NULL);

				if (new == -1)
					return;
				tally_count(tallies);
				FD_SET(new, &watched);
				highest = new > highest ? new : highest;
			} else if (turn(fd)) {
				FD_CLR(fd, &watched);
			}
		}
	}
}

static void by_poll(void)
{
	static struct pollfd entries[DESCRIPTORS];
	nfds_t used = 1;

	entries[0] = (struct pollfd){.fd = listener, .events = POLLIN};
	for (;;) {
		stop_wait(poll(entries, used, -1));
		for (nfds_t i = used - 1; i > 0; i--)
			if (entries[i].revents && turn(entries[i].fd))
				entries[i] = entries[--used];
		if (entries[0].revents) {
			int fd = accept(listener, NULL, NULL);

			if (fd == -1)
				return;
			tally_count(tallies);
			entries[used++] = (struct pollfd){.fd = fd, .events = POLLIN};
		}
	}
}

static void watch(int epoll, int fd, unsigned events)
{
	struct epoll_event event = {.events = events, .data.fd = fd};

	must(epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event));
}

static void by_epoll(void)
{
	struct epoll_event events[64];
	int epoll = must(epoll_create1(0));

	watch(epoll, listener, EPOLLIN);
	for (;;) {
		int ready = stop_wait(epoll_wait(epoll, events, 64, -1));

		for (int i = 0; i < ready; i++) {
			if (events[i].data.fd != listener) {
				turn(events[i].data.fd);
				continue;
			}
			int fd = accept(listener, NULL, NULL);

			if (fd == -1)
				return;
			tally_count(tallies);
			watch(epoll, fd, EPOLLIN);
		}
	}
}

/* One edge may be that of a request and of the end behind it. */
static void turn_of_edge(int fd)
{
	char end;

	if (!answered[fd])
		answer(fd);
	answered[fd] = recv(fd, &end, 1, MSG_DONTWAIT) == -1; /* EAGAIN: another edge will come */
	if (!answered[fd])
		must(close(fd));
}

static void by_epoll_edge(void)
{
	struct epoll_event events[64];
	int epoll = must(epoll_create1(0));

	set_nonblocking(listener, true);
	watch(epoll, listener, EPOLLIN | EPOLLET);
	for (;;) {
		int ready = stop_wait(epoll_wait(epoll, events, 64, -1));

		for (int i = 0; i < ready; i++) {
			if (events[i].data.fd != listener) {
				turn_of_edge(events[i].data.fd);
				continue;
			}
			for (int fd; (fd = accept(listener, NULL, NULL)) != -1;) {
				tally_count(tallies);
				watch(epoll, fd, EPOLLIN | EPOLLET);
			}
			if (errno != EAGAIN)
				return;
		}
	}
}

/* Children that wait for the listener each in an epoll of its own: all are woken by a connection,
 * or with EPOLLEXCLUSIVE at least one; who comes too late gets EAGAIN. */
static unsigned interest;

static void wait_and_accept(int child)
{
	struct epoll_event event;
	int epoll = must(epoll_create1(0));

	watch(epoll, listener, EPOLLIN | interest);
	for (;;) {
		stop_wait(epoll_wait(epoll, &event, 1, -1));
		int fd = accept(listener, NULL, NULL);

		if (fd != -1) {
			tally_count(&tallies[child]);
			serve(fd);
		} else if (errno == EINVAL) { /* shut down */
			return;
		}
	}
}

static void herd(void)
{
	set_nonblocking(listener, true);
	fork_children(wait_and_accept);
	server_ready(listener);
	stop_await(listener);
}

static void exclusive(void)
{
	interest = EPOLLEXCLUSIVE;
	herd();
}

static const struct design {
	const char *name;
	void (*run)(void);
	enum { NOBODY, CHILDREN, THREADS } pool;
} designs[] = {
	{"iterative", iterative, NOBODY},
	{"fork", by_fork, NOBODY},
	{"thread", by_thread, NOBODY},
	{"select", by_select, NOBODY},
	{"poll", by_poll, NOBODY},
	{"epoll", by_epoll, NOBODY},
	{"epoll-edge", by_epoll_edge, NOBODY},
	{"prefork", prefork, CHILDREN},
	{"prefork-pass", pass, CHILDREN},
	{"reuseport", prefork, CHILDREN},
	{"prethread", prethread, THREADS},
	{"herd", herd, CHILDREN},
	{"exclusive", exclusive, CHILDREN},
};
enum { DESIGNS = sizeof(designs) / sizeof(designs[0]) };

static const struct design *design_named(const char *name)
{
	for (int i = 0; i < DESIGNS; i++)
		if (strcmp(designs[i].name, name) == 0)
			return &designs[i];
	usage_error("no design '%s', see -h", name);
}

static void usage(void)
{
	printf("usage: %s [-p PORT] [-n CHILDREN] [-b BYTES] [-w] DESIGN\n"
	       "The least code for a server of this design.\n\n"
	       "  -p PORT      listen at 127.0.0.1 and this port (0: the kernel chooses)\n"
	       "  -n CHILDREN  of the designs that have some (10)\n"
	       "  -b BYTES     of each reply, whatever is asked (4096)\n"
	       "  -w           for a web client: a header first, and the server ends the stream\n"
	       "  -h           print this\n\n"
	       "DESIGN:",
	       program_invocation_short_name);
	for (int i = 0; i < DESIGNS; i++)
		printf(" %s", designs[i].name);
	printf("\n");
	exit(EXIT_SUCCESS);
}

static void make_reply(void)
{
	char header[128] = "";
	int length = 0;

	if (web)
		length = snprintf(header, sizeof(header),
				  "HTTP/1.0 200 OK\r\nContent-Length: %zu\r\n\r\n", reply_size);
	reply = must_ptr(malloc((size_t)length + reply_size));
	memcpy(reply, header, (size_t)length);
	for (size_t i = 0; i < reply_size; i++)
		reply[(size_t)length + i] = *pattern_at(i);
	reply_size += (size_t)length;
}

int main(int argc, char **argv)
{
	const char *port = "0";

	opterr = 0;
	for (int option; (option = getopt(argc, argv, ":hp:n:b:w")) != -1;) {
		switch (option) {
		case 'h': usage(); break;
		case 'p':
			parse_number(optarg, 0, 65535, "-p");
			port = optarg;
			break;
		case 'n': children = (int)parse_number(optarg, 1, 4096, "-n"); break;
		case 'b': reply_size = (size_t)parse_number(optarg, 1, INT32_MAX, "-b"); break;
		case 'w': web = true; break;
		case ':': usage_error("-%c needs a value", optopt);
		default: usage_error("no option -%c, see -h", optopt);
		}
	}
	if (optind != argc - 1)
		usage_error("one DESIGN is needed, see -h");
	const struct design *design = design_named(argv[optind]);
	bool shared = strcmp(design->name, "reuseport") == 0;

	if (design->pool == NOBODY)
		children = 1;
	make_reply();
	server_raise_descriptors();
	server.address_length = resolve("127.0.0.1", port, &server.address);
	listeners = must_ptr(calloc((size_t)children, sizeof(*listeners)));
	for (int i = 0; i < children; i++)
		listeners[i] = shared   ? server_listen_shared(&server)
			       : i == 0 ? server_listen(&server, 0)
					: listeners[0];
	listener = listeners[0];
	tallies = tally_make(children);
	stop_catch(listener, 0);
	if (design->pool == NOBODY)
		server_ready(listener);
	design->run();

	/* Whoever still waits sees the end, too. */
	for (int i = 0; i < children; i++) {
		shutdown(listeners[i], SHUT_RDWR);
		if (channels)
			shutdown(channels[i][0], SHUT_RDWR);
	}
	while (wait(NULL) != -1)
		;
	tally_report(tallies, children, design->pool == THREADS ? "thread" : "child");
	return 0;
}
