/*
 * reuseport/other-user-refused: a port is shared among sockets of one user only.
 *
 * Each socket belongs to the effective user who made it, and SO_REUSEPORT counts between sockets of
 * the same one. Otherwise anybody could join the port of a server and be handed its share of the
 * connections, or of the datagrams. Privileges do not matter, only who it is: here one of the two
 * users may well be root, and neither may join the other.
 *
 * So a server that changes its user binds all its sockets before it does, or all after; one started
 * later under another name gets EADDRINUSE. What is unprivileged to do within one user's reach
 * remains so: a program of the same user can join the port of another one of its programs.
 */
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"

static int socket_as(uid_t user, int type)
{
	if (seteuid(user) == -1)
		impossible("no second user: seteuid: %s", errno_name(errno));

	int fd = must(socket(family, type | SOCK_CLOEXEC, 0));

	must(seteuid(getuid()));
	set_option(fd, SOL_SOCKET, SO_REUSEPORT, 1);
	return fd;
}

static void play(const char *name, int type, uid_t first_user, uid_t second_user)
{
	int first = socket_as(first_user, type), second = socket_as(second_user, type);
	struct sockaddr_storage address;
	socklen_t length = loopback_address(0, &address);

	must(bind(first, (struct sockaddr *)&address, length));
	if (type == SOCK_STREAM)
		must(listen(first, 1));
	length = loopback_address(local_port(first), &address);
	fact(bind(second, (struct sockaddr *)&address, length), "%s: second bind", name);
	must(close(first));
	must(close(second));
}

static void scene(void)
{
	uid_t self = getuid(), other = self + 1;

	play("TCP one user", SOCK_STREAM, self, self);
	play("TCP another user", SOCK_STREAM, self, other);
	play("TCP the other way round", SOCK_STREAM, other, self);
	play("UDP one user", SOCK_DGRAM, self, self);
	play("UDP another user", SOCK_DGRAM, self, other);
	play("UDP the other way round", SOCK_DGRAM, other, self);
}

int main(void)
{
	return over_both_families(scene);
}
