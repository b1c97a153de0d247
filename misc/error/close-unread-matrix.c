/*
 * error/close-unread-matrix: input left unread makes every end of a stream a reset.
 *
 * It is the last release of a socket that looks whether something was left unread, and all ways
 * lead there: close(), the end of the process, SIGKILL. So the peer reads ECONNRESET in every cell
 * of the matrix: TCP, and AF_UNIX STREAM and SEQPACKET, from a pair or by a name. With all input
 * read each is an end of file instead: 0.
 *
 * So whether a process closed in good order or was killed cannot be told from the errno: it tells
 * only whether something was not read.
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
#include "lib/unix.h"
#include "lib/variants.h"

enum { TCP4, TCP6, PAIR, NAMED, SEQPACKET_PAIR, SEQPACKET_NAMED };
static int which;

static void connection(int ends[2])
{
	int type = which >= SEQPACKET_PAIR ? SOCK_SEQPACKET : SOCK_STREAM, listener;

	family = which == TCP6 ? AF_INET6 : AF_INET;
	if (which <= TCP6) {
		tcp_pair(ends);
	} else if (which == PAIR || which == SEQPACKET_PAIR) {
		must(socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, ends));
	} else {
		listener = unix_listener(type, 1);
		ends[CLIENT] = unix_connected(type, listener);
		ends[SERVER] = must(accept4(listener, NULL, NULL, SOCK_CLOEXEC));
		must(close(listener));
	}
}

static void play(const char *what, int ending, bool unread)
{
	int ends[2];
	char byte;

	connection(ends);
	send_all(ends[CLIENT], "x", 1);
	await_poll(ends[SERVER], POLLIN);
	if (!unread)
		recv_all(ends[SERVER], &byte, 1);
	if (ending != 0) {
		struct gate gate;

		gate_make(&gate);

		pid_t owner = must_fork();

		if (owner ==
		    0) { /* the last to have it when the gate opens, or when it is killed */
			gate_wait(&gate);
			_exit(0);
		}
		must(close(ends[SERVER]));
		if (ending == SIGKILL)
			must(kill(owner, SIGKILL));
		else
			gate_open(&gate);
		reap(owner);
	} else {
		must(close(ends[SERVER]));
	}
	fact(recv(ends[CLIENT], &byte, 1, 0), "%s, %s: peer recv", what,
	     unread ? "unread" : "read");
	must(close(ends[CLIENT]));
}

static void scene(void)
{
	for (int unread = 1; unread >= 0; unread--) {
		play("close", 0, unread);
		play("_exit", SIGTERM, unread);
		play("SIGKILL", SIGKILL, unread);
	}
}

int main(void)
{
	static const struct variant variants[] = {{"TCP", TCP4},
						  {"over IPv6", TCP6},
						  {"STREAM pair", PAIR},
						  {"STREAM by name", NAMED},
						  {"SEQPACKET pair", SEQPACKET_PAIR},
						  {"SEQPACKET by name", SEQPACKET_NAMED}};

	return play_variants(variants, 6, &which, scene);
}
