/*
 * signal/waitall-partial: recv() with MSG_WAITALL that is interrupted returns what it has got, with
 * SA_RESTART as without.
 *
 * Three of ten bytes have come when the signal does, and recv() is asleep waiting for the rest.
 * They are already in the caller's buffer: EINTR would lose them, and starting again would put the
 * next ones in their place. So it returns 3. Only where nothing has come yet there is nothing to
 * lose, and the handler's flags decide.
 *
 * So MSG_WAITALL does not mean that all comes: it needs the same loop as any other recv(), in a
 * program that has handlers.
 */
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/interrupt.h"
#include "lib/must.h"
#include "lib/net.h"

static int ends[2];

static long call(void)
{
	char bytes[10];

	return recv(ends[SERVER], bytes, sizeof(bytes), MSG_WAITALL);
}

static void wake(pid_t pid)
{
	(void)pid;
	send_all(ends[CLIENT], "0123456789", 10);
}

static void interrupt_after(size_t bytes, const char *name, int flags)
{
	struct blocking recv_all = {name, call, wake, NULL};

	tcp_pair(ends);
	send_all(ends[CLIENT], "abc", bytes);
	if (bytes > 0)
		await_poll(ends[SERVER], POLLIN);
	fact_interrupted(&recv_all, flags);
	must(close(ends[CLIENT]));
	must(close(ends[SERVER]));
}

int main(void)
{
	interrupt_after(3, "recv of 10 after 3", 0);
	interrupt_after(3, "recv of 10 after 3, SA_RESTART", SA_RESTART);
	interrupt_after(0, "recv of 10 after 0", 0);
	interrupt_after(0, "recv of 10 after 0, SA_RESTART", SA_RESTART);
	return 0;
}
