/*
 * reuseport/cbpf-selects: a socket filter may choose the listener in the hash's stead.
 *
 * SO_ATTACH_REUSEPORT_CBPF gives a group of listeners a small program (classic BPF), which is run
 * over the SYN; what it returns is the index of the listener, in the order in which they joined.
 * Setting it on one sets it for all, and another one replaces it. It needs no privileges: the scene
 * has given up its capabilities. An index that there is not falls back to the hash, and nobody is
 * refused: of 40 clients no single one of four listeners gets all, as the hash would have it less
 * than once in 10^23 runs.
 *
 * So a server decides itself how its connections are spread: by the CPU that received the SYN, by
 * bits of the address, or by nothing but a constant to take a worker out. When a listener is closed
 * the last of the group takes its index, so the program must not be wiser than that.
 */
#include <linux/capability.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/group.h"
#include "lib/must.h"
#include "lib/net.h"

enum { MEMBERS = 4, CLIENTS = 5, BY_HASH = 40 };

static struct pollfd members[MEMBERS];

static void give_up_capabilities(void)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct none[2] = {{0}};

	must((int)syscall(SYS_capset, &header, none));
}

/* Connect, and return the index of the member that gets it. */
static int visit(void)
{
	int client = connect_loopback(members[0].fd), member = 0;

	must(poll(members, MEMBERS, -1));
	while (!members[member].revents)
		member++;
	must(close(must(accept4(members[member].fd, NULL, NULL, SOCK_CLOEXEC))));
	must(close(client));
	return member;
}

static void scene(void)
{
	int fds[MEMBERS], most = 0, seen[MEMBERS] = {0};

	give_up_capabilities();
	group_listen(fds, MEMBERS, CLIENTS);
	for (int i = 0; i < MEMBERS; i++)
		members[i] = (struct pollfd){.fd = fds[i], .events = POLLIN};
	for (unsigned index = 0; index < MEMBERS; index++) {
		int there = 0;

		group_steer(fds[3 - index], index);
		for (int i = 0; i < CLIENTS; i++)
			there += visit() == (int)index;
		fact(there, "member %u steered to, of %d clients", index, CLIENTS);
	}

	group_steer(fds[0], MEMBERS);
	for (int i = 0; i < BY_HASH; i++) {
		int member = visit();

		if (++seen[member] > most)
			most = seen[member];
	}
	fact(seen[0] + seen[1] + seen[2] + seen[3], "index out of range, clients served");
	fact_text("all of them by one member", "%s", most == BY_HASH ? "yes" : "no");
}

int main(void)
{
	return over_both_families(scene);
}
