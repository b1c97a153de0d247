/*
 * stop: how a server ends, and how no signal is missed.
 *
 * SIGINT and SIGTERM mean: accept no more, finish what is being served, say what was done, exit.
 * Repeating them changes nothing. `grace` seconds later SIGALRM cuts what is not finished.
 * A signal that comes just before a call that blocks must still end that call. Two ways, by what
 * the program waits in:
 *
 * - accept(), recv(), send(): the handler shuts sockets down. That is a state, not an event: the
 *   call that blocks returns, and so does one that starts later. A listener that was shut down
 *   gives EINVAL (Linux; clients in its queue are reset); a connection shut down for reading
 *   still gives what has arrived, then end of file, which is how every connection ends anyway.
 * - ppoll(), pselect(), epoll_pwait(): signals are blocked everywhere else, and the call opens
 *   them and starts to wait in one step (signal-safety by POSIX, `pselect`, NOTES in select(2)).
 *
 * Children keep SIGINT and SIGTERM blocked, since a terminal's ^C reaches the whole process
 * group: they finish when their parent says so, by SIGUSR1.
 */
#ifndef CSDESIGN_STOP_H
#define CSDESIGN_STOP_H

#include <signal.h>
#include <stdbool.h>

/* Catch the signals; the handler shuts `listener` down, and the connection of stop_guard(). */
void stop_by_shutdown(int listener, unsigned grace);

/* Catch them only where *outside is the signal mask: in ppoll() and its like, in sigsuspend().
 * SIGCHLD is let in too. The rest of the program runs with all of them blocked. */
void stop_by_interrupt(sigset_t *outside, unsigned grace);

/* In a new child: obey SIGUSR1 from the parent (blocked since before the fork), nothing else. */
void stop_by_parent(void);

/* Has it been asked for? Is the grace over, too? */
bool stop_requested(void);
bool stop_cut(void);

/* The one connection this process serves, to be shut down by the handler; at once if the request
 * to stop came earlier. Release it before the descriptor is closed. */
void stop_guard(int fd);
void stop_release(void);

/* `stop_wait(ppoll(...))`: the call's value, or -1 when a signal ended it; death by any other
 * error. */
#define stop_wait(call) stop_wait_result((call), #call)
int stop_wait_result(int result, const char *call);

#endif
