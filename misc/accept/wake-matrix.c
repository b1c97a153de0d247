/*
 * accept/wake-matrix: how many of those who wait for a connection it wakes, by what they wait in.
 *
 * Three workers sleep at one listener when a connection comes, and nobody goes for it before the
 * kernel is through with waking (lib/crew.h), so each number is exact; who was woken, found nothing
 * and slept again without coming back would be counted, too. One is woken where the waiters stand
 * in the listener's list as exclusive ones: in accept(), and in an epoll of their own with
 * EPOLLEXCLUSIVE. All are in poll() and in an epoll of their own, edge triggered or not. In one
 * epoll that all share it depends on whether who takes the event puts it back: level triggered all
 * come, one after the other; with EPOLLET and EPOLLONESHOT one. EPOLLEXCLUSIVE there says how the
 * epoll waits, not how its waiters do: all. It is the same for processes and for threads, for TCP
 * and for Unix-domain sockets, though these have lists and wake-ups of their own.
 *
 * So the pool that wakes nobody in vain blocks in accept(), or gives each worker an epoll and
 * EPOLLEXCLUSIVE, or shares one with EPOLLET or EPOLLONESHOT; what the workers are, and what the
 * socket is, does not matter. accept/epoll-private-herd and its neighbours tell why, one by one.
 */
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/crew.h"
#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/proc.h"
#include "lib/unix.h"
#include "lib/variants.h"

enum { WORKERS = 3 };
enum { TCP4, TCP6, STREAM, SEQPACKET, IN_THREADS };
static int which; /* one of these, and perhaps IN_THREADS added */

enum how { ACCEPT, POLL, OWN_EPOLL, ONE_EPOLL };
static const struct mode {
	const char *name;
	enum how how;
	uint32_t flags;
} modes[] = {{"accept", ACCEPT, 0},
	     {"poll", POLL, 0},
	     {"an epoll each", OWN_EPOLL, 0},
	     {"an epoll each, EPOLLET", OWN_EPOLL, EPOLLET},
	     {"an epoll each, EPOLLEXCLUSIVE", OWN_EPOLL, EPOLLEXCLUSIVE},
	     {"one epoll", ONE_EPOLL, 0},
	     {"one epoll, EPOLLET", ONE_EPOLL, EPOLLET},
	     {"one epoll, EPOLLONESHOT", ONE_EPOLL, EPOLLONESHOT},
	     {"one epoll, EPOLLEXCLUSIVE", ONE_EPOLL, EPOLLEXCLUSIVE}};

static const struct mode *mode;
static int shared = -1;
static struct gate gate;

static int epoll_of(int listener)
{
	struct epoll_event event = {.events = EPOLLIN | mode->flags};
	int epoll = must(epoll_create1(EPOLL_CLOEXEC));

	must(epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event));
	return epoll;
}

static void work(struct worker *me)
{
	enum how how = mode->how;
	int fd = -1, epoll = how == OWN_EPOLL ? epoll_of(me->listener) : shared;
	struct epoll_event event;

	about_to_block(me);
	if (how == ACCEPT)
		fd = must(accept4(me->listener, NULL, NULL, SOCK_CLOEXEC));
	else if (how == POLL)
		await_poll(me->listener, POLLIN);
	else
		while (epoll_wait(epoll, &event, 1, -1) == -1 && errno == EINTR)
			continue; /* whom a debugger has stopped, as a sanitizer does at the end */
	came_back(me);
	gate_wait(&gate);
	if (fd == -1)
		fd = accept4(me->listener, NULL, NULL, SOCK_CLOEXEC);
	if (fd == -1 && errno != EAGAIN)
		die("accept4: %s", errno_name(errno));
	*(fd == -1 ? &me->lost : &me->won) += 1;
	for (;;)
		pause();
}

static int listening(void)
{
	int at = which % IN_THREADS;

	family = at == TCP6 ? AF_INET6 : AF_INET;
	if (at <= TCP6)
		return listen_loopback(1);
	return unix_listener(at == STREAM ? SOCK_STREAM : SOCK_SEQPACKET, 1);
}

static void play(void)
{
	int listener = listening(), client;
	long switches[WORKERS], woken;
	struct crew crew;

	set_nonblocking(listener, mode->how != ACCEPT);
	shared = mode->how == ONE_EPOLL ? epoll_of(listener) : -1;
	crew_start(&crew, WORKERS, which < IN_THREADS ? PROCESSES : THREADS, work, listener);
	for (int i = 0; i < WORKERS; i++)
		switches[i] = voluntary_switches(crew.workers[i].tid);

	client = must(socket(get_option(listener, SOL_SOCKET, SO_DOMAIN),
			     get_option(listener, SOL_SOCKET, SO_TYPE) | SOCK_CLOEXEC, 0));
	must(connect_to(client, listener));
	while (crew_returned(&crew) == 0) /* the kernel has begun to wake */
		nap();
	must(poll(&(struct pollfd){listener, POLLIN, 0}, 1, 1)); /* takes the lock: it is through */
	await_woken(&crew);
	woken = crew_returned(&crew);
	for (int i = 0; i < WORKERS; i++) {
		if (crew.workers[i].returned > 0)
			continue;
		await_off_cpu(crew.workers[i].tid);
		woken += voluntary_switches(crew.workers[i].tid) - switches[i];
	}
	for (long i = 0; i < crew_returned(&crew); i++)
		gate_open(&gate);
	while (crew_won(&crew) + crew_lost(&crew) < crew_returned(&crew))
		nap();
	fact_text(mode->name, "%ld woken, %ld accepted", woken, crew_won(&crew));
	crew_dismiss(&crew);
}

static void scene(void)
{
	gate_make(&gate);
	for (mode = modes; mode < modes + sizeof(modes) / sizeof(modes[0]); mode++)
		play();
}

int main(void)
{
	static const struct variant variants[] = {
		{"processes at TCP", TCP4},
		{"over IPv6", TCP6},
		{"at AF_UNIX STREAM", STREAM},
		{"at AF_UNIX SEQPACKET", SEQPACKET},
		{"threads at TCP", IN_THREADS + TCP4},
		{"threads over IPv6", IN_THREADS + TCP6},
		{"threads at AF_UNIX STREAM", IN_THREADS + STREAM},
		{"threads at SEQPACKET", IN_THREADS + SEQPACKET}};

	if (!counts_switches())
		impossible("no voluntary_ctxt_switches in /proc/PID/status to tell who was woken");
	return play_variants(variants, 8, &which, scene);
}
