/*
 * reuseport/bind-rules: a port is shared by those who all have SO_REUSEPORT when they bind.
 *
 * bind() compares the newcomer with everybody who has the port. It succeeds where both have
 * SO_REUSEPORT at that moment: one that has it cannot push itself beside one that has not, nor the
 * other way round. (Who is there already may have set it after its own bind(), or even after
 * listen(): it is asked only now.) SO_REUSEADDR is no substitute for listeners: it lets a port be
 * bound beside old connections, never beside a listener. With UDP it is one, for there nobody
 * listens: with SO_REUSEADDR on both sockets two of them have the port, and the last to bind gets
 * all datagrams.
 *
 * So every process of a server sets SO_REUSEPORT before bind(), the first one, too; EADDRINUSE with
 * the option set means that somebody else is there who has not, or who belongs to another user
 * (reuseport/other-user-refused).
 */
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"

enum { NONE, ADDR, PORT };

static int make_socket(int type, int option)
{
	int fd = must(socket(family, type | SOCK_CLOEXEC, 0));

	set_option(fd, SOL_SOCKET, SO_REUSEADDR, option == ADDR);
	set_option(fd, SOL_SOCKET, SO_REUSEPORT, option == PORT);
	return fd;
}

static void play(int type, int first_option, int second_option, const char *name)
{
	int first = make_socket(type, first_option), second = make_socket(type, second_option);
	struct sockaddr_storage address;
	socklen_t length = loopback_address(0, &address);

	must(bind(first, (struct sockaddr *)&address, length));
	if (type == SOCK_STREAM)
		must(listen(first, 1));
	length = loopback_address(local_port(first), &address);
	fact(bind(second, (struct sockaddr *)&address, length), "%s %s: second bind",
	     type == SOCK_STREAM ? "TCP" : "UDP", name);
	must(close(first));
	must(close(second));
}

static void scene(void)
{
	static const int types[] = {SOCK_STREAM, SOCK_DGRAM};

	for (int i = 0; i < 2; i++) {
		play(types[i], NONE, NONE, "without");
		play(types[i], PORT, NONE, "SO_REUSEPORT on the first");
		play(types[i], NONE, PORT, "SO_REUSEPORT on the second");
		play(types[i], PORT, ADDR, "SO_REUSEPORT and SO_REUSEADDR");
		play(types[i], ADDR, ADDR, "SO_REUSEADDR on both");
		play(types[i], PORT, PORT, "SO_REUSEPORT on both");
	}

	int early = make_socket(SOCK_STREAM, NONE), late = make_socket(SOCK_STREAM, PORT);
	struct sockaddr_storage address;
	socklen_t length = loopback_address(0, &address);

	must(bind(early, (struct sockaddr *)&address, length));
	must(listen(early, 1));
	set_option(early, SOL_SOCKET, SO_REUSEPORT, 1);
	length = loopback_address(local_port(early), &address);
	fact(bind(late, (struct sockaddr *)&address, length),
	     "TCP set late on the first: second bind");
}

int main(void)
{
	return over_both_families(scene);
}
