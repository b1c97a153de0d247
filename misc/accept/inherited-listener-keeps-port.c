/*
 * accept/inherited-listener-keeps-port: a listener lives as long as any process has it.
 *
 * fork() gives the child a reference to each open file of its parent, and exec keeps those that are
 * not close-on-exec. A socket listens until the last reference is gone, so the parent may close its
 * own, or die: the port stays taken, even for SO_REUSEADDR, since somebody listens, and the kernel
 * completes the handshakes of clients whom nobody will ever accept.
 *
 * The child here sleeps with the inherited listener; or becomes another program that knows nothing
 * of it. With FD_CLOEXEC that program has nothing to hold.
 *
 * So every socket of a server is made close-on-exec, by SOCK_CLOEXEC where it is made: a helper
 * started by the server that outlives it otherwise keeps the server from being started anew, and
 * its clients in a queue that nobody serves. `ss -ltnp` names the process that holds a port.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/proc.h"

enum holder { FORKED, LEAKED, EXEC };

static char self[] = "/proc/self/exe", stay[] = "stay";

/* A child that has what fork and exec have left it; it is there when this returns. */
static pid_t make_holder(enum holder how, int listener)
{
	char *argv[] = {self, stay, NULL}, byte;
	int ends[2];

	must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends));
	pid_t pid = must_fork();

	if (pid == 0) {
		must(dup2(ends[1], STDOUT_FILENO));
		if (how == LEAKED)
			must(fcntl(listener, F_SETFD, 0));
		if (how != FORKED)
			must(execv(self, argv));
		must_n(write(STDOUT_FILENO, "", 1));
		for (;;)
			pause();
	}
	must(close(ends[1]));
	recv_all(ends[0], &byte, 1);
	must(close(ends[0]));
	return pid;
}

static void play(const char *name, enum holder how)
{
	int listener = listen_loopback(1), other;
	struct sockaddr_storage address;
	socklen_t length = loopback_address(local_port(listener), &address);
	pid_t pid = make_holder(how, listener);

	must(close(listener));
	other = must(socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));
	set_option(other, SOL_SOCKET, SO_REUSEADDR, 1);
	int client = must(socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));

	fact(connect(client, (struct sockaddr *)&address, length), "%s: client connect", name);
	fact(bind(other, (struct sockaddr *)&address, length), "bind with SO_REUSEADDR");
	must(kill(pid, SIGKILL));
	reap(pid);
	must(close(client));
	must(close(other));
	client = must(socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));
	other = must(socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));
	set_option(other, SOL_SOCKET, SO_REUSEADDR, 1);
	fact(connect(client, (struct sockaddr *)&address, length), "client connect afterwards");
	fact(bind(other, (struct sockaddr *)&address, length), "bind afterwards");
	must(close(client));
	must(close(other));
}

static void scene(void)
{
	play("inherited", FORKED);
	play("leaked through exec", LEAKED);
	play("FD_CLOEXEC and exec", EXEC);
}

int main(int argc, char **argv)
{
	(void)argv;
	if (argc == 1)
		return over_both_families(scene);
	must_n(write(STDOUT_FILENO, "", 1)); /* the other program */
	for (;;)
		pause();
}
