/*
 * serv-select: one process, many clients, select().
 *
 * Two sets, who waits to be read and who to be written, are kept; select() gets copies, since it
 * leaves in them who is ready (UNP 6.8). Two limits are select()'s own: every turn looks at every
 * descriptor up to the highest, and an fd_set ends at FD_SETSIZE. FD_SET() beyond its end would
 * overwrite what stands behind it, so such a client is turned away (select(2), BUGS).
 */
#include <stdio.h>
#include <sys/select.h>

#include "lib/crowd.h"
#include "lib/must.h"
#include "lib/stop.h"

static struct {
	struct conn *conns[FD_SETSIZE]; /* by descriptor */
	int highest;
	fd_set reading, writing;
} table;

static void watch(struct conn *conn)
{
	FD_CLR(conn->fd, conn->want == WANT_READ ? &table.writing : &table.reading);
	FD_SET(conn->fd, conn->want == WANT_READ ? &table.reading : &table.writing);
}

static void enter(struct crowd *crowd, struct conn *conn)
{
	if (conn->fd >= FD_SETSIZE) {
		conn_complain(conn, "turned away: descriptor %d does not fit in an fd_set of %d",
			      conn->fd, FD_SETSIZE);
		crowd_close(crowd, conn);
		return;
	}
	table.conns[conn->fd] = conn;
	if (conn->fd > table.highest)
		table.highest = conn->fd;
	watch(conn);
}

static void serve(struct crowd *crowd, struct conn *conn)
{
	if (crowd_advance(crowd, conn) != WANT_CLOSE) {
		watch(conn);
		return;
	}
	FD_CLR(conn->fd, &table.reading);
	FD_CLR(conn->fd, &table.writing);
	table.conns[conn->fd] = NULL;
	crowd_close(crowd, conn);
}

int main(int argc, char **argv)
{
	struct server server =
		server_options(argc, argv, NO_POOL, "One process, many clients: select().");
	struct crowd crowd;

	crowd_start(&crowd, &server);
	table.highest = crowd.listener;
	if (crowd.listener >= FD_SETSIZE)
		die("descriptor %d does not fit in an fd_set of %d", crowd.listener, FD_SETSIZE);

	while (crowd_goes_on(&crowd)) {
		fd_set readable = table.reading, writable = table.writing;

		if (crowd_listening(&crowd))
			FD_SET(crowd.listener, &readable);

		int patience = crowd_patience(&crowd);
		struct timeval timeout = {patience / 1000, patience % 1000 * 1000L};
		int ready = stop_wait(select(table.highest + 1, &readable, &writable, NULL,
					     patience == -1 ? NULL : &timeout));

		if (ready > 0 && crowd_listening(&crowd) && FD_ISSET(crowd.listener, &readable)) {
			struct conn *conn = crowd_accept(&crowd);

			if (conn)
				enter(&crowd, conn);
			ready--;
		}
		for (int fd = 0; ready > 0 && fd <= table.highest; fd++) {
			if (!table.conns[fd] ||
			    !(FD_ISSET(fd, &readable) || FD_ISSET(fd, &writable)))
				continue;
			serve(&crowd, table.conns[fd]);
			ready--;
		}
	}
	crowd_report(&crowd);
	return 0;
}
