/*
 * crew: workers that all block in one call on one socket, and whom an event wakes there.
 *
 * A worker says in shared memory when it is about to make the call and when it came back; the
 * scheduler's state and count of switches say the rest. So the scene knows, without a sleep, that
 * a worker waits in that call and in no other, before it lets anything happen.
 */
#ifndef CSDESIGN_CREW_H
#define CSDESIGN_CREW_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "proc.h"

enum { CREW_MAX = 16 };
enum crew_kind { PROCESSES, THREADS };

struct worker {
	int number;            /* 0, 1, ... */
	int listener;          /* what the crew works on */
	_Atomic pid_t tid;     /* of its process or thread */
	atomic_bool blocking;  /* in the call under test, or about to make it */
	atomic_long switches;  /* its voluntary context switches when it was about to */
	atomic_long returned;  /* how often that call came back */
	atomic_long won, lost; /* for the scene to count with */
};

struct crew {
	int size;
	enum crew_kind kind;
	struct worker *workers; /* [size], shared with the workers */
};

/* Start `size` workers, one after the other: each runs `work`, which never returns, and has come
 * to block before the next one starts, so that they wait in the order of their numbers. */
void crew_start(struct crew *crew, int size, enum crew_kind kind, void (*work)(struct worker *me),
		int listener);

/* End the processes of a crew and reap them. Threads end with their process. */
void crew_dismiss(struct crew *crew);

/* For a worker: around the call under test, nothing else that may sleep in between. */
void about_to_block(struct worker *me);
void came_back(struct worker *me);

/* Return when the worker has gone to sleep in the call under test. Its state alone would not do:
 * that reads "S (sleeping)" a moment before it leaves the CPU, and the switch is not counted yet.
 * Where switches are not counted at all (gVisor) it is the best there is. */
void await_blocked(const struct worker *worker);
bool is_blocked(const struct worker *worker);
void await_all_blocked(const struct crew *crew);

/* Return when all whom a wake-up has reached, or whom those have woken in turn on their way out of
 * the kernel, came back. The wake-up itself must be over. Who sleeps then was not woken. */
void await_woken(const struct crew *crew);

/* Sums over all workers. */
long crew_switches(const struct crew *crew); /* voluntary context switches: /proc/PID/status */
long crew_returned(const struct crew *crew);
long crew_won(const struct crew *crew);
long crew_lost(const struct crew *crew);

/*
 * A herd: a crew of processes that wait, each with `wait`, until a non-blocking listener is
 * readable, and then run for the connection. To see exactly whom a connection wakes, nobody may
 * accept it before all who were woken came back from waiting: they stop at a gate first.
 */
struct herd {
	struct crew crew;
	int listener;
	long let; /* through the gate */
};
void herd_start(struct herd *herd, int size, void (*wait)(struct worker *me));

/* For `wait`: epoll_wait() in an epoll of the process's own, which has the listener in it, added
 * with EPOLLIN and these flags. */
void wait_in_own_epoll(struct worker *me, uint32_t flags);

/* Make one connection while all wait; returns how many workers it woke, when those have run for
 * it (crew_won, crew_lost: accept() gave it to them, or EAGAIN) and all wait again. */
long herd_connect(struct herd *herd);

/* Its two halves: connect, where `client` is then the connection; returns how many more came back
 * and now stand at the gate. And let them run, until all wait again. */
long herd_knock(struct herd *herd, int *client);
void herd_run(struct herd *herd);

#endif
