/*
 * reuseport/distribution-and-stickiness: listeners of one port share connections by a hash.
 *
 * Four listeners are bound to one port with SO_REUSEPORT. The kernel picks one by a hash over both
 * addresses and both ports, keyed with a secret of this boot: random to the outside, fixed within.
 * Over clients of many ports each listener gets its share, as even as dice would make it and no
 * more even: of 400 connections each of four gets 100 give or take 9. As long as the group does not
 * change, a client that comes back with the same address and port reaches the same listener; here
 * it aborts its connections, for TIME_WAIT would hold its port.
 *
 * The share is judged by Pearson's chi-square, the sum of (seen - 100)^2 / 100 over all four. Fair
 * dice (3 degrees of freedom) reach 20 once in 5900 runs, 60 less than once in 10^12. Neither the
 * ports nor the hash are dice: 11 million simulated keys stayed within twice that curve, 16000 real
 * runs reached 20 nine times where dice would three. So the bound is 60. It costs no power: one
 * idle listener, or one that gets half of all, makes 133.
 *
 * So this is the design without any shared queue or lock, and scales with cores. But the hash does
 * not know who is busy: a listener whose process is slow, or hangs, still gets its share
 * (reuseport/hung-member). Few long connections spread badly, many short ones well; nobody should
 * rely on stickiness beyond the life of the group, for a listener more or less changes the choice
 * for others.
 */
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/group.h"
#include "lib/must.h"
#include "lib/net.h"

enum { MEMBERS = 4, CLIENTS = 400, RETURNING = 8, RETURNS = 5, SHARE = CLIENTS / MEMBERS };

static struct pollfd members[MEMBERS];

static void make_members(void)
{
	int fds[MEMBERS];

	group_listen(fds, MEMBERS, 8);
	for (int i = 0; i < MEMBERS; i++)
		members[i] = (struct pollfd){.fd = fds[i], .events = POLLIN};
}

/* Connect from `port` (0: any) and see who gets it; returns the member, and the port used. */
static int visit(int *port)
{
	struct sockaddr_storage source;
	socklen_t length = loopback_address(*port, &source);
	int client = must(socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0)), member = 0;

	must(bind(client, (struct sockaddr *)&source, length));
	must(connect_to(client, members[0].fd));
	*port = local_port(client);
	must(poll(members, MEMBERS, -1));
	while (!members[member].revents)
		member++;
	int served = must(accept4(members[member].fd, NULL, NULL, SOCK_CLOEXEC));

	set_linger_zero(client); /* no TIME_WAIT */
	must(close(client));
	await_hangup(served); /* or the next SYN might overtake the RST */
	must(close(served));
	return member;
}

static void scene(void)
{
	int seen[MEMBERS] = {0}, total = 0, idle = 0, moved = 0;
	long chi_square = 0;

	make_members();
	for (int i = 0; i < CLIENTS; i++) {
		int port = 0;

		seen[visit(&port)]++;
	}
	for (int i = 0; i < MEMBERS; i++) {
		total += seen[i];
		idle += seen[i] == 0;
		chi_square += (long)(seen[i] - SHARE) * (seen[i] - SHARE);
	}
	fact(total, "members accepted");
	fact(idle, "members without any");
	fact_text("chi-square below 60", "%s", chi_square / SHARE < 60 ? "yes" : "no");

	for (int i = 0; i < RETURNING; i++) {
		int port = 0, member = visit(&port);

		for (int again = 0; again < RETURNS; again++)
			moved += visit(&port) != member;
	}
	fact(moved, "returning clients sent elsewhere");
}

int main(void)
{
	return over_both_families(scene);
}
