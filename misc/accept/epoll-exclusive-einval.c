/*
 * accept/epoll-exclusive-einval: EPOLLEXCLUSIVE is set when a descriptor is added, or never.
 *
 * The flag decides how an epoll joins its target's list of waiters, and that happens once, in
 * EPOLL_CTL_ADD; so EPOLL_CTL_MOD can neither set nor take it, nor change anything else of an entry
 * that has it. With it go EPOLLIN, EPOLLOUT, EPOLLET and EPOLLWAKEUP, and EPOLLERR and EPOLLHUP,
 * which are always there. EPOLLONESHOT, which disarms by a MOD, and EPOLLRDHUP, EPOLLPRI are
 * refused, as is an epoll for a target: whom an event in the inner one should wake would be
 * decided twice. Each refusal is EINVAL and leaves the entry as it was.
 *
 * So a worker that wants to pause taking connections deletes the listener from its epoll and adds
 * it again, by which it goes to the end of the list of those who are preferred.
 */
#include <stdint.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"

static int epoll;

static int control(int operation, int fd, uint32_t events)
{
	struct epoll_event event = {.events = events};

	return epoll_ctl(epoll, operation, fd, &event);
}

/* One that was added is taken off again. */
static void add(const char *name, int fd, uint32_t events)
{
	if (fact(control(EPOLL_CTL_ADD, fd, EPOLLIN | events), "add with %s", name) == 0)
		must(control(EPOLL_CTL_DEL, fd, 0));
}

static void scene(void)
{
	int listener = listen_loopback(1), inner = must(epoll_create1(EPOLL_CLOEXEC));

	epoll = must(epoll_create1(EPOLL_CLOEXEC));
	add("EPOLLEXCLUSIVE", listener, EPOLLEXCLUSIVE);
	add("EPOLLEXCLUSIVE EPOLLOUT", listener, EPOLLEXCLUSIVE | EPOLLOUT);
	add("EPOLLEXCLUSIVE EPOLLET", listener, EPOLLEXCLUSIVE | EPOLLET);
	add("EPOLLEXCLUSIVE EPOLLERR EPOLLHUP", listener, EPOLLEXCLUSIVE | EPOLLERR | EPOLLHUP);
	add("EPOLLEXCLUSIVE EPOLLONESHOT", listener, EPOLLEXCLUSIVE | EPOLLONESHOT);
	add("EPOLLEXCLUSIVE EPOLLRDHUP", listener, EPOLLEXCLUSIVE | EPOLLRDHUP);
	add("EPOLLEXCLUSIVE EPOLLPRI", listener, EPOLLEXCLUSIVE | EPOLLPRI);
	add("EPOLLEXCLUSIVE an epoll", inner, EPOLLEXCLUSIVE);
	add("nothing more an epoll", inner, 0);

	must(control(EPOLL_CTL_ADD, listener, EPOLLIN | EPOLLEXCLUSIVE));
	fact(control(EPOLL_CTL_MOD, listener, EPOLLIN), "take EPOLLEXCLUSIVE by mod");
	fact(control(EPOLL_CTL_MOD, listener, EPOLLIN | EPOLLEXCLUSIVE), "keep it in a mod");
	fact(control(EPOLL_CTL_DEL, listener, 0), "delete");
	must(control(EPOLL_CTL_ADD, listener, EPOLLIN));
	fact(control(EPOLL_CTL_MOD, listener, EPOLLIN | EPOLLEXCLUSIVE), "set it by mod");
	fact(control(EPOLL_CTL_MOD, listener, EPOLLIN | EPOLLET), "mod without it");
	must(close(listener));
}

int main(void)
{
	return over_both_families(scene);
}
