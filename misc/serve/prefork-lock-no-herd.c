/*
 * serve/prefork-lock-no-herd: with a lock around accept() one waits there, and the rest in the
 * lock.
 *
 * Where a connection would wake all who wait in accept(), the classic cure is a lock around the
 * call: a mutex in shared memory, fcntl() or flock() on a file. Four workers play it with each of
 * them. One is seen asleep in accept(), three in the lock. A connection wakes the one; when it lets
 * go of the lock one of the three is woken and takes its place, while it goes to the end of the
 * line: two wake-ups a connection, counted by the voluntary context switches of all. That holds
 * where the one who was served comes back when the next one has the lock, as after a client of any
 * length; so the worker here sees to that. Who comes back sooner takes the lock from the one just
 * woken, and with a file lock each that finds it taken wakes the next one behind it: a herd after
 * all.
 *
 * So the lock is right, and on Linux needless: accept() itself wakes one (accept/blocking-no-herd),
 * for half the switches. It still has its use where workers wait for several listeners at once; a
 * mutex is then better than a file.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/crew.h"
#include "lib/fact.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/proc.h"

enum { WORKERS = 4, CONNECTIONS = 6 };

static int file; /* what fcntl() and flock() lock */
static pthread_mutex_t *mutex;

static void by_mutex(bool lock)
{
	errno = lock ? pthread_mutex_lock(mutex) : pthread_mutex_unlock(mutex);
	if (errno)
		die("mutex: %s", errno_name(errno));
}

static void by_fcntl(bool lock)
{
	struct flock whole = {.l_type = lock ? F_WRLCK : F_UNLCK, .l_whence = SEEK_SET};

	must(fcntl(file, F_SETLKW, &whole));
}

static void by_flock(bool lock)
{
	static int own = -1; /* such a lock belongs to the open file description */

	if (own == -1) {
		char path[64];

		snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
		own = must(open(path, O_RDWR | O_CLOEXEC));
	}
	must(flock(own, lock ? LOCK_EX : LOCK_UN));
}

static void (*guard)(bool lock);

/* `won` tells that a worker has the lock. */
static bool is_taken(const struct worker *me)
{
	const struct worker *all = me - me->number;

	for (int i = 0; i < WORKERS; i++)
		if (all[i].won)
			return true;
	return false;
}

static void work(struct worker *me)
{
	for (;;) {
		about_to_block(me);
		guard(true);
		came_back(me);
		me->won = 1;
		about_to_block(me);
		int fd = must(accept4(me->listener, NULL, NULL, SOCK_CLOEXEC));

		came_back(me);
		me->won = 0;
		guard(false);
		while (!is_taken(me)) /* it does not sleep: that would be a switch */
			sched_yield();
		must(close(fd));
	}
}

/* Once a connection is over and all sleep again: how many of them in accept(). */
static long visit(struct crew *crew)
{
	int client = connect_loopback(crew->workers[0].listener);
	char byte;

	must_n(recv(client, &byte, 1, 0));
	await_all_blocked(crew); /* who was served: so another has taken the lock, and may be on */
	await_all_blocked(crew); /* its way to accept() */
	must(close(client));
	return crew_won(crew);
}

static void play(const char *name, void (*lock)(bool))
{
	struct crew crew;
	long in_accept = 0;

	guard = lock;
	crew_start(&crew, WORKERS, PROCESSES, work, listen_loopback(WORKERS));
	for (int i = 0; i < WORKERS; i++) /* pages that are missing are waited for, too */
		visit(&crew);

	long switches = crew_switches(&crew);

	for (int i = 0; i < CONNECTIONS; i++)
		in_accept += visit(&crew);
	fact(in_accept, "%s: workers in accept(), over 6 connections", name);
	fact(crew_switches(&crew) - switches, "%s: wake-ups of 6 connections", name);
	crew_dismiss(&crew);
}

int main(void)
{
	pthread_mutexattr_t shared;

	file = must(memfd_create("lock", MFD_CLOEXEC));
	mutex = mmap(NULL, sizeof(pthread_mutex_t), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (mutex == MAP_FAILED)
		die("mmap: %s", errno_name(errno));
	pthread_mutexattr_init(&shared);
	pthread_mutexattr_setpshared(&shared, PTHREAD_PROCESS_SHARED);
	pthread_mutex_init(mutex, &shared);

	play("mutex", by_mutex);
	play("fcntl", by_fcntl);
	play("flock", by_flock);
	return 0;
}
