#include "crew.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "must.h"
#include "net.h"

static void (*crew_work)(struct worker *me);

static _Noreturn void begin(struct worker *me)
{
	me->tid = gettid();
	crew_work(me);
	die("worker %d has no more work", me->number);
}

static void *begin_thread(void *me)
{
	begin(me);
}

static void start_worker(struct worker *worker, enum crew_kind kind)
{
	pthread_t thread;

	if (kind == PROCESSES) {
		pid_t pid = must_fork();

		if (pid == 0)
			begin(worker);
		worker->tid = pid;
		return;
	}
	errno = pthread_create(&thread, NULL, begin_thread, worker);
	if (errno)
		die("pthread_create: %s", errno_name(errno));
	pthread_detach(thread);
}

void crew_start(struct crew *crew, int size, enum crew_kind kind, void (*work)(struct worker *me),
		int listener)
{
	size_t bytes = (size_t)size * sizeof(struct worker);

	crew->workers =
		mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (crew->workers == MAP_FAILED)
		die("mmap: %s", errno_name(errno));
	crew->size = size;
	crew->kind = kind;
	crew_work = work;
	for (int i = 0; i < size; i++) {
		crew->workers[i].number = i;
		crew->workers[i].listener = listener;
		start_worker(&crew->workers[i], kind);
		await_blocked(&crew->workers[i]);
	}
}

void crew_dismiss(struct crew *crew)
{
	for (int i = 0; i < crew->size && crew->kind == PROCESSES; i++) {
		must(kill(crew->workers[i].tid, SIGKILL));
		reap(crew->workers[i].tid);
	}
}

void about_to_block(struct worker *me)
{
	struct rusage usage;

	must(getrusage(RUSAGE_THREAD, &usage));
	me->switches = usage.ru_nvcsw;
	me->blocking = true;
}

void came_back(struct worker *me)
{
	me->blocking = false;
	me->returned++;
}

/* A thread has no id yet just after its start, and ends with its process. */
static void look_again(const struct worker *worker)
{
	if (worker->tid && thread_state(worker->tid) == '\0')
		die("worker %d ended while it was waited for", worker->number);
	nap();
}

void await_blocked(const struct worker *worker)
{
	const bool counted = counts_switches();

	while (!worker->blocking)
		look_again(worker);
	while (counted && voluntary_switches(worker->tid) <= worker->switches)
		look_again(worker);
	await_asleep(worker->tid);
}

void await_all_blocked(const struct crew *crew)
{
	for (int i = 0; i < crew->size; i++)
		await_blocked(&crew->workers[i]);
}

long crew_switches(const struct crew *crew)
{
	long sum = 0;

	for (int i = 0; i < crew->size; i++)
		sum += voluntary_switches(crew->workers[i].tid);
	return sum;
}

static long sum_of(const struct crew *crew, size_t counter)
{
	long sum = 0;

	for (int i = 0; i < crew->size; i++)
		sum += *(atomic_long *)((char *)&crew->workers[i] + counter);
	return sum;
}

long crew_returned(const struct crew *crew)
{
	return sum_of(crew, offsetof(struct worker, returned));
}

long crew_won(const struct crew *crew)
{
	return sum_of(crew, offsetof(struct worker, won));
}

long crew_lost(const struct crew *crew)
{
	return sum_of(crew, offsetof(struct worker, lost));
}

static struct gate herd_gate;
static void (*herd_wait)(struct worker *me);

static void run_for_connections(struct worker *me)
{
	for (;;) {
		about_to_block(me);
		herd_wait(me);
		came_back(me);
		gate_wait(&herd_gate);

		int fd = accept4(me->listener, NULL, NULL, SOCK_CLOEXEC);

		if (fd == -1 && errno != EAGAIN)
			die("accept4: %s", errno_name(errno));
		if (fd == -1) {
			me->lost++;
			continue;
		}
		me->won++;
		must(close(fd));
	}
}

void herd_start(struct herd *herd, int size, void (*wait)(struct worker *me))
{
	/* Where a sleeper's state changes only when it runs again, who was woken cannot be told. */
	if (!counts_switches())
		impossible("no voluntary_ctxt_switches in /proc/PID/status to tell who was woken");
	herd->listener = listen_loopback(size);
	set_nonblocking(herd->listener, true);
	gate_make(&herd_gate);
	herd_wait = wait;
	crew_start(&herd->crew, size, PROCESSES, run_for_connections, herd->listener);
}

long herd_connect(struct herd *herd)
{
	long before = crew_returned(&herd->crew);
	int client = connect_loopback(herd->listener);

	/* One of them came back, so the kernel has begun to walk the listener's wait queue. */
	while (crew_returned(&herd->crew) == before)
		look_again(&herd->crew.workers[0]);
	/* poll() takes that queue's lock: once it returns, the kernel is through. */
	await_poll(herd->listener, POLLIN);
	/* Now whoever still sleeps was not woken; the others are runnable, or came back. */
	for (int i = 0; i < herd->crew.size; i++) {
		const struct worker *worker = &herd->crew.workers[i];

		while (worker->blocking && thread_state(worker->tid) != 'S')
			look_again(worker);
	}
	long woken = crew_returned(&herd->crew) - before;

	for (long i = 0; i < woken; i++)
		gate_open(&herd_gate);
	await_all_blocked(&herd->crew);
	must(close(client));
	return woken;
}
