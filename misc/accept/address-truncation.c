/*
 * accept/address-truncation: accept() cuts the peer's address to the room given, and tells its
 * size.
 *
 * The length is an argument both ways: how much room there is, and how long the address would be.
 * The kernel writes as much as fits, not a byte more, and does not fail: not even for no room at
 * all. Each room here lies in a larger buffer, so that a byte written beyond it would show.
 *
 * So a length that comes back larger than the room given means that the address was cut; who does
 * not look reads the rest of an uninitialised structure. struct sockaddr_storage has room for all
 * families, and the length must be set again before each call, for the one before has changed it.
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"

enum { BUFFER = 128, UNTOUCHED = 0xa5 };

/* Accept with `room` bytes for an address, and tell what was written of it. */
static void accept_into(socklen_t room, const char *name, int listener, socklen_t whole)
{
	unsigned char buffer[BUFFER], address[BUFFER];
	socklen_t told = room, length = sizeof(address), written = room < whole ? room : whole;
	int client = connect_loopback(listener), fd;
	bool beyond = false;

	memset(buffer, UNTOUCHED, sizeof(buffer));
	fd = accept4(listener, (struct sockaddr *)buffer, &told, SOCK_CLOEXEC);
	fact(fd == -1 ? -1 : 0, "room %s: accept", name);
	must(getsockname(client, (struct sockaddr *)address, &length));
	for (socklen_t i = written; i < BUFFER; i++)
		beyond |= buffer[i] != UNTOUCHED;
	fact_text("told", "%s", told == whole ? "the whole length" : "another length");
	fact_text("written", "%s",
		  memcmp(buffer, address, written) != 0 ? "something else"
		  : beyond                              ? "more than there was room for"
		  : written == whole                    ? "the address"
		  : written > 0                         ? "its beginning"
							: "nothing");
	must(close(fd));
	must(close(client));
}

static void scene(void)
{
	struct sockaddr_storage any;
	socklen_t whole = any_address(0, &any);
	int listener = listen_loopback(1);

	accept_into(0, "0", listener, whole);
	accept_into(4, "4", listener, whole);
	accept_into(whole - 1, "of the address less 1", listener, whole);
	accept_into(whole, "of the address", listener, whole);
	accept_into(64, "64", listener, whole);
}

int main(void)
{
	return over_both_families(scene);
}
