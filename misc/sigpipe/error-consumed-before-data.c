/*
 * sigpipe/error-consumed-before-data: where the error is taken before the data, the stream ends as
 * if the peer had closed it in good order.
 *
 * The scene of sigpipe/data-before-error, in which recv() tells ECONNRESET after the last byte that
 * came. Here something else asks first: SO_ERROR, or a send() of the same program. The error is
 * told once, to whoever asks; the bytes can still be read, and behind them recv() returns 0, the
 * same as after a FIN.
 *
 * So a program that takes 0 for "the peer has sent all it had" must not look at SO_ERROR before it
 * has read everything, and a failed send() must end the connection for its reader, too: what was
 * read is then perhaps not all.
 */
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"

static void read_to_end(int fd)
{
	char bytes[8];

	fact_text("poll", "%s", poll_mask(await_poll(fd, POLLIN | POLLOUT | POLLRDHUP)));
	fact(recv(fd, bytes, sizeof(bytes), 0), "recv");
	fact(recv(fd, bytes, sizeof(bytes), 0), "recv again");
	fact(recv(fd, bytes, sizeof(bytes), 0), "recv and again");
	must(close(fd));
}

static void scene(void)
{
	char bytes[8];
	int fd = reset_after("hello");

	fact_errno("SO_ERROR", get_option(fd, SOL_SOCKET, SO_ERROR));
	read_to_end(fd);

	fd = reset_after("hello");
	fact(send(fd, "x", 1, MSG_NOSIGNAL), "send");
	read_to_end(fd);

	fd = reset_after("hello");
	fact(recv(fd, bytes, sizeof(bytes), MSG_PEEK), "peek, which takes nothing");
	read_to_end(fd);
}

int main(void)
{
	return over_both_families(scene);
}
