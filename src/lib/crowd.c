#include "crowd.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "must.h"
#include "stop.h"

/* Milliseconds until accept() is tried again where nobody left meanwhile. */
enum { SHORTAGE = 100 };

/* Milliseconds; coarse, because it is read whenever a connection moves. */
static long now(void)
{
	struct timespec time;

	must(clock_gettime(CLOCK_MONOTONIC_COARSE, &time));
	return time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

void crowd_start(struct crowd *crowd, const struct server *server)
{
	*crowd = (struct crowd){.rules = &server->rules};
	crowd->listener = server_listen(server, SOCK_NONBLOCK);
	stop_catch(crowd->listener, server->grace);
	server_ready(crowd->listener);
}

static void append(struct crowd *crowd, struct conn *conn)
{
	conn->older = crowd->newest;
	conn->newer = NULL;
	if (crowd->newest)
		crowd->newest->newer = conn;
	else
		crowd->oldest = conn;
	crowd->newest = conn;
	conn->moved_at = now();
}

static void unlink_conn(struct crowd *crowd, struct conn *conn)
{
	if (conn->older)
		conn->older->newer = conn->newer;
	else
		crowd->oldest = conn->newer;
	if (conn->newer)
		conn->newer->older = conn->older;
	else
		crowd->newest = conn->older;
}

static long deadline(const struct crowd *crowd, const struct conn *conn)
{
	return conn->moved_at + crowd->rules->patience * 1000L;
}

bool crowd_goes_on(struct crowd *crowd)
{
	if (stop_requested() && !crowd->finishing) {
		crowd->finishing = true;
		must(close(crowd->listener));
		/* What has arrived is still read and answered, then comes the end of file. */
		for (struct conn *conn = crowd->oldest; conn; conn = conn->newer)
			shutdown(conn->fd, SHUT_RD);
	}
	if (crowd->full_until && now() >= crowd->full_until)
		crowd->full_until = 0;
	if (crowd->rules->patience)
		while (crowd->oldest && !crowd->oldest->late &&
		       now() >= deadline(crowd, crowd->oldest)) {
			struct conn *conn = crowd->oldest;

			conn->late = true;
			shutdown(conn->fd, SHUT_RDWR);
			unlink_conn(crowd, conn);
			append(crowd, conn);
		}
	return !crowd->finishing || (crowd->present > 0 && !stop_cut());
}

bool crowd_listening(const struct crowd *crowd)
{
	return !crowd->finishing && !crowd->full_until;
}

int crowd_patience(const struct crowd *crowd)
{
	int grace = stop_remaining();
	long until = crowd->full_until;

	if (crowd->rules->patience && crowd->oldest && !crowd->oldest->late &&
	    (!until || deadline(crowd, crowd->oldest) < until))
		until = deadline(crowd, crowd->oldest);
	if (!until)
		return grace;

	int rest = until > now() ? (int)(until - now()) : 0;

	return grace >= 0 && grace < rest ? grace : rest;
}

struct conn *crowd_accept(struct crowd *crowd)
{
	int fd = server_try_accept(crowd->listener, SOCK_NONBLOCK);

	if (fd == -1) {
		if (errno == ENFILE)
			crowd->full_until = now() + SHORTAGE;
		return NULL;
	}

	struct conn *conn = malloc(sizeof(*conn));

	if (!conn) {
		complain("malloc: ENOMEM; a client is turned away");
		must(close(fd));
		return NULL;
	}
	conn_start(conn, fd, crowd->rules);
	append(crowd, conn);
	crowd->connections++;
	crowd->present++;
	return conn;
}

enum want crowd_advance(struct crowd *crowd, struct conn *conn)
{
	conn->want = conn_advance(conn);
	if (conn->moved && conn != crowd->newest) {
		unlink_conn(crowd, conn);
		append(crowd, conn);
	} else if (conn->moved) {
		conn->moved_at = now();
	}
	return conn->want;
}

void crowd_close(struct crowd *crowd, struct conn *conn)
{
	unlink_conn(crowd, conn);
	must(close(conn->fd));
	free(conn);
	crowd->present--;
	crowd->full_until = 0; /* there is a descriptor again */
}

void crowd_report(struct crowd *crowd)
{
	for (struct conn *conn = crowd->oldest, *next; conn; conn = next) {
		next = conn->newer;
		conn_complain(conn, "cut off, the grace is over");
		crowd_close(crowd, conn);
	}
	server_report(crowd->connections);
}
