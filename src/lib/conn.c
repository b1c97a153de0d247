#include "conn.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "must.h"
#include "net.h"
#include "pattern.h"
#include "stop.h"

/* Bytes of replies in one turn. */
enum { TURN = PATTERN_PIECE };

void conn_start(struct conn *conn, int fd, const struct rules *rules)
{
	memset(conn, 0, offsetof(struct conn, input));
	conn->fd = fd;
	conn->rules = rules;
}

void conn_complain(const struct conn *conn, const char *format, ...)
{
	struct sockaddr_storage address;
	socklen_t length = sizeof(address);
	char what[256];
	va_list args;

	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	/* A connection that was reset has no peer any more. */
	if (getpeername(conn->fd, (struct sockaddr *)&address, &length) == -1)
		complain("a client: %s", what);
	else
		complain("%s: %s", address_text((struct sockaddr *)&address, length), what);
}

static enum want give_up(const struct conn *conn, const char *call)
{
	int err = errno;

	if (stop_cut())
		conn_complain(conn, "cut off, the grace is over");
	else if (conn->late)
		conn_complain(conn, "nothing moved for %d s", conn->rules->patience);
	else
		conn_complain(conn, "%s: %s", call, errno_name(err));
	return WANT_CLOSE;
}

/* Returns what recv() does. */
static ssize_t take_input(struct conn *conn)
{
	ssize_t got;

	do
		got = recv(conn->fd, conn->input, sizeof(conn->input), 0);
	while (got == -1 && errno == EINTR);
	if (got == -1)
		return got;
	conn->moved = true;
	conn->ended = got == 0;
	conn->taken = 0;
	conn->held = (unsigned)got;
	return got;
}

static ssize_t send_reply(struct conn *conn)
{
	uint64_t rest = conn->size - conn->sent;
	size_t piece = rest < PATTERN_PIECE ? rest : PATTERN_PIECE;
	ssize_t sent;

	do
		sent = send(conn->fd, pattern_at(conn->sent), piece, 0);
	while (sent == -1 && errno == EINTR);
	if (sent == -1)
		return sent;
	conn->moved = true;
	conn->sent += (uint64_t)sent;
	return sent;
}

/* The next request out of what was read. */
static enum request_state next_request(struct conn *conn)
{
	struct request *request = &conn->request;
	enum request_state state = REQUEST_OPEN;

	while (state == REQUEST_OPEN && conn->taken < conn->held)
		state = request_byte(request, conn->input[conn->taken++], conn->rules->limit);
	/* An end that stop.c made is not the client's: half a count is none. */
	if (state == REQUEST_OPEN && request->length > 0 &&
	    (conn->rules->read_is_request || (conn->ended && !stop_requested())))
		state = request_end(request);
	if (state == REQUEST_COMPLETE) {
		conn->size = request->count;
		conn->sent = 0;
		request_start(request);
	}
	return state;
}

enum want conn_advance(struct conn *conn)
{
	size_t turn = 0;

	conn->moved = false;
	/* When no reply is owed, all input was parsed: this turn, or the one that stopped short. */
	if (conn->sent == conn->size && !conn->ended && take_input(conn) == -1)
		return errno == EAGAIN ? WANT_READ : give_up(conn, "recv");
	for (;;) {
		while (conn->sent < conn->size) {
			if (turn >= TURN)
				return WANT_WRITE;
			ssize_t sent = send_reply(conn);

			if (sent == -1)
				return errno == EAGAIN ? WANT_WRITE : give_up(conn, "send");
			turn += (size_t)sent;
		}
		switch (next_request(conn)) {
		case REQUEST_COMPLETE: break;
		case REQUEST_OPEN:
			if (!conn->ended)
				return WANT_READ;
			if (conn->late || stop_cut())
				return give_up(conn, "recv");
			if (conn->request.length > 0)
				conn_complain(conn, "stopped in the middle of a request");
			return WANT_CLOSE;
		case REQUEST_BAD:
			conn_complain(conn, "bad request: %s", conn->request.reason);
			return WANT_CLOSE;
		}
	}
}

void conn_serve(int fd, const struct rules *rules)
{
	struct conn conn;

	conn_start(&conn, fd, rules);
	while (conn_advance(&conn) != WANT_CLOSE) {
		/* Where it blocks, EAGAIN means that a timeout of the socket has passed. */
		if (!conn.moved) {
			conn_complain(&conn, "nothing moved for %d s", rules->patience);
			return;
		}
	}
}
