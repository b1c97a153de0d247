/*
 * One connection, turn by turn, on a socket that does not block: what it wants after each turn,
 * what the client gets, and that no turn is longer than the others may wait.
 */
#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/conn.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/pattern.h"
#include "lib/proc.h"

/* Both ends of a connection, and what the server says on stderr. */
struct scene {
	int client;
	struct rules rules;
	struct conn conn;
	int saved_stderr;
	FILE *said;
};

static int set_up(void **fixture)
{
	struct scene *scene = must_ptr(calloc(1, sizeof(*scene)));
	int ends[2];

	on_signal(SIGPIPE, SIG_IGN, 0);
	tcp_pair(ends);
	scene->client = ends[CLIENT];
	scene->rules = (struct rules){.limit = 1 << 30};
	set_nonblocking(ends[SERVER], true);
	conn_start(&scene->conn, ends[SERVER], &scene->rules);
	scene->said = must_ptr(tmpfile());
	scene->saved_stderr = must(dup(STDERR_FILENO));
	must(dup2(fileno(scene->said), STDERR_FILENO));
	*fixture = scene;
	return 0;
}

static int tear_down(void **fixture)
{
	struct scene *scene = *fixture;

	must(dup2(scene->saved_stderr, STDERR_FILENO));
	must(close(scene->saved_stderr));
	fclose(scene->said);
	if (scene->client != -1)
		must(close(scene->client));
	must(close(scene->conn.fd));
	free(scene);
	return 0;
}

static void assert_said(struct scene *scene, const char *part)
{
	char text[1024] = "";

	rewind(scene->said);
	size_t size = fread(text, 1, sizeof(text) - 1, scene->said);

	if (!part && size > 0)
		fail_msg("said: %s", text);
	if (part && !strstr(text, part))
		fail_msg("'%s' is not in what it said: %s", part, text);
}

static void ask(struct scene *scene, const char *text)
{
	send_all(scene->client, text, strlen(text));
	/* Over loopback what was sent has arrived; that it can be read proves it. */
	await_poll(scene->conn.fd, POLLIN);
}

static void assert_reply(struct scene *scene, size_t size)
{
	char *reply = must_ptr(malloc(size + 1));

	recv_all(scene->client, reply, size);
	for (size_t i = 0; i < size; i++)
		assert_int_equal(reply[i], pattern[i % PATTERN_PERIOD]);
	free(reply);
}

static void nothing_there(void **fixture)
{
	struct scene *scene = *fixture;

	assert_int_equal(conn_advance(&scene->conn), WANT_READ);
	assert_false(scene->conn.moved);
}

static void byte_by_byte(void **fixture)
{
	struct scene *scene = *fixture;
	const char *digit = "3000";

	for (; *digit; digit++) {
		ask(scene, (char[]){*digit, '\0'});
		assert_int_equal(conn_advance(&scene->conn), WANT_READ);
		assert_true(scene->conn.moved);
	}
	ask(scene, "\n");
	assert_int_equal(conn_advance(&scene->conn), WANT_READ);
	assert_reply(scene, 3000);
}

static void several_at_once(void **fixture)
{
	struct scene *scene = *fixture;

	ask(scene, "1\n22\n0\n333\n4");
	assert_int_equal(conn_advance(&scene->conn), WANT_READ);
	assert_reply(scene, 1);
	assert_reply(scene, 22);
	assert_reply(scene, 333);
	ask(scene, "4\n");
	assert_int_equal(conn_advance(&scene->conn), WANT_READ);
	assert_reply(scene, 44);
}

static void the_end_ends_a_request(void **fixture)
{
	struct scene *scene = *fixture;

	ask(scene, "55");
	assert_int_equal(conn_advance(&scene->conn), WANT_READ);
	must(shutdown(scene->client, SHUT_WR));
	await_poll(scene->conn.fd, POLLIN);
	assert_int_equal(conn_advance(&scene->conn), WANT_CLOSE);
	assert_reply(scene, 55);
	assert_said(scene, NULL);
}

static void a_read_ends_a_request(void **fixture)
{
	struct scene *scene = *fixture;

	scene->rules.read_is_request = true;
	ask(scene, "55");
	assert_int_equal(conn_advance(&scene->conn), WANT_READ);
	assert_reply(scene, 55);
	ask(scene, "6\n7");
	assert_int_equal(conn_advance(&scene->conn), WANT_READ);
	assert_reply(scene, 6);
	assert_reply(scene, 7);
}

/* Nobody reads: it goes as far as the buffers, asks to be called when there is room, and goes on
 * where it was. Each turn is short. */
static void a_client_that_is_slow(void **fixture)
{
	struct scene *scene = *fixture;
	uint64_t before = 0;

	ask(scene, "50000000\n");
	do {
		before = scene->conn.sent;
		assert_int_equal(conn_advance(&scene->conn), WANT_WRITE);
		assert_true(scene->conn.sent - before <= 2UL * PATTERN_PIECE);
	} while (scene->conn.moved);
	assert_true(scene->conn.sent < 50000000);
	assert_reply(scene, scene->conn.sent);
	await_poll(scene->conn.fd, POLLOUT);
	conn_advance(&scene->conn);
	assert_true(scene->conn.moved);
}

