/*
 * cred/peercred-moment: SO_PEERCRED tells who made the connection, not who uses it.
 *
 * Credentials are noted at one moment: by connect() those of its caller, for the server's end; by
 * listen() those of its caller, for every client that connects from then on. So when a child calls
 * listen() again, a later client sees the child's pid, though the parent accepts; and an earlier
 * one what it saw before. A pair is its creator's on both ends, also after fork(), and after the
 * descriptor has gone to another process. A socket that is not connected has pid 0, uid -1,
 * gid -1.
 *
 * So SO_PEERCRED authenticates the process that connected. Whoever may get the descriptor
 * afterwards, by fork() or SCM_RIGHTS, speaks under its name: to know who wrote what, use
 * SO_PASSCRED.
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

static pid_t child;

static const char *who(int fd)
{
	struct ucred peer = peer_cred(fd);

	if (peer.pid == 0 && peer.uid == (uid_t)-1 && peer.gid == (gid_t)-1)
		return "pid 0, uid -1, gid -1";
	if (peer.uid != geteuid() || peer.gid != getegid())
		return "another user";
	return peer.pid == getpid() ? "parent" : peer.pid == child ? "child" : "another process";
}

/* The parent listens, a child listens again and connects; the parent connects before and after. */
static void over_listener(int type)
{
	const char *name = unix_type(type);
	int listener = unix_listener(type, 4), own = unix_connected(type, listener);
	int childs = must(socket(AF_UNIX, type | SOCK_CLOEXEC, 0));
	char what[64];

	child = must_fork();
	if (child == 0) {
		must(listen(listener, 4));
		must(connect_to(childs, listener));
		_exit(0);
	}
	reap(child);

	int later = unix_connected(type, listener);
	const struct {
		const char *name;
		int fd;
	} sockets[] = {
		{"listener", listener},
		{"client that connected before the child's listen", own},
		{"client that connected after it", later},
		{"client that the child connected", childs},
		{"server of the parent's client",
		 must(accept4(listener, NULL, NULL, SOCK_CLOEXEC))},
		{"server of the child's client", must(accept4(listener, NULL, NULL, SOCK_CLOEXEC))},
	};

	for (size_t i = 0; i < sizeof(sockets) / sizeof(sockets[0]); i++) {
		snprintf(what, sizeof(what), "%s %s", name, sockets[i].name);
		fact_text(what, "%s", who(sockets[i].fd));
	}
}

static void over_pair(int type)
{
	int ends[2];
	char what[64];

	must(socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, ends));
	snprintf(what, sizeof(what), "%s pair", unix_type(type));
	fact_text(what, "%s", who(ends[1]));

	pid_t parent = getpid(), pid = must_fork();

	if (pid == 0) {
		snprintf(what, sizeof(what), "%s pair, asked in a child", unix_type(type));
		fact_text(what, "%s", peer_cred(ends[1]).pid == parent ? "parent" : "another");
		_exit(0);
	}
	reap(pid);
}

int main(void)
{
	over_listener(SOCK_STREAM);
	over_listener(SOCK_SEQPACKET);
	over_pair(SOCK_STREAM);
	over_pair(SOCK_SEQPACKET);
	over_pair(SOCK_DGRAM);
	fact_text("not connected", "%s", who(unix_bound(SOCK_STREAM)));
	return 0;
}
