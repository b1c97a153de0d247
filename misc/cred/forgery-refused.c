/*
 * cred/forgery-refused: credentials in a message are checked by the kernel; a forged one is refused
 * and nothing sent.
 *
 * A sender may state its pid, uid and gid in SCM_CREDENTIALS, and its own are accepted. The pid of
 * another process, even of the sender's own parent, is EPERM without CAP_SYS_ADMIN over the
 * namespace of the pids; an id that the sender's user namespace does not map means nobody: EINVAL.
 * So that both is sure, the sender is in a user namespace of its own, where it has every capability
 * and nothing to say about pids, and which maps one user and one group. The receiver gets the one
 * message that was true.
 *
 * So a server may believe SCM_CREDENTIALS as far as it believes root; what the sender states need
 * not be checked again, and a client that gets EPERM there has a bug, not a bad server.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/cred.h"
#include "lib/fact.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/unix.h"

static void write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd == -1)
		impossible("no user namespace as it should be: %s: %s", path, errno_name(errno));
	must_n(write(fd, text, strlen(text)));
	must(close(fd));
}

static void enter_user_namespace(void)
{
	uid_t uid = geteuid();
	gid_t gid = getegid();
	char map[64];

	if (unshare(CLONE_NEWUSER) == -1)
		impossible("no user namespace: unshare: %s", errno_name(errno));
	snprintf(map, sizeof(map), "%u %u 1", uid, uid);
	write_text("/proc/self/uid_map", map);
	write_text("/proc/self/setgroups", "deny");
	snprintf(map, sizeof(map), "%u %u 1", gid, gid);
	write_text("/proc/self/gid_map", map);
}

static void send_as(int fd, struct ucred own, const char *what)
{
	fact(send_cred(fd, "x", 1, &own), "sendmsg with %s", what);
}

static void forge(int type)
{
	struct ucred own, forged, came;
	char byte;
	int ends[2];

	must(socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, ends));
	set_option(ends[1], SOL_SOCKET, SO_PASSCRED, 1);
	fact_text("socket", "%s", unix_type(type));
	own = (struct ucred){.pid = getpid(), .uid = getuid(), .gid = getgid()};
	forged = own;
	forged.pid = getppid();
	send_as(ends[0], forged, "the parent's pid");
	forged = own;
	forged.uid++;
	send_as(ends[0], forged, "a uid that is not mapped");
	forged = own;
	forged.gid++;
	send_as(ends[0], forged, "a gid that is not mapped");
	send_as(ends[0], own, "its own pid, uid, gid");
	fact(recv_cred(ends[1], &byte, 1, &came), "receiver recvmsg");
	fact_text("receiver credentials", "%s",
		  memcmp(&came, &own, sizeof(own)) == 0 ? "the sender's" : "others");
	fact(recv(ends[1], &byte, 1, MSG_DONTWAIT), "receiver recv again");
	must(close(ends[0]));
	must(close(ends[1]));
}

int main(void)
{
	enter_user_namespace();
	forge(SOCK_STREAM);
	forge(SOCK_SEQPACKET);
	forge(SOCK_DGRAM);
	return 0;
}
