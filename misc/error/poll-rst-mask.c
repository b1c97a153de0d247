/*
 * error/poll-rst-mask: what poll() and select() say of a connection that was reset.
 *
 * The RST is seen to have arrived before anybody asks. IN and OUT: neither reading nor writing
 * would block; RDHUP: the peer sends no more; ERR: there is an error; HUP: both directions are
 * closed. ERR and HUP come unasked, so events of 0 still wait for the end of a connection. Taking
 * the error away, here by SO_ERROR, takes ERR out of the mask and nothing else. select() has no bit
 * for any of this: the descriptor is readable and writable; an exceptional condition in its sense
 * is urgent data, not an error.
 *
 * So on HUP or ERR read until recv() says 0 or an error, and close: data may still be there, and
 * recv() itself tells the error. A loop that does not handle the two bits spins.
 */
#include <poll.h>
#include <sys/select.h>
#include <sys/socket.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"

static void poll_for(int fd, int events, const char *name)
{
	struct pollfd entry = {.fd = fd, .events = (short)events};

	must(poll(&entry, 1, 0));
	fact_text(name, "%s", poll_mask(entry.revents));
}

static void select_on(int fd)
{
	fd_set readable, writable, exceptional;
	struct timeval no_wait = {0};

	FD_ZERO(&readable);
	FD_ZERO(&writable);
	FD_ZERO(&exceptional);
	FD_SET(fd, &readable);
	FD_SET(fd, &writable);
	FD_SET(fd, &exceptional);
	fact(select(fd + 1, &readable, &writable, &exceptional, &no_wait), "select");
	fact(FD_ISSET(fd, &readable) != 0, "select readable");
	fact(FD_ISSET(fd, &writable) != 0, "select writable");
	fact(FD_ISSET(fd, &exceptional) != 0, "select exceptional");
}

static void scene(void)
{
	int fd = reset_by_peer();

	poll_for(fd, POLLIN | POLLPRI | POLLOUT | POLLRDHUP, "poll for all");
	poll_for(fd, 0, "poll for nothing");
	select_on(fd);
	fact_errno("SO_ERROR", get_option(fd, SOL_SOCKET, SO_ERROR));
	poll_for(fd, POLLIN | POLLPRI | POLLOUT | POLLRDHUP, "poll for all after it");
	poll_for(fd, 0, "poll for nothing after it");
}

int main(void)
{
	return over_both_families(scene);
}
