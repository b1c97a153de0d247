/*
 * error/udp-async-refused: the ICMP error that a datagram draws comes after send() has succeeded,
 * and only a connected UDP socket is told.
 *
 * Nobody hears on the port. send() succeeds, for UDP has nothing to wait for; the answer, "port
 * unreachable", meets the sender's socket later. It becomes a pending error, which poll() shows as
 * ERR and which one call takes: the next send(), recv() or SO_ERROR, whatever it wanted; then all
 * is as before. A socket without a peer sends to many, and the error could belong to any message:
 * there it is dropped. The ICMP errors that an unconnected socket draws are seen on the wire, and
 * counted, and nothing is told.
 *
 * So a UDP client should connect(): a server that is not there is then found out by ECONNREFUSED
 * rather than by a timeout. It comes with a call that has nothing to do with it, so repeat that
 * call.
 */
#include <poll.h>
#include <sys/socket.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"

static struct sockaddr_storage nobody;
static socklen_t length;

static int udp(void)
{
	return must(socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0));
}

static void fact_poll(const char *what, int fd)
{
	struct pollfd entry = {.fd = fd, .events = POLLIN | POLLOUT};

	must(poll(&entry, 1, 0));
	fact_text(what, "%s", poll_mask(entry.revents));
}

/* A connected socket that has been told. */
static int refused(void)
{
	int fd = udp();

	must(connect(fd, (struct sockaddr *)&nobody, length));
	fact(send(fd, "x", 1, 0), "connected send");
	await_poll(fd, 0);
	fact_poll("connected poll", fd);
	return fd;
}

static void scene(void)
{
	const char *icmp = family == AF_INET6 ? "Icmp6" : "Icmp";
	char byte;
	int fd = udp();
	long before;

	length = loopback_address(0, &nobody);
	must(bind(fd, (struct sockaddr *)&nobody, length));
	must(getsockname(fd, (struct sockaddr *)&nobody, &length));
	/* It hears nobody but itself now, and keeps the port from those that follow. */
	must(connect(fd, (struct sockaddr *)&nobody, length));

	fd = refused();
	fact(send(fd, "x", 1, 0), "connected next send");
	fact_poll("connected poll", fd);
	fact(send(fd, "xy", 2, 0), "connected send after that");
	await_poll(fd, 0);

	fd = refused();
	fact(recv(fd, &byte, 1, MSG_DONTWAIT), "connected recv");
	fact(recv(fd, &byte, 1, MSG_DONTWAIT), "connected next recv");

	fd = udp();
	before = net_counter(icmp, "InDestUnreachs");
	fact(sendto(fd, "u", 1, 0, (struct sockaddr *)&nobody, length), "unconnected sendto");
	await_net_counter(icmp, "InDestUnreachs", before + 1);
	fact_poll("unconnected poll", fd);
	fact_errno("unconnected SO_ERROR", get_option(fd, SOL_SOCKET, SO_ERROR));
	fact(recv(fd, &byte, 1, MSG_DONTWAIT), "unconnected recv");
}

int main(void)
{
	return over_both_families(scene);
}
