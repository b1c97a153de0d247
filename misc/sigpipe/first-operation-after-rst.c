/*
 * sigpipe/first-operation-after-rst: the first call after a reset, whichever it is, takes the error
 * away and raises no signal.
 *
 * A reset reaches a process twice: once as an error, which whoever asks first takes away, and from
 * then on as a state, in which there is nothing to read and no use in writing. The scene makes a
 * connection for each call, its RST seen to have arrived, so that the call is the first to meet it.
 * The socket keeps ECONNRESET until somebody takes it (SO_ERROR); until then poll() shows it as
 * ERR. HUP is a state, not an error: it stays. A connect() that still blocks when the reset arrives
 * is a first operation, too, and fails with ECONNRESET.
 *
 * So a look at SO_ERROR "just to see" changes what the next call returns, and a peek is not without
 * effect. SIGPIPE belongs to the second part (sigpipe/second-operation): a program that looks at
 * what its first call returned never meets it.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/proc.h"

static char byte;

static long call_send(int fd)
{
	return send(fd, "x", 1, 0);
}

static long call_send_nothing(int fd)
{
	return send(fd, "", 0, 0);
}

static long call_write_nothing(int fd)
{
	return write(fd, "", 0);
}

static long call_recv(int fd)
{
	return recv(fd, &byte, 1, 0);
}

static long call_peek(int fd)
{
	return recv(fd, &byte, 1, MSG_PEEK);
}

/* The call itself succeeds: the error is its answer. */
static long call_so_error(int fd)
{
	errno = get_option(fd, SOL_SOCKET, SO_ERROR);
	return errno ? -1 : 0;
}

static void scene(void)
{
	static const struct {
		const char *name;
		long (*call)(int fd);
	} firsts[] = {{"send", call_send},
		      {"send of 0 bytes", call_send_nothing},
		      {"write of 0 bytes", call_write_nothing},
		      {"recv", call_recv},
		      {"peek", call_peek},
		      {"SO_ERROR", call_so_error}};

	count_signal(SIGPIPE, 0);
	for (size_t i = 0; i < sizeof(firsts) / sizeof(firsts[0]); i++) {
		int fd = reset_by_peer();
		const char *name = firsts[i].name;

		fact(firsts[i].call(fd), "%s", name);
		fact(signals_counted(), "SIGPIPE by %s", name);
		fact_text("poll after it", "%s", poll_mask(await_poll(fd, POLLIN | POLLOUT)));
		must(close(fd));
	}
}

int main(void)
{
	return over_both_families(scene);
}
