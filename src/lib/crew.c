#include "crew.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/epoll.h>
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
	me->returned++; /* before the rest: who does not block any more has been counted */
	me->blocking = false;
}

/* A thread has no id yet just after its start, and ends with its process. */
static void look_again(const struct worker *worker)
{
	if (worker->tid && thread_state(worker->tid) == '\0')
		die("worker %d ended while it was waited for", worker->number);
	nap();
}

/* counts_switches(), asked once. */
static bool kernel_counts(void)
{
	static atomic_int known;

	if (known == 0)
		known = counts_switches() ? 1 : -1;
	return known == 1;
}

bool is_blocked(const struct worker *worker)
{
	return worker->blocking &&
	       (!kernel_counts() || voluntary_switches(worker->tid) > worker->switches) &&
	       thread_state(worker->tid) == 'S';
}

void await_blocked(const struct worker *worker)
{
	while (!is_blocked(worker))
		look_again(worker);
}

void await_all_blocked(const struct crew *crew)
{
	for (int i = 0; i < crew->size; i++)
		await_blocked(&crew->workers[i]);
}

/* How many came back, when everybody either has or sleeps. */
static long settled(const struct crew *crew)
{
	for (int i = 0; i < crew->size; i++) {
		const struct worker *worker = &crew->workers[i];

		while (worker->blocking && thread_state(worker->tid) != 'S')
			look_again(worker);
	}
	return crew_returned(crew);
}

void await_woken(const struct crew *crew)
{
	long before;

	/* Who had come back by the end of the first look has woken all whom it would wake: they do
	 * not sleep any more when they are looked at again. */
	do
		before = settled(crew);
	while (settled(crew) != before);
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
	herd->let = 0;
	set_nonblocking(herd->listener, true);
	gate_make(&herd_gate);
	herd_wait = wait;
	crew_start(&herd->crew, size, PROCESSES, run_for_connections, herd->listener);
}

void wait_in_own_epoll(struct worker *me, uint32_t flags)
{
	static int epoll = -1;
	struct epoll_event event = {.events = EPOLLIN | flags};

	if (epoll == -1) {
		epoll = must(epoll_create1(EPOLL_CLOEXEC));
		must(epoll_ctl(epoll, EPOLL_CTL_ADD, me->listener, &event));
	}
	must(epoll_wait(epoll, &event, 1, -1));
}

long herd_knock(struct herd *herd, int *client)
{
	long before = crew_returned(&herd->crew);

	*client = connect_loopback(herd->listener);
	/* One of them came back, so the kernel has begun to walk the listener's wait queue. */
	while (crew_returned(&herd->crew) == before)
		look_again(&herd->crew.workers[0]);
	/* poll() takes that queue's lock: once it returns, the kernel is through. */
	await_poll(herd->listener, POLLIN);
	await_woken(&herd->crew);
	return crew_returned(&herd->crew) - before;
}

void herd_run(struct herd *herd)
{
	const struct worker *worker = herd->crew.workers, *end = worker + herd->crew.size;
	long returned = -1;

	/* Whoever has run for a connection may come back at once where there is another. */
	while (worker < end || crew_returned(&herd->crew) != returned) {
		returned = crew_returned(&herd->crew);
		for (; herd->let < returned; herd->let++)
			gate_open(&herd_gate);
		for (worker = herd->crew.workers; worker < end && is_blocked(worker);)
			worker++;
		if (worker < end)
			look_again(worker);
	}
}

long herd_connect(struct herd *herd)
{
	int client;
	long woken = herd_knock(herd, &client);

	herd_run(herd);
	must(close(client));
	return woken;
}
