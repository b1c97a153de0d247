/*
 * sigpipe/default-and-ignored: SIGPIPE kills by default; ignored, it stays ignored across execve();
 * caught, it is back at the default there.
 *
 * Each case is a child that sets the disposition and writes to a connection whose reset was already
 * reported. In the last two the writer is another program: this one, executed again. The handler
 * of a caught signal is gone with the old program, so there is nothing to keep; that a signal is
 * ignored is not, and is handed on.
 *
 * So whoever starts a program decides what a broken pipe does to it, unless it sets that itself. A
 * server that ignores SIGPIPE and runs others sets it back to SIG_DFL between fork() and execve();
 * otherwise a pipeline that it starts no longer ends when its reader does.
 */
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/proc.h"

static void catch (int signal)
{
	(void)signal;
}

static void write_after_reset(const char *who)
{
	char byte;
	int fd = reset_by_peer();

	if (recv(fd, &byte, 1, 0) != -1) /* takes ECONNRESET away */
		die("recv: no error after a reset");
	fact(write(fd, "x", 1), "%s write", who);
	must(close(fd));
}

static void child(const char *who, void (*disposition)(int), bool execute)
{
	pid_t pid = must_fork();

	if (pid == 0) {
		on_signal(SIGPIPE, disposition, 0);
		if (execute)
			must(execl(program_invocation_name, "again", who,
				   family == AF_INET6 ? "IPv6" : NULL, NULL));
		write_after_reset(who);
		_exit(0);
	}
	int status = reap(pid);

	if (WIFSIGNALED(status))
		fact_text(who, "killed by SIG%s", sigabbrev_np(WTERMSIG(status)));
	else
		fact(WEXITSTATUS(status), "%s exit", who);
}

static void scene(void)
{
	child("default", SIG_DFL, false);
	child("ignored", SIG_IGN, false);
	child("caught", catch, false);
	child("ignored, executed", SIG_IGN, true);
	child("caught, executed", catch, true);
}

int main(int argc, char **argv)
{
	if (argc == 1)
		return over_both_families(scene);
	if (argc == 3)
		family = AF_INET6;
	write_after_reset(argv[1]);
	return 0;
}
