/*
 * cred/passcred-values: SO_PASSCRED at the receiver alone brings each sender's pid, uid and gid.
 *
 * The sender does nothing: the kernel notes who calls send(), a child here, if the receiver wants
 * it at that moment. What was sent before the option was set has no sender any more: pid 0, and
 * the uid and gid that stand for nobody, 65534. On a listener the option counts for those who
 * connect: bytes sent before accept() carry credentials, and the accepted socket has the option.
 *
 * So set it before anybody can send, on the listener; and take pid 0 or uid 65534 for what it is,
 * "not known", never for a user of that number.
 */
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/cred.h"
#include "lib/fact.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/proc.h"
#include "lib/unix.h"

enum { NOBODY = 65534 };

/* A byte from another process. */
static pid_t child_sends(int fd)
{
	pid_t pid = must_fork();

	if (pid == 0) {
		send_all(fd, "x", 1);
		_exit(0);
	}
	reap(pid);
	return pid;
}

static void receive(int fd, int type, const char *what, pid_t sender)
{
	struct ucred came;
	const char *whose = "others";
	char byte, name[64];

	must_n(recv_cred(fd, &byte, 1, &came));
	if (came.pid == -1)
		whose = "none";
	else if (came.pid == 0 && came.uid == NOBODY && came.gid == NOBODY)
		whose = "pid 0, uid 65534, gid 65534";
	else if (came.pid == sender && came.uid == getuid() && came.gid == getgid())
		whose = "the sender's pid, uid, gid";
	snprintf(name, sizeof(name), "%s credentials, %s", unix_type(type), what);
	fact_text(name, "%s", whose);
}

static void over_pair(int type)
{
	int ends[2];

	must(socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, ends));
	child_sends(ends[0]);
	receive(ends[1], type, "option never set", 0);
	child_sends(ends[0]);
	set_option(ends[1], SOL_SOCKET, SO_PASSCRED, 1);
	receive(ends[1], type, "set after the send", 0);
	receive(ends[1], type, "set before the send", child_sends(ends[0]));
	set_option(ends[1], SOL_SOCKET, SO_PASSCRED, 0);
	set_option(ends[0], SOL_SOCKET, SO_PASSCRED, 1);
	child_sends(ends[0]);
	receive(ends[1], type, "set at the sender only", 0);
	must(close(ends[0]));
	must(close(ends[1]));
}

static void over_listener(int type)
{
	int listener = unix_listener(type, 1);

	set_option(listener, SOL_SOCKET, SO_PASSCRED, 1);

	int client = unix_connected(type, listener);
	pid_t sender = child_sends(client);
	int server = must(accept4(listener, NULL, NULL, SOCK_CLOEXEC));

	receive(server, type, "set on the listener, sent before accept", sender);
	fact(get_option(server, SOL_SOCKET, SO_PASSCRED), "%s accepted SO_PASSCRED",
	     unix_type(type));
	must(close(listener));
	must(close(client));
	must(close(server));
}

int main(void)
{
	over_pair(SOCK_STREAM);
	over_pair(SOCK_SEQPACKET);
	over_pair(SOCK_DGRAM);
	over_listener(SOCK_STREAM);
	over_listener(SOCK_SEQPACKET);
	return 0;
}
