/*
 * reuseport/distribution-and-stickiness: listeners of one port share connections by a hash.
 *
 * Four listeners are bound to one port with SO_REUSEPORT. The kernel picks one by a hash over both
 * addresses and both ports, keyed with a secret of this boot, so over clients of many ports each
 * listener gets its share, about as dice would give it, while one pair of addresses and ports
 * reaches the same listener whenever it comes.
 *
 * The share is judged by Pearson's chi-square, the sum of (seen - 100)^2 / 100 over all four. Fair
 * dice (3 degrees of freedom) reach 60 less than once in 10^12 runs; docs/reuseport.md says why not
 * a lower bound. One idle listener, or one that gets half of all, makes 133.
 * A client that is to return aborts its connection, for TIME_WAIT would hold its port.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/must.h"
#include "lib/net.h"

enum { MEMBERS = 4, CLIENTS = 400, RETURNING = 8, RETURNS = 5, SHARE = CLIENTS / MEMBERS };

static struct pollfd members[MEMBERS];

static void make_members(void)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
				      .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};

	for (int i = 0; i < MEMBERS; i++) {
		members[i].fd = must(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
		members[i].events = POLLIN;
		set_option(members[i].fd, SOL_SOCKET, SO_REUSEPORT, 1);
		must(bind(members[i].fd, (struct sockaddr *)&address, sizeof(address)));
		must(listen(members[i].fd, 8));
		address.sin_port = htons((in_port_t)local_port(members[0].fd));
	}
}

/* Connect from `port` (0: any) and see who gets it; returns the member, and the port used. */
static int visit(int *port)
{
	struct sockaddr_in source = {.sin_family = AF_INET,
				     .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
				     .sin_port = htons((in_port_t)*port)};
	int client = must(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)), member = 0;

	must(bind(client, (struct sockaddr *)&source, sizeof(source)));
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

int main(void)
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
	fact(chi_square / SHARE, "chi-square");

	for (int i = 0; i < RETURNING; i++) {
		int port = 0, member = visit(&port);

		for (int again = 0; again < RETURNS; again++)
			moved += visit(&port) != member;
	}
	fact(moved, "returning clients sent elsewhere");
	return 0;
}
