/*
 * epoll/pwait2: epoll_pwait2() waits for a time in nanoseconds.
 *
 * epoll_wait() takes whole milliseconds, so that it can only wait far too long or not at all for
 * something due in 300 microseconds. epoll_pwait2() takes a struct timespec, relative, as ppoll()
 * does: no time for ever, a zero for not at all. Half a millisecond is neither rounded down, which
 * would be no wait, nor up: not each one of many waits takes longer than the millisecond that
 * epoll_wait() cannot go below. What is no time is EINVAL.
 *
 * So an event loop whose timers are finer than a millisecond needs no timerfd for them from Linux
 * 5.11 on; before, the call is ENOSYS.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/must.h"

enum { HALF_A_MS = 500 * 1000, MS = 1000 * 1000, TRIES = 10000 };

static int epoll;

static int wait_for(const struct timespec *timeout)
{
	struct epoll_event event;

	return epoll_pwait2(epoll, &event, 1, timeout, NULL);
}

/* How long it waits for this long, in ns. */
static int64_t measure(long nanoseconds)
{
	struct timespec timeout = {.tv_nsec = nanoseconds}, before, after;

	must(clock_gettime(CLOCK_MONOTONIC, &before));
	must(wait_for(&timeout));
	must(clock_gettime(CLOCK_MONOTONIC, &after));
	return (after.tv_sec - before.tv_sec) * 1000LL * MS + after.tv_nsec - before.tv_nsec;
}

int main(void)
{
	int counter = must(eventfd(0, EFD_CLOEXEC));
	struct epoll_event event = {.events = EPOLLIN};
	bool rounded_down = false, rounded_up = true;

	epoll = must(epoll_create1(EPOLL_CLOEXEC));
	must(epoll_ctl(epoll, EPOLL_CTL_ADD, counter, &event));
	if (wait_for(&(struct timespec){0}) == -1 && errno == ENOSYS)
		impossible("epoll_pwait2: ENOSYS");
	fact(wait_for(&(struct timespec){0}), "no event, timeout 0");
	for (int i = 0; i < TRIES && rounded_up; i++) {
		int64_t waited = measure(HALF_A_MS);

		rounded_down |= waited < HALF_A_MS;
		rounded_up = waited >= MS;
	}
	fact_text("half a millisecond rounded down", "%s", rounded_down ? "yes" : "no");
	fact_text("always rounded up", "%s", rounded_up ? "yes" : "no");
	must_n(write(counter, &(uint64_t){1}, sizeof(uint64_t)));
	fact(wait_for(&(struct timespec){.tv_nsec = -1}), "timeout -1 ns");
	fact(wait_for(&(struct timespec){.tv_nsec = 1000L * MS}), "timeout 1000000000 ns");
	fact(wait_for(&(struct timespec){.tv_sec = -1}), "timeout -1 s");
	fact(wait_for(NULL), "event, no timeout");
	fact(wait_for(&(struct timespec){.tv_sec = 1000}), "event, timeout 1000 s");
	return 0;
}
