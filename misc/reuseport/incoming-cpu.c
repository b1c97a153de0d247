/*
 * reuseport/incoming-cpu: a connection can go to the listener of the CPU that handled its SYN.
 *
 * Over loopback a segment is handled on the CPU of who sent it; here the client is bound to one CPU
 * and then to another one (sched_setaffinity(2)). Of two listeners with SO_REUSEPORT each stands
 * for one of the two. Two ways lead there. A filter of the group (SO_ATTACH_REUSEPORT_CBPF) can ask
 * for the CPU, as SKF_AD_CPU. And SO_INCOMING_CPU, set on a listener, makes it the one for that
 * CPU; from Linux 4.6 until 6.2 that was forgotten, and the hash chose as if nothing had been said.
 * All connections go to the listener of their CPU, which SO_INCOMING_CPU tells of each: the hash
 * would do so by chance less than once in 10^12 runs.
 *
 * So a server with a worker for each CPU keeps a connection, its interrupts and its worker on one;
 * a busy worker's connections are not handed to an idle one, which is the price.
 */
#include <poll.h>
#include <sched.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/group.h"
#include "lib/must.h"
#include "lib/net.h"

enum { MEMBERS = 2, CLIENTS = 20 };

static int cpus[MEMBERS];

static void run_on(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET((size_t)cpu, &set);
	must(sched_setaffinity(0, sizeof(set), &set));
}

static void find_cpus(void)
{
	cpu_set_t set;
	int found = 0;

	must(sched_getaffinity(0, sizeof(set), &set));
	for (int cpu = 0; cpu < CPU_SETSIZE && found < MEMBERS; cpu++)
		if (CPU_ISSET((size_t)cpu, &set))
			cpus[found++] = cpu;
	if (found < MEMBERS)
		impossible("one CPU only to run on");
}

/* Connect from each CPU: do all get to its listener, and are they told to have come by it? */
static void visit(const char *how, const int *fds)
{
	bool there = true, told = true;

	for (int i = 0; i < MEMBERS * CLIENTS; i++) {
		struct pollfd members[MEMBERS] = {{fds[0], POLLIN, 0}, {fds[1], POLLIN, 0}};
		int own = i / CLIENTS, client, server;

		run_on(cpus[own]);
		client = connect_loopback(fds[0]);
		must(poll(members, MEMBERS, -1));
		there = there && members[own].revents;
		server = must(accept4(fds[members[0].revents ? 0 : 1], NULL, NULL, SOCK_CLOEXEC));
		send_all(client, "x", 1);
		await_poll(server, POLLIN);
		told = told && get_option(server, SOL_SOCKET, SO_INCOMING_CPU) == cpus[own];
		must(close(client));
		must(close(server));
	}
	fact_text(how, "%s at the listener of the CPU", there ? "all" : "not all");
	fact_text("their SO_INCOMING_CPU", "%s that CPU", told ? "all" : "not all");
}

static void scene(void)
{
	int fds[MEMBERS];

	find_cpus();
	group_listen(fds, MEMBERS, CLIENTS);
	group_steer_by_cpu(fds[0], cpus[0]);
	visit("by a filter", fds);
	group_listen(fds, MEMBERS, CLIENTS);
	for (int i = 0; i < MEMBERS; i++)
		set_option(fds[i], SOL_SOCKET, SO_INCOMING_CPU, cpus[i]);
	visit("by SO_INCOMING_CPU", fds);
}

int main(void)
{
	return over_both_families(scene);
}
