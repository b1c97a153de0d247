/*
 * serve/prefork-even-split: children that block in accept() take turns; under load each connection
 * goes to who is free, once.
 *
 *   prefork-even-split paced PORT PID    clients one after the other, all children being idle
 *   prefork-even-split loaded PORT PID   twice as many clients at once as there are children
 *
 * PID is a preforking server's. Paced, a child is seen asleep before the next client comes, so the
 * first in the kernel's queue gets it; which one that is shows by its descriptors, one more than
 * before. Children are named by their turn in the first round.
 *
 * Loaded, all children are busy and clients wait. The client that ends next is drawn by lot among
 * those being served, by this program, so chance enters here and nowhere else: the child that
 * becomes free takes the next who waits. Of K connections over N children, each child serves one at
 * first, then one more each time the lot falls on it: 1 + Binomial(K - N, 1 / N), on any machine
 * however slow. With K = 255 and N = 5 the mean is 51 and the standard deviation 6.3; a child
 * serves fewer than 21 with a probability of 4.7e-8, more than 86 with 7.5e-8, and any of the five
 * is outside with at most 6.1e-7: a false alarm in less than one of 1.6 million runs. The total is
 * exact, so none was lost and none served twice.
 *
 * So workers that block in accept() share the work as evenly as their clients allow, and nobody has
 * to arrange it. A bound on the counts without such a lot would be one on the scheduler, and fail
 * now and then for no fault of anybody. serve/prefork-dispatch-uneven is the contrast.
 */
#include <poll.h>
#include <stdint.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/proc.h"

enum { CHILDREN_MAX = 8, ROUNDS = 3, CONNECTIONS = 255 };

/* Connect and ask for one byte. */
static int ask(const char *port)
{
	int fd = connect_to_port(port);

	send_all(fd, "1\n", 2);
	return fd;
}

/* End the stream, and wait until the server has closed, too. */
static void leave(int fd)
{
	char byte;

	must(shutdown(fd, SHUT_WR));
	must_n(recv(fd, &byte, 1, 0));
	must(close(fd));
}

static void pace(const char *port, const pid_t *children, int count)
{
	char order[ROUNDS * (CHILDREN_MAX + 1) + 1] = "", *next = order;
	int before[CHILDREN_MAX] = {0}, names[CHILDREN_MAX], named = 0;

	memset(names, -1, sizeof(names));
	for (int turn = 0; turn < ROUNDS * count; turn++) {
		int holder = 0;
		char byte;

		for (int i = 0; i < count; i++) {
			await_asleep(children[i]);
			before[i] = descriptors_of(children[i]);
		}
		int client = ask(port);

		recv_all(client, &byte, 1);
		while (holder < count && descriptors_of(children[holder]) != before[holder] + 1)
			holder++;
		if (holder == count)
			die("no child has the connection");
		if (names[holder] == -1)
			names[holder] = named++;
		if (turn > 0 && turn % count == 0)
			*next++ = ' ';
		*next++ = (char)('0' + names[holder]);
		leave(client);
	}
	fact_text("paced order", "%s", order);
}

static int draw(int count)
{
	unsigned lot;

	if (must_n(getrandom(&lot, sizeof(lot), 0)) != sizeof(lot))
		die("getrandom: short");
	return (int)(lot % (unsigned)count);
}

static void load(const char *port, int count)
{
	struct pollfd waiting[CHILDREN_MAX];
	int served[CHILDREN_MAX], busy = 0, queued = 0, made = 0, answered = 0;

	while (made < CONNECTIONS || queued > 0) {
		for (; queued < count && made < CONNECTIONS; made++)
			waiting[queued++] = (struct pollfd){.fd = ask(port), .events = POLLIN};
		while (busy < count) {
			must(poll(waiting, (nfds_t)queued, -1));
			for (int i = queued - 1; i >= 0; i--) {
				char byte;

				if (!waiting[i].revents)
					continue;
				answered += recv(waiting[i].fd, &byte, 1, 0) == 1;
				served[busy++] = waiting[i].fd;
				waiting[i] = waiting[--queued];
			}
		}
		int lot = draw(count);

		leave(served[lot]);
		served[lot] = served[--busy];
	}
	while (busy > 0)
		leave(served[--busy]);
	fact(made, "loaded connections");
	fact(answered, "loaded answered");
}

int main(int argc, char **argv)
{
	pid_t children[CHILDREN_MAX];

	if (argc != 4)
		usage_error("paced or loaded, a port, and a preforking server's pid");
	int count = children_of((pid_t)parse_number(argv[3], 1, INT32_MAX, "PID"), children,
				CHILDREN_MAX);

	if (count < 1 || count > CHILDREN_MAX)
		die("the server has %d children, not 1 to %d", count, CHILDREN_MAX);
	if (strcmp(argv[1], "paced") == 0)
		pace(argv[2], children, count);
	else
		load(argv[2], count);
	return 0;
}
