/*
 * cred/peerpidfd-after-reap: SO_PEERCRED keeps the pid of a peer that is gone; SO_PEERPIDFD still
 * names the process itself.
 *
 * A child connects and ends, and is reaped: its number is free for another process. The socket
 * noted who had connected, so SO_PEERCRED gives that number for ever, and it may by now be
 * somebody else's. SO_PEERPIDFD, the same question asked for a pidfd, cannot be mistaken. Since
 * Linux 6.16 the socket holds on to what a pidfd needs, and it is given after the death, too:
 * poll() says IN, the process has ended, and HUP, it was reaped. Before, the question itself
 * failed, with EINVAL, once the peer was reaped.
 *
 * So a server that decides by its client's pid takes a pidfd first and looks whether that polls
 * ready after it has read what it needed from /proc/PID.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/cred.h"
#include "lib/fact.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/proc.h"
#include "lib/unix.h"

#ifndef SO_PEERPIDFD /* since Linux 6.5 */
#define SO_PEERPIDFD 77
#endif

/* The pidfd, or -1 and errno. */
static int ask_pidfd(int fd)
{
	int pidfd;
	socklen_t length = sizeof(pidfd);

	return getsockopt(fd, SOL_SOCKET, SO_PEERPIDFD, &pidfd, &length) == -1 ? -1 : pidfd;
}

static void fact_pidfd(const char *when, int pidfd)
{
	struct pollfd entry = {.fd = pidfd, .events = POLLIN};
	char what[64];

	snprintf(what, sizeof(what), "SO_PEERPIDFD %s", when);
	if (pidfd == -1) {
		fact_text(what, "%s", errno_name(errno));
		return;
	}
	fact_text(what, "a pidfd");
	must(poll(&entry, 1, 0));
	fact_text("its poll", "%s", poll_mask(entry.revents));
}

int main(void)
{
	int listener = unix_listener(SOCK_STREAM, 1);
	struct gate end;

	gate_make(&end);

	pid_t pid = must_fork();

	if (pid == 0) {
		int fd = unix_connected(SOCK_STREAM, listener);

		gate_wait(&end);
		close(fd);
		_exit(0);
	}

	int fd = must(accept4(listener, NULL, NULL, SOCK_CLOEXEC)), pidfd = ask_pidfd(fd);

	if (pidfd == -1 && errno == ENOPROTOOPT)
		impossible("SO_PEERPIDFD: %s", errno_name(errno));
	fact_text("SO_PEERCRED", "%s", peer_cred(fd).pid == pid ? "the peer's pid" : "another pid");
	fact_pidfd("while it lives", pidfd);
	gate_open(&end);
	reap(pid);
	fact_text("SO_PEERCRED, reaped", "%s",
		  peer_cred(fd).pid == pid ? "the peer's pid" : "another pid");
	fact_pidfd("reaped", ask_pidfd(fd));
	fact(waitid(P_PID, (id_t)pid, &(siginfo_t){0}, WEXITED), "waitid of its pid");
	return 0;
}
