#include "server.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "must.h"
#include "net.h"
#include "proc.h"
#include "stop.h"

static _Noreturn void usage(enum server_kind kind, const char *summary)
{
	printf("usage: %s [-1] [-i ADDRESS] [-p PORT] %s[-b BACKLOG] [-m MAX] [-w SECONDS]"
	       " [-g SECONDS]\n"
	       "%s\n\n"
	       "A client sends a decimal count and a newline, gets that many bytes, and so on.\n\n"
	       "  -i ADDRESS  listen at this address or name (127.0.0.1)\n"
	       "  -p PORT     listen at this port (2000); 0: the kernel chooses\n",
	       program_invocation_short_name, kind == HAS_POOL ? "[-n CHILDREN] " : "", summary);
	if (kind == HAS_POOL)
		printf("  -n CHILDREN how many serve (10)\n");
	printf("  -b BACKLOG  connections that may wait to be accepted (%d); the kernel cuts it "
	       "to\n"
	       "              net.core.somaxconn. A short queue drops SYNs, each worth a second\n"
	       "  -m MAX      bytes a request may ask for (1 GiB)\n"
	       "  -w SECONDS  close a connection on which nothing moved for so long (60; 0: "
	       "never)\n"
	       "  -g SECONDS  at SIGINT or SIGTERM, cut what has not finished after so long (10)\n"
	       "  -1          one read is one request, for clients that send no newline\n"
	       "  -h          print this\n",
	       SOMAXCONN);
	exit(EXIT_SUCCESS);
}

struct server server_options(int argc, char **argv, enum server_kind kind, const char *summary)
{
	const char *address = "127.0.0.1", *port = "2000";
	struct server server = {
		.backlog = SOMAXCONN,
		.children = 10,
		.grace = 10,
		.rules = {.limit = 1UL << 30, .patience = 60},
	};
	int option;

	/* Not MSG_NOSIGNAL: a line to a stderr that nobody reads must not end a server either. */
	on_signal(SIGPIPE, SIG_IGN, 0);
	opterr = 0;
	while ((option = getopt(argc, argv,
				kind == HAS_POOL ? ":1hi:p:b:m:w:g:n:" : ":1hi:p:b:m:w:g:")) !=
	       -1) {
		switch (option) {
		case '1': server.rules.read_is_request = true; break;
		case 'h': usage(kind, summary);
		case 'i': address = optarg; break;
		case 'p':
			parse_number(optarg, 0, 65535, "-p");
			port = optarg;
			break;
		case 'b': server.backlog = (int)parse_number(optarg, 0, INT32_MAX, "-b"); break;
		case 'm':
			server.rules.limit =
				(uint64_t)parse_number(optarg, 0, INT64_MAX / 16, "-m");
			break;
		case 'w': server.rules.patience = (int)parse_number(optarg, 0, 86400, "-w"); break;
		case 'g': server.grace = (unsigned)parse_number(optarg, 0, 86400, "-g"); break;
		case 'n': server.children = (int)parse_number(optarg, 1, 4096, "-n"); break;
		case ':': usage_error("-%c needs a value", optopt);
		default: usage_error("no option -%c, see -h", optopt);
		}
	}
	if (optind < argc)
		usage_error("what is '%s'? see -h", argv[optind]);
	server.address_length = resolve(address, port, &server.address);
	return server;
}

static int open_listener(const struct server *server, int flags, bool shared)
{
	const struct sockaddr *address = (const struct sockaddr *)&server->address;
	struct timeval patience = {.tv_sec = server->rules.patience};
	int fd = must(socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC | flags, 0));

	/* Connections of a former server in TIME_WAIT do not keep the port. */
	set_option(fd, SOL_SOCKET, SO_REUSEADDR, 1);
	if (shared)
		set_option(fd, SOL_SOCKET, SO_REUSEPORT, 1);
	/* Several short replies in a row must not wait for each other's ACK (Nagle). */
	set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
	must(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)));
	must(setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience)));
	if (bind(fd, address, server->address_length) == -1)
		die("bind %s: %s", address_text(address, server->address_length),
		    errno_name(errno));
	if (listen(fd, server->backlog) == -1)
		die("listen %s: %s", address_text(address, server->address_length),
		    errno_name(errno));
	return fd;
}

int server_listen(const struct server *server, int flags)
{
	return open_listener(server, flags, false);
}

int server_listen_shared(struct server *server)
{
	int fd = open_listener(server, 0, true);
	socklen_t length = sizeof(server->address);

	must(getsockname(fd, (struct sockaddr *)&server->address, &length));
	return fd;
}

void server_ready(int listener)
{
	printf("ready %d\n", local_port(listener));
	if (fflush(stdout) == EOF)
		die("stdout: %s", errno_name(errno));
}

void server_raise_descriptors(void)
{
	struct rlimit limit;

	must(getrlimit(RLIMIT_NOFILE, &limit));
	limit.rlim_cur = limit.rlim_max;
	must(setrlimit(RLIMIT_NOFILE, &limit));
}

static void complain_of_shortage(int err)
{
	static _Atomic time_t last;
	struct timespec now;

	must(clock_gettime(CLOCK_MONOTONIC, &now));
	if (last && now.tv_sec <= last)
		return;
	last = now.tv_sec;
	complain("accept: %s; clients wait", errno_name(err));
}

int server_try_accept(int listener, int flags)
{
	int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | flags);

	if (fd != -1)
		return fd;
	switch (errno) {
	case EMFILE:
	case ENFILE:
	case ENOBUFS:
	case ENOMEM:
		complain_of_shortage(errno);
		errno = ENFILE;
		return -1;
	case EINTR:
	case EAGAIN: /* nobody there, or the listener's SO_RCVTIMEO has passed */
	case ECONNABORTED: break;
	case EINVAL: stop_listener_shut(); break;
	/* Linux hands on what befell the new connection: accept(2), ERRORS. */
	case EPERM:
	case EPROTO:
	case ENOPROTOOPT:
	case EOPNOTSUPP:
	case ENETDOWN:
	case ENETUNREACH:
	case EHOSTDOWN:
	case EHOSTUNREACH:
	case ENONET:
	case ETIMEDOUT: complain("accept: %s", errno_name(errno)); break;
	default: die("accept: %s", errno_name(errno));
	}
	errno = EAGAIN;
	return -1;
}

int server_accept(int listener, int flags)
{
	int fd = server_try_accept(listener, flags);

	if (fd == -1 && errno == ENFILE)
		nanosleep(&(struct timespec){.tv_nsec = 100000000}, NULL);
	return fd;
}

void server_serve(const struct server *server, int fd)
{
	stop_guard(fd);
	conn_serve(fd, &server->rules);
	stop_release();
	must(close(fd));
}

void server_report(unsigned long connections)
{
	printf("connections: %lu\n", connections);
	if (fflush(stdout) == EOF)
		die("stdout: %s", errno_name(errno));
}
