/*
 * serve/fd-baseline: after its clients have gone, however they went, a server holds no more
 * descriptors and processes than before they came.
 *
 *   fd-baseline NAME PORT PID
 *
 * Clients come one after the other, in rounds of every way to leave there is: in good order, in
 * the middle of a line, with a reset before, during and after a reply, with a request that makes no
 * sense. Then the server's processes and the descriptors of each must become what they were. The
 * counts are compared process by process, so one that died and was replaced shows, too.
 *
 * So close on every path, error paths first: a descriptor more for each lost client is how a server
 * stops accepting after a week (EMFILE), and a parent that keeps the descriptor it gave to a child
 * also keeps the client waiting for the end.
 */
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/proc.h"

enum { PROCESSES_MAX = 64, ROUNDS = 4, LOOKS = 2000 };

/* How a client behaves: what it sends, how much of the answer it takes, how it leaves. */
static const struct manner {
	const char *request;
	size_t taken;
	bool ends; /* its stream, and waits for the server's end; else it just closes */
	bool resets;
} manners[] = {
	{"3000\n", 3000, true, false},    /* in good order */
	{"", 0, true, false},             /* nothing asked */
	{"300", 300, true, false},        /* the end of the stream ends the line */
	{"30\n30\n", 30, false, false},   /* leaves while an answer comes: the kernel resets */
	{"", 0, false, true},             /* reset: before a line, */
	{"30", 0, false, true},           /* within one, */
	{"1000000\n", 1000, false, true}, /* within a reply, */
	{"3000\n", 3000, false, true},    /* after it */
	{"1 apple\n", 0, true, false},    /* no count */
	{"-1\n", 0, true, false},         /* nor this */
	{"99999999999999999999999\n", 0, true, false},
};
enum { MANNERS = sizeof(manners) / sizeof(manners[0]) };

static void visit(const char *port, const struct manner *manner)
{
	static char reply[4096];
	int fd = connect_to_port(port);

	send_all(fd, manner->request, strlen(manner->request));
	if (manner->ends)
		must(shutdown(fd, SHUT_WR));
	recv_all(fd, reply, manner->taken);
	if (manner->ends)
		recv(fd, reply, 1, 0); /* FIN or RST: how the server ends is its business here */
	if (manner->resets)
		set_linger_zero(fd);
	must(close(fd));
}

/* A server's processes, itself first, and how many descriptors each has. */
struct census {
	int processes;
	pid_t pid[PROCESSES_MAX];
	int descriptors[PROCESSES_MAX];
};

static void take_census(struct census *census, pid_t server)
{
	census->pid[0] = server;
	census->processes = 1 + children_of(server, census->pid + 1, PROCESSES_MAX - 1);
	if (census->processes > PROCESSES_MAX)
		census->processes = PROCESSES_MAX; /* zombies by the dozen, if it comes to that */
	for (int i = 0; i < census->processes; i++)
		census->descriptors[i] = descriptors_of(census->pid[i]);
}

struct change {
	int gone, come, descriptors;
};

static struct change compare(const struct census *before, const struct census *after)
{
	struct change change = {.come = after->processes};

	for (int i = 0; i < before->processes; i++) {
		int same = 0;

		while (same < after->processes && after->pid[same] != before->pid[i])
			same++;
		if (same == after->processes) {
			change.gone++;
			continue;
		}
		change.come--;
		change.descriptors += after->descriptors[same] - before->descriptors[i];
	}
	return change;
}

int main(int argc, char **argv)
{
	struct census before, after;
	struct change change = {.come = -1};

	if (argc != 4)
		usage_error("a name, a port, and a server's pid");
	pid_t server = (pid_t)parse_number(argv[3], 1, INT32_MAX, "PID");

	take_census(&before, server);
	for (int i = 0; i < before.processes; i++)
		await_asleep(before.pid[i]); /* through with its start */
	take_census(&before, server);
	for (int i = 0; i < ROUNDS * MANNERS; i++)
		visit(argv[2], &manners[i % MANNERS]);
	/* The last ones may still be on their way out. A limit in looks, not in seconds: a slow
	 * machine has its time, and a leak is told with its number. */
	for (int look = 0; look < LOOKS; look++) {
		take_census(&after, server);
		change = compare(&before, &after);
		if (change.gone == 0 && change.come == 0 && change.descriptors == 0)
			break;
		nap();
	}
	fact_text(argv[1], "%d visits, %d processes gone, %d come, %d descriptors more",
		  ROUNDS * MANNERS, change.gone, change.come, change.descriptors);
	return 0;
}
