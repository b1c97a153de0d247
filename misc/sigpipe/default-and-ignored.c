/*
 * sigpipe/default-and-ignored: SIGPIPE kills by default; ignored, it stays ignored across execve();
 * caught, it is back at the default there.
 *
 * Each case is a child that sets the disposition and writes to a connection whose reset was already
 * reported. In the last two the writer is another program: this one, executed again. So
 * whoever starts a program decides what a broken pipe does to it, unless it sets that itself.
 */
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/fact.h"
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
			must(execl(program_invocation_name, "again", who, NULL));
		write_after_reset(who);
		_exit(0);
	}
	int status = reap(pid);

	if (WIFSIGNALED(status))
		fact_text(who, "killed by SIG%s", sigabbrev_np(WTERMSIG(status)));
	else
		fact(WEXITSTATUS(status), "%s exit", who);
}

int main(int argc, char **argv)
{
	if (argc > 1) {
		write_after_reset(argv[1]);
		return 0;
	}
	child("default", SIG_DFL, false);
	child("ignored", SIG_IGN, false);
	child("caught", catch, false);
	child("ignored, executed", SIG_IGN, true);
	child("caught, executed", catch, true);
	return 0;
}
