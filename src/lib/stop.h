/*
 * stop: how a server ends, and how no signal is missed.
 *
 * SIGINT and SIGTERM mean: accept no more, finish what is being served, say what was done, exit
 * with 0. Repeating them changes nothing. What has not finished after the grace is cut off.
 *
 * A signal that comes just before a call that blocks must still end that call. So the handler
 * makes no event that could be missed, but changes the state of sockets:
 *
 * - the listener is shut down. A blocked accept() returns EINVAL, and so does a later one; select,
 *   poll (whatever events were asked for) and epoll find it ready, now or whenever they look. That
 *   a listener can be shut down is Linux; clients in its queue are reset, as by close().
 * - a connection is shut down for reading: recv() still gives what has arrived, then end of file,
 *   which is how every connection ends anyway.
 *
 * Signals stay unblocked: where ppoll() and its like are made to let them in, they never do while
 * some descriptor is always ready. Children are different: a terminal's ^C reaches the whole
 * process group, so they keep all of this blocked and finish when their parent says so, by SIGUSR1.
 */
#ifndef CSDESIGN_STOP_H
#define CSDESIGN_STOP_H

#include <signal.h>
#include <stdbool.h>

/* Catch the signals from now on; clients will have `grace` seconds to finish. */
void stop_catch(int listener, unsigned grace);

/* Around fork(): the mask in *before comes back in the parent; the child keeps the one that was set
 * here, with which it stops by its parent. It makes no call for that: each is a page to be found
 * anew by every child. */
void stop_hold(sigset_t *before);
void stop_resume(const sigset_t *before);

/* The listener was found shut down: that is how a child may learn it first. */
void stop_listener_shut(void);

/* Has it been asked for? Is the grace over, too? */
bool stop_requested(void);
bool stop_cut(void);

/* Milliseconds until the grace is over, as a timeout for poll(); -1: nobody asked to stop. */
int stop_remaining(void);

/* The one connection that this process serves: the handler shuts it down, stop_guard() does if it
 * is too late for that. Release it before the descriptor is closed. */
void stop_guard(int fd);
void stop_release(void);

/* Wait, with nothing else to do, until the listener is shut down. */
void stop_await(int listener);

/* `stop_wait(poll(...))`: the call's value, or -1 when a signal ended it; death by any other
 * error. */
#define stop_wait(call) stop_wait_result((call), #call)
int stop_wait_result(int result, const char *call);

#endif
