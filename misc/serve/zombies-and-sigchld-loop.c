/*
 * serve/zombies-and-sigchld-loop: one SIGCHLD may stand for many children; only a loop reaps all.
 *
 * Five children end while SIGCHLD is blocked, and all are seen to be zombies before it is let in:
 * five signals become one, as a busy server meets by chance. A handler that waits once leaves four
 * zombies, one that waits until nobody is left leaves none. With SIGCHLD ignored they never become
 * zombies, and waitpid() ends with ECHILD once all have gone.
 *
 * With NAME, PORT and PID it does the same to a server that forks: stops it, so that the ends of
 * five of its children merge, and counts zombies before and after it goes on.
 *
 * So signals do not queue, and a handler of SIGCHLD waits, with WNOHANG, until nobody is left. Who
 * needs no status may ignore the signal; mind that this disposition is kept over execve().
 */
#include <errno.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/proc.h"

enum { CHILDREN = 5 };

static volatile sig_atomic_t handler_runs;

static void wait_once(int signal)
{
	int saved = errno; /* the code that is interrupted may be about to look at it */

	(void)signal;
	handler_runs++;
	waitpid(-1, NULL, WNOHANG);
	errno = saved;
}

static void wait_for_all(int signal)
{
	int saved = errno;

	(void)signal;
	handler_runs++;
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
	errno = saved;
}

static void make_children_that_end(pid_t pids[CHILDREN])
{
	for (int i = 0; i < CHILDREN; i++) {
		pids[i] = must_fork();
		if (pids[i] == 0)
			_exit(0);
	}
}

/* Return once all have ended and their SIGCHLD has been sent. State Z in /proc comes a moment
 * before that; so the kernel is asked as a parent asks it, without reaping (WNOWAIT). */
static void await_zombies(const pid_t pids[CHILDREN])
{
	for (int i = 0; i < CHILDREN; i++) {
		siginfo_t info;

		must(waitid(P_PID, (id_t)pids[i], &info, WEXITED | WNOWAIT));
	}
}

static int zombies_left(void)
{
	int left = 0;

	while (waitpid(-1, NULL, WNOHANG) > 0)
		left++;
	return left;
}

static void play(const char *name, void (*handler)(int))
{
	pid_t pids[CHILDREN];

	handler_runs = 0;
	on_signal(SIGCHLD, handler, 0);
	mask_signal(SIG_BLOCK, SIGCHLD);
	make_children_that_end(pids);
	await_zombies(pids);
	mask_signal(SIG_UNBLOCK, SIGCHLD);
	fact(handler_runs, "%s runs", name);
	fact(zombies_left(), "%s zombies", name);
}

static void play_ignored(void)
{
	pid_t pids[CHILDREN];

	on_signal(SIGCHLD, SIG_IGN, 0);
	make_children_that_end(pids);
	fact(waitpid(-1, NULL, 0), "SIG_IGN waitpid");
}

static void burst(const char *name, const char *port, pid_t server)
{
	int clients[CHILDREN], zombies = 0;
	pid_t pids[CHILDREN];
	char byte;

	for (int i = 0; i < CHILDREN; i++) {
		clients[i] = connect_to_port(port);
		send_all(clients[i], "1\n", 2);
		recv_all(clients[i], &byte, 1); /* its child is there */
	}
	if (children_of(server, pids, CHILDREN) != CHILDREN)
		die("%s has not one child a client", name);
	must(kill(server, SIGSTOP));
	while (thread_state(server) != 'T')
		nap();
	for (int i = 0; i < CHILDREN; i++)
		must(close(clients[i]));
	for (int i = 0; i < CHILDREN; i++)
		while (thread_state(pids[i]) != '\0')
			nap();
	for (int i = 0; i < CHILDREN; i++)
		zombies += kill(pids[i], 0) == 0;
	fact(zombies, "%s zombies while it is stopped", name);
	must(kill(server, SIGCONT));
	while (children_of(server, pids, CHILDREN) > 0)
		nap();
	fact(children_of(server, pids, CHILDREN), "%s children when it goes on", name);
}

int main(int argc, char **argv)
{
	if (argc == 4) {
		burst(argv[1], argv[2], (pid_t)parse_number(argv[3], 1, INT32_MAX, "PID"));
		return 0;
	}
	play("handler that waits once", wait_once);
	play("handler that loops", wait_for_all);
	play_ignored();
	return 0;
}
