/*
 * accept/blocking-no-herd: a connection wakes one of those who block in accept(), not all.
 *
 * A process waits in accept() exclusively, and the kernel stops at the first such one it wakes.
 * What books and pages tell of a thundering herd there is true of older systems. The proof is a
 * count: a process woken in vain would find the queue empty and sleep again inside the kernel,
 * unseen by itself; but to sleep it has to give up the CPU, which /proc/PID/status counts as a
 * voluntary context switch. Each worker does nothing else that sleeps, and every one of them is
 * seen to have gone to sleep in accept() before the first connection and after each. One wake-up a
 * connection then makes as many switches as connections, a herd of four up to four times as many.
 *
 * So a preforked server whose children block in accept() needs no lock around it: the kernel's
 * queue is that lock, and wakes fewer processes than a lock of one's own would.
 */
#include <sys/socket.h>
#include <unistd.h>

#include "lib/crew.h"
#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"

enum { WORKERS = 4, CONNECTIONS = 12 };

static void serve(struct worker *me)
{
	for (;;) {
		about_to_block(me);
		int fd = must(accept4(me->listener, NULL, NULL, SOCK_CLOEXEC));

		came_back(me);
		must(close(fd));
	}
}

static void visit(struct crew *crew, int listener)
{
	int client = connect_loopback(listener);
	char byte;

	must_n(recv(client, &byte, 1, 0)); /* until the one who took it closes */
	await_all_blocked(crew);
	must(close(client));
}

static void scene(void)
{
	int listener = listen_loopback(WORKERS);
	struct crew crew;

	crew_start(&crew, WORKERS, PROCESSES, serve, listener);
	for (int i = 0; i < WORKERS; i++) /* so that later no page is missing, for one sleeps */
		visit(&crew, listener);   /* until it is read from a disk */

	long switches = crew_switches(&crew), returned = crew_returned(&crew);

	for (int i = 0; i < CONNECTIONS; i++)
		visit(&crew, listener);
	fact(crew_returned(&crew) - returned, "workers accept returned");
	fact(crew_switches(&crew) - switches, "workers voluntary switches");
	crew_dismiss(&crew);
}

int main(void)
{
	return over_both_families(scene);
}
