#include "threads.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>
#include <time.h>

#include "must.h"
#include "stop.h"

/* The C library keeps 40 MiB of stacks for reuse: many of these, but only five of the usual size,
 * which would be mapped and unmapped for every client. */
enum { STACK_SIZE = 128 * 1024 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t left = PTHREAD_COND_INITIALIZER;
static struct hand *hands;
static int count;
static bool finishing;

static void must_0(int err, const char *call)
{
	if (err)
		die("%s: %s", call, errno_name(err));
}

static void enter(struct hand *hand)
{
	pthread_mutex_lock(&lock);
	hand->prev = NULL;
	hand->next = hands;
	if (hands)
		hands->prev = hand;
	hands = hand;
	count++;
	pthread_mutex_unlock(&lock);
}

int threads_start(struct hand *hand, void *(*run)(void *), void *arg)
{
	static pthread_attr_t attributes;
	static bool ready;
	sigset_t all;
	pthread_t thread;

	if (!ready) {
		must_0(pthread_attr_init(&attributes), "pthread_attr_init");
		must_0(pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED),
		       "pthread_attr_setdetachstate");
		must_0(pthread_attr_setstacksize(&attributes, STACK_SIZE),
		       "pthread_attr_setstacksize");
		must(sigfillset(&all));
		must_0(pthread_attr_setsigmask_np(&attributes, &all), "pthread_attr_setsigmask_np");
		ready = true;
	}
	enter(hand);

	int err = pthread_create(&thread, &attributes, run, arg);

	if (err)
		threads_leave(hand);
	return err;
}

void threads_hold(struct hand *hand, int fd)
{
	pthread_mutex_lock(&lock);
	hand->fd = fd;
	if (finishing)
		shutdown(fd, SHUT_RD);
	pthread_mutex_unlock(&lock);
}

void threads_release(struct hand *hand)
{
	pthread_mutex_lock(&lock);
	hand->fd = -1;
	pthread_mutex_unlock(&lock);
}

void threads_leave(struct hand *hand)
{
	pthread_mutex_lock(&lock);
	if (hand->prev)
		hand->prev->next = hand->next;
	else
		hands = hand->next;
	if (hand->next)
		hand->next->prev = hand->prev;
	if (--count == 0)
		pthread_cond_signal(&left);
	pthread_mutex_unlock(&lock);
}

int threads_finish(void)
{
	struct timespec until;
	int unfinished = 0, err = 0;

	pthread_mutex_lock(&lock);
	finishing = true;
	for (struct hand *hand = hands; hand; hand = hand->next)
		if (hand->fd != -1)
			shutdown(hand->fd, SHUT_RD);
	must(clock_gettime(CLOCK_MONOTONIC, &until));
	until.tv_nsec += stop_remaining() * 1000000L;
	until.tv_sec += until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	while (count > 0 && err == 0)
		err = pthread_cond_clockwait(&left, &lock, CLOCK_MONOTONIC, &until);
	for (struct hand *hand = hands; hand; hand = hand->next)
		unfinished += hand->fd != -1;
	pthread_mutex_unlock(&lock);
	return unfinished;
}
