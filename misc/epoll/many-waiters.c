/*
 * epoll/many-waiters: how many of those who wait in one epoll an event wakes, and that none is
 * lost.
 *
 * Three workers sleep in one epoll. One write makes a file readable in it, and nobody reads before
 * all whom the kernel wakes came back (lib/crew.h). Level triggered one wakes and, the file still
 * being readable, passes it on: all come back. EPOLLET and EPOLLONESHOT do not pass it on: one.
 * EPOLLEXCLUSIVE says how an epoll waits at its file, not who waits in the epoll: all. The same
 * holds for an epoll within the epoll, where the outer one's mode decides. Then those who came back
 * run for the data, and one has it, each time; an event that woke nobody, or data nobody got, would
 * leave them asleep for ever. Where each worker has an epoll of its own all wake, with
 * EPOLLEXCLUSIVE one. Sockets, pipes and eventfds do the same, though each has code of its own to
 * wake.
 *
 * So a pool around one epoll takes EPOLLONESHOT or EPOLLET; with EPOLLET another event may wake a
 * second worker for the same file while the first still reads, which only EPOLLONESHOT excludes.
 */
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "lib/crew.h"
#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/proc.h"
#include "lib/variants.h"

enum { WORKERS = 3 };
enum kind { SOCKET, SOCKET_IPV6, PIPE, EVENTFD };

static int kind, reader, writer;
static struct gate gate;
static int epoll;         /* everybody's, or -1: each its own */
static uint32_t own_mode; /* of the file in a worker's own */

static void make_file(void)
{
	int ends[2];

	if (kind == SOCKET_IPV6)
		family = AF_INET6;
	if (kind == PIPE)
		must(pipe2(ends, O_CLOEXEC));
	else if (kind == EVENTFD)
		ends[0] = ends[1] = must(eventfd(0, EFD_CLOEXEC));
	else
		tcp_pair(ends);
	reader = kind == PIPE ? ends[0] : ends[1];
	writer = kind == PIPE ? ends[1] : ends[0];
	set_nonblocking(reader, true);
}

static void add(int to, int fd, uint32_t mode)
{
	struct epoll_event event = {.events = EPOLLIN | mode};

	must(epoll_ctl(to, EPOLL_CTL_ADD, fd, &event));
}

static void work(struct worker *me)
{
	struct epoll_event event;
	uint64_t value;
	int mine = epoll == -1 ? must(epoll_create1(EPOLL_CLOEXEC)) : epoll;

	if (epoll == -1)
		add(mine, reader, own_mode);
	for (;;) {
		about_to_block(me);
		must(epoll_wait(mine, &event, 1, -1));
		came_back(me);
		gate_wait(&gate);
		if (read(reader, &value, sizeof(value)) == sizeof(value))
			me->won++;
		else
			me->lost++;
	}
}

/* Make the file readable once, and tell how many came back for it and how many of those read it. */
static void write_once(struct crew *crew, const char *mode)
{
	long before = crew_returned(crew), won = crew_won(crew), woken;

	must_n(write(writer, &(uint64_t){1}, sizeof(uint64_t)));
	while (crew_returned(crew) == before)
		nap();
	await_poll(reader, POLLIN); /* takes the lock of who waits: all were told */
	await_woken(crew);
	woken = crew_returned(crew) - before;
	for (long i = 0; i < woken; i++)
		gate_open(&gate);
	await_all_blocked(crew);
	fact_text(mode, "%ld woken, %ld read it", woken, crew_won(crew) - won);
}

static void in_one_epoll(void)
{
	static const struct {
		const char *name;
		bool nested;
		uint32_t inner, outer;
	} modes[] = {{"level", false, 0, 0},
		     {"EPOLLET", false, EPOLLET, 0},
		     {"EPOLLONESHOT", false, EPOLLONESHOT, 0},
		     {"EPOLLEXCLUSIVE", false, EPOLLEXCLUSIVE, 0},
		     {"level in level", true, 0, 0},
		     {"EPOLLET in level", true, EPOLLET, 0},
		     {"level in EPOLLET", true, 0, EPOLLET},
		     {"EPOLLET in EPOLLET", true, EPOLLET, EPOLLET}};
	struct crew crew;

	epoll = must(epoll_create1(EPOLL_CLOEXEC));
	crew_start(&crew, WORKERS, PROCESSES, work, -1);
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		int inner = modes[i].nested ? must(epoll_create1(EPOLL_CLOEXEC)) : epoll;

		if (modes[i].nested)
			add(epoll, inner, modes[i].outer);
		add(inner, reader, modes[i].inner);
		write_once(&crew, modes[i].name);
		must(epoll_ctl(inner, EPOLL_CTL_DEL, reader, NULL));
		if (modes[i].nested)
			must(close(inner));
	}
	crew_dismiss(&crew);
}

static void in_own_epolls(const char *name, uint32_t mode)
{
	struct crew crew;

	epoll = -1;
	own_mode = mode;
	crew_start(&crew, WORKERS, PROCESSES, work, -1);
	write_once(&crew, name);
	crew_dismiss(&crew);
}

static void scene(void)
{
	gate_make(&gate);
	make_file();
	in_one_epoll();
	in_own_epolls("level in own epolls", 0);
	in_own_epolls("EPOLLET in own epolls", EPOLLET);
	in_own_epolls("EPOLLEXCLUSIVE in own epolls", EPOLLEXCLUSIVE);
}

int main(void)
{
	static const struct variant kinds[] = {{"socket", SOCKET},
					       {"over IPv6", SOCKET_IPV6},
					       {"with a pipe", PIPE},
					       {"with an eventfd", EVENTFD}};

	if (!counts_switches())
		impossible("no voluntary_ctxt_switches in /proc/PID/status to tell who was woken");
	return play_variants(kinds, 4, &kind, scene);
}