/* A send buffer that takes odd pieces: each goes on in the pattern where the last ended. */
static void short_writes(void **fixture)
{
	struct scene *scene = *fixture;
	enum { SIZE = 500000 };
	size_t got = 0;

	set_option(scene->conn.fd, SOL_SOCKET, SO_SNDBUF, 5000);
	ask(scene, "500000\n");
	while (got < SIZE) {
		char piece[1000];

		conn_advance(&scene->conn);
		await_poll(scene->client, POLLIN);
		ssize_t n = must_n(recv(scene->client, piece, sizeof(piece), 0));

		for (ssize_t i = 0; i < n; i++)
			assert_int_equal(piece[i], pattern[got++ % PATTERN_PERIOD]);
	}
}

/* Several long replies that were asked for at once take several turns, too; none is forgotten. */
static void many_long_replies_at_once(void **fixture)
{
	struct scene *scene = *fixture;
	enum want want;
	int turns = 0;

	ask(scene, "40000\n40000\n40000\n40000\n40000\n40000\n");
	while ((want = conn_advance(&scene->conn)) == WANT_WRITE)
		turns++;
	assert_int_equal(want, WANT_READ);
	assert_true(turns >= 2);
	for (int i = 0; i < 6; i++)
		assert_reply(scene, 40000);
}

static void a_bad_request(void **fixture)
{
	struct scene *scene = *fixture;

	ask(scene, "7\nGET / HTTP/1.0\r\n\r\n");
	assert_int_equal(conn_advance(&scene->conn), WANT_CLOSE);
	assert_reply(scene, 7);
	assert_said(scene, "bad request: not a decimal count\n");
	assert_said(scene, ": 127.0.0.1 port ");
}

static void a_reset(void **fixture)
{
	struct scene *scene = *fixture;

	set_linger_zero(scene->client);
	must(close(scene->client));
	scene->client = -1;
	await_poll(scene->conn.fd, POLLIN);
	assert_int_equal(conn_advance(&scene->conn), WANT_CLOSE);
	assert_said(scene, "a client: recv: ECONNRESET\n");
}

/* The client is gone in the middle of its reply: SIGPIPE would end this program. */
static void a_client_that_leaves(void **fixture)
{
	struct scene *scene = *fixture;
	enum want want;

	ask(scene, "50000000\n");
	assert_int_equal(conn_advance(&scene->conn), WANT_WRITE);
	must(close(scene->client)); /* with much unread: a reset */
	scene->client = -1;
	while ((want = conn_advance(&scene->conn)) == WANT_WRITE)
		await_poll(scene->conn.fd, POLLOUT);
	assert_int_equal(want, WANT_CLOSE);
	assert_said(scene, "a client: send: E");
}

static void somebody_late(void **fixture)
{
	struct scene *scene = *fixture;

	scene->rules.patience = 60;
	ask(scene, "12");
	assert_int_equal(conn_advance(&scene->conn), WANT_READ);
	scene->conn.late = true;
	must(shutdown(scene->conn.fd, SHUT_RDWR));
	assert_int_equal(conn_advance(&scene->conn), WANT_CLOSE);
	assert_said(scene, "nothing moved for 60 s\n");
}

/* Where it blocks: a timeout of the socket is what ends it. */
static void patience_of_a_blocking_socket(void **fixture)
{
	struct scene *scene = *fixture;
	struct timeval soon = {.tv_usec = 1000};

	scene->rules.patience = 7;
	set_nonblocking(scene->conn.fd, false);
	must(setsockopt(scene->conn.fd, SOL_SOCKET, SO_RCVTIMEO, &soon, sizeof(soon)));
	ask(scene, "5\n6");
	conn_serve(scene->conn.fd, &scene->rules);
	assert_reply(scene, 5);
	assert_said(scene, "nothing moved for 7 s\n");
}

/* However the reply is cut, every piece comes from the right place of the pattern. */
static void every_offset_of_the_pattern(void **fixture)
{
	(void)fixture;
	for (uint64_t offset = 0; offset < 3UL * PATTERN_PERIOD; offset++)
		for (size_t i = 0; i < PATTERN_PIECE; i += 997)
			assert_int_equal(pattern_at(offset)[i],
					 pattern[(offset + i) % PATTERN_PERIOD]);
	assert_int_equal(pattern[PATTERN_SIZE - 1], '\n');
	assert_int_equal(pattern[PATTERN_SIZE], '\0');
}

#define scene_test(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		scene_test(nothing_there),
		scene_test(byte_by_byte),
		scene_test(several_at_once),
		scene_test(the_end_ends_a_request),
		scene_test(a_read_ends_a_request),
		scene_test(a_client_that_is_slow),
		scene_test(short_writes),
		scene_test(many_long_replies_at_once),
		scene_test(a_bad_request),
		scene_test(a_reset),
		scene_test(a_client_that_leaves),
		scene_test(somebody_late),
		scene_test(patience_of_a_blocking_socket),
		cmocka_unit_test(every_offset_of_the_pattern),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
