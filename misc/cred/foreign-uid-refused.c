/*
 * cred/foreign-uid-refused: a process may state any of its three uids and gids, and no other's.
 *
 * The sender runs with real, effective and saved ids that differ. Each of the three is accepted in
 * SCM_CREDENTIALS, so a set-user-id program chooses as whom it speaks; where it states nothing the
 * kernel fills in the real one for SO_PASSCRED, not the effective one. Any other id, though it
 * exists, takes CAP_SETUID or CAP_SETGID: EPERM. It needs a root who can change to other ids first.
 *
 * So a set-user-id program that asks a server for something in its effective user's name must say
 * so in the message; the default is who has started it.
 */
#include <errno.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/cred.h"
#include "lib/fact.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/proc.h"

enum { REAL = 1001, EFFECTIVE, SAVED, FOREIGN };

static void send_as(int fd, uid_t uid, gid_t gid, const char *what)
{
	struct ucred stated = {.pid = getpid(), .uid = uid, .gid = gid};

	fact(send_cred(fd, "x", 1, &stated), "sendmsg with %s", what);
}

static void speak_as_others(void)
{
	struct ucred came;
	char byte;
	int ends[2];

	if (setresgid(REAL, EFFECTIVE, SAVED) == -1 || setresuid(REAL, EFFECTIVE, SAVED) == -1)
		impossible("other ids cannot be taken: %s", errno_name(errno));
	must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends));
	set_option(ends[1], SOL_SOCKET, SO_PASSCRED, 1);
	send_as(ends[0], REAL, REAL, "the real ids");
	send_as(ends[0], EFFECTIVE, EFFECTIVE, "the effective ids");
	send_as(ends[0], SAVED, SAVED, "the saved ids");
	send_as(ends[0], FOREIGN, REAL, "a foreign uid");
	send_as(ends[0], REAL, FOREIGN, "a foreign gid");
	must_n(send(ends[0], "x", 1, 0));
	for (int i = 0; i < 4; i++) {
		static const char *const stated[] = {"real", "effective", "saved", "none"};

		must_n(recv_cred(ends[1], &byte, 1, &came));
		fact_text(stated[i], "uid is the %s, gid the %s",
			  came.uid == REAL        ? "real"
			  : came.uid == EFFECTIVE ? "effective"
						  : "other",
			  came.gid == REAL        ? "real"
			  : came.gid == EFFECTIVE ? "effective"
						  : "other");
	}
}

int main(void)
{
	pid_t pid = must_fork();

	if (pid == 0) { /* a process of such ids can be looked into by nobody but root */
		speak_as_others();
		_exit(0);
	}
	return WEXITSTATUS(reap(pid));
}
