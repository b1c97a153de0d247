#include "parked.h"

#include <errno.h>
#include <unistd.h>

#include "must.h"
#include "proc.h"

static void *make_the_call(void *argument)
{
	struct parked *parked = argument;

	parked->worker.tid = gettid();
	about_to_block(&parked->worker);
	parked->result = parked->call(parked->fd);
	parked->err = errno;
	came_back(&parked->worker);
	return NULL;
}

static void start(struct parked *parked, long (*call)(int fd), int fd)
{
	*parked = (struct parked){.call = call, .fd = fd};
	errno = pthread_create(&parked->thread, NULL, make_the_call, parked);
	if (errno)
		die("pthread_create: %s", errno_name(errno));
}

static void note_switches(struct parked *parked)
{
	parked->switches = counts_switches() ? voluntary_switches(parked->worker.tid) : 0;
}

void park(struct parked *parked, long (*call)(int fd), int fd)
{
	start(parked, call, fd);
	await_blocked(&parked->worker);
	note_switches(parked);
}

bool try_to_park(struct parked *parked, long (*call)(int fd), int fd)
{
	start(parked, call, fd);
	while (parked->worker.returned == 0 && !is_blocked(&parked->worker))
		nap();
	if (parked->worker.returned > 0)
		return false;
	note_switches(parked);
	return true;
}

bool parked_was_woken(struct parked *parked)
{
	pid_t tid = parked->worker.tid;

	if (parked->worker.returned > 0)
		return true;
	return counts_switches() &&
	       (thread_state(tid) != 'S' || voluntary_switches(tid) != parked->switches);
}

long parked_result(struct parked *parked)
{
	errno = pthread_join(parked->thread, NULL);
	if (errno)
		die("pthread_join: %s", errno_name(errno));
	errno = parked->err;
	return parked->result;
}
