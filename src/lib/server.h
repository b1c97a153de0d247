/*
 * server: what all servers do alike before and after they serve: options, a listener, the line
 * that says it is ready, accept() with everything that can go wrong in it, statistics.
 */
#ifndef CSDESIGN_SERVER_H
#define CSDESIGN_SERVER_H

#include <stdbool.h>
#include <sys/socket.h>

#include "conn.h"

/* How the options stand. */
struct server {
	struct sockaddr_storage address; /* -i, -p */
	socklen_t address_length;
	int backlog;        /* -b */
	int children;       /* -n, in servers that have a pool */
	unsigned grace;     /* -g: seconds that clients have to finish when the server stops */
	struct rules rules; /* -m, -1, -w */
};

/* Whether -n exists. */
enum server_kind { NO_POOL, HAS_POOL };

/* Read the options; `summary` is the technique in one line, for -h. Ends the program at -h
 * (status 0) and with one line and status 2 where an option is wrong. */
struct server server_options(int argc, char **argv, enum server_kind kind, const char *summary);

/* A listening socket. `flags`: SOCK_NONBLOCK or 0. What it hands on to the sockets that it
 * accepts (TCP_NODELAY and the timeouts) costs no call per connection. */
int server_listen(const struct server *server, int flags);

/* One of several listeners on one port (SO_REUSEPORT). The first fixes the port in *server. */
int server_listen_shared(struct server *server);

/* Print `ready PORT`, flushed. */
void server_ready(int listener);

/* As many descriptors as the hard limit allows: for servers that hold many connections in one
 * process. */
void server_raise_descriptors(void);

/* accept4() with these flags and SOCK_CLOEXEC. -1: no connection this time, see whether to stop.
 * When there is no descriptor or memory for another, it says so (at most once a second) and
 * returns after a tenth of one: clients wait in the backlog meanwhile and none is lost; polling is
 * all that is left where nothing tells when some other process gives a descriptor back. */
int server_accept(int listener, int flags);

/* The same without the pause: returns -1 with errno ENFILE for all such shortages, else EAGAIN. */
int server_try_accept(int listener, int flags);

/* Serve one connection in a process that has no other, then close it. */
void server_serve(const struct server *server, int fd);

/* Print the statistics' last line, `connections: 520`. */
void server_report(unsigned long connections);

#endif
