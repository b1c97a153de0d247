/*
 * rst/linger-zero-matrix: however the last descriptor goes, a zero linger time sends RST.
 *
 * It is the release of the socket that aborts, and all ways lead there: close(), the close() of the
 * last of two descriptors, the end of the process by _exit() or by SIGKILL, and execve(), which
 * closes what is close-on-exec. O_NONBLOCK has no say, for nothing is waited for. Neither has what
 * the peer is doing: it asks later, or is asleep in recv(), poll() or epoll_wait(). All cells of
 * the matrix are played, on TCP over IPv4, over IPv6, and with an IPv4 client at an IPv6 listener;
 * a cell is a reset where the peer is woken, if it waits, and recv() says ECONNRESET.
 *
 * So it does not matter how a process comes to its end: a connection with that option set, and
 * handed on to nobody, is reset. Where this is unwanted, take the option back before.
 */
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/parked.h"
#include "lib/variants.h"

enum { TCP4, TCP6, MAPPED };
static int which;

enum { CLOSE, LAST_DUP, EXIT, KILLED, EXEC, ENDINGS };
static const char *const endings[] = {"close", "close of the last copy", "_exit", "SIGKILL",
				      "execve"};

static long call_recv(int fd)
{
	char byte;

	return recv(fd, &byte, 1, 0);
}

static long call_poll(int fd)
{
	return await_poll(fd, POLLIN) & POLLERR ? call_recv(fd) : 1;
}

static long call_epoll(int fd)
{
	struct epoll_event event = {.events = EPOLLIN};
	int epoll = must(epoll_create1(EPOLL_CLOEXEC));

	must(epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event));
	must(epoll_wait(epoll, &event, 1, -1));
	must(close(epoll));
	return event.events & EPOLLERR ? call_recv(fd) : 1;
}

static void connection(int ends[2])
{
	struct sockaddr_in6 any = {.sin6_family = AF_INET6};
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int listener;

	family = which == TCP6 ? AF_INET6 : AF_INET;
	if (which != MAPPED) {
		tcp_pair(ends);
		return;
	}
	listener = must(socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0));
	set_option(listener, IPPROTO_IPV6, IPV6_V6ONLY, 0);
	must(bind(listener, (struct sockaddr *)&any, sizeof(any)));
	must(listen(listener, 1));
	to.sin_port = htons((uint16_t)local_port(listener));
	ends[CLIENT] = must(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
	must(connect(ends[CLIENT], (struct sockaddr *)&to, sizeof(to)));
	ends[SERVER] = must(accept4(listener, NULL, NULL, SOCK_CLOEXEC));
	must(close(listener));
}

/* The owner has the only descriptor; it ends when the gate opens. */
static void end_in_owner(int ending, struct gate *gate)
{
	gate_wait(gate);
	if (ending == EXEC)
		execl("/proc/self/exe", "owner", "wait", (char *)NULL);
	if (ending == KILLED)
		raise(SIGKILL);
	_exit(ending == EXIT ? 0 : EXIT_BROKEN);
}

static bool is_reset(int ending, bool nonblocking, long (*call)(int))
{
	struct parked parked;
	struct gate gate;
	int ends[2], copy = -1;
	pid_t owner = 0;
	long result;

	connection(ends);
	set_linger_zero(ends[SERVER]);
	set_nonblocking(ends[SERVER], nonblocking);
	if (ending >= EXIT) {
		gate_make(&gate);
		owner = must_fork();
		if (owner == 0)
			end_in_owner(ending, &gate);
		must(close(ends[SERVER]));
	}
	if (ending == LAST_DUP)
		copy = must(dup(ends[SERVER]));
	if (call)
		park(&parked, call, ends[CLIENT]);
	if (owner)
		gate_open(&gate);
	else
		must(close(ends[SERVER]));
	if (copy != -1)
		must(close(copy));
	if (owner && ending != EXEC)
		reap(owner);
	result = call ? parked_result(&parked) : call_recv(ends[CLIENT]);

	bool reset = result == -1 && errno == ECONNRESET;

	if (ending == EXEC) {
		must(kill(owner, SIGKILL));
		reap(owner);
	}
	must(close(ends[CLIENT]));
	return reset;
}

static void scene(void)
{
	static long (*const calls[])(int) = {NULL, call_recv, call_poll, call_epoll};

	for (int ending = 0; ending < ENDINGS; ending++) {
		int resets = 0;

		for (int cell = 0; cell < 8; cell++)
			resets += is_reset(ending, cell % 2, calls[cell / 2]);
		fact(resets, "%s: resets, of 8", endings[ending]);
	}
}

int main(int argc, char **argv)
{
	static const struct variant variants[] = {
		{"TCP", TCP4}, {"over IPv6", TCP6}, {"IPv4 at an IPv6 listener", MAPPED}};

	(void)argv;
	if (argc > 1) /* after execve() */
		for (;;)
			pause();
	return play_variants(variants, 3, &which, scene);
}
