/*
 * sigpipe/first-operation-after-rst: the first call after a reset, whichever it is, takes the error
 * away and raises no signal.
 *
 * A connection for each call, its RST seen to have arrived, so that the call is the first to meet
 * it. The socket keeps the error until somebody takes it (SO_ERROR, socket(7)); until then poll()
 * shows it as ERR. HUP is a state, not an error: it stays.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
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

int main(void)
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
	return 0;
}
