/*
 * scm/passrights-off: a socket that takes no descriptors makes the sender fail.
 *
 * SO_PASSRIGHTS is on by default. Switched off at the receiver, sendmsg() with a descriptor is
 * EPERM for the sender and nothing arrives, while plain data passes; switched on again, it passes
 * as before. It is the receiver's word that counts: off at the sender's end changes nothing. A
 * listener hands its setting on to what it accepts. Sockets of another kind, which cannot carry
 * descriptors at all, do not have the option: EOPNOTSUPP.
 *
 * So a server that only reads bytes should switch it off, on its listener, before anybody connects:
 * whoever can send to a socket can otherwise fill its receiver's table, or make it hold files for
 * as long as the message waits. Older kernels do not know the option (ENOPROTOOPT); there it must
 * find and close what it is sent.
 */
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/cargo.h"
#include "lib/fact.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/scm.h"
#include "lib/unix.h"
#include "lib/variants.h"

#ifndef SO_PASSRIGHTS
#define SO_PASSRIGHTS 83
#endif

static void scene(void)
{
	int via[2], file = numbered_file(1), value = -1, flags = MSG_CMSG_CLOEXEC;
	socklen_t length = sizeof(value);

	unix_pair(via);
	if (getsockopt(via[RECEIVER], SOL_SOCKET, SO_PASSRIGHTS, &value, &length) == -1)
		impossible("SO_PASSRIGHTS: %s", errno_name(errno));
	fact(value, "receiver SO_PASSRIGHTS");
	set_option(via[RECEIVER], SOL_SOCKET, SO_PASSRIGHTS, 0);
	fact(send_fds(via[SENDER], "f", 1, &file, 1), "sender with a descriptor");
	fact(send(via[SENDER], "x", 1, 0), "sender without");
	fact_received(via[RECEIVER], 16, flags, "receiver");
	fact_received(via[RECEIVER], 16, flags, "receiver again");
	set_option(via[RECEIVER], SOL_SOCKET, SO_PASSRIGHTS, 1);
	set_option(via[SENDER], SOL_SOCKET, SO_PASSRIGHTS, 0);
	fact(send_fds(via[SENDER], "f", 1, &file, 1), "sender, it is off at its own end only");
	fact_received(via[RECEIVER], 16, flags, "receiver");
}

static void listener_scene(void)
{
	int listener = unix_listener(unix_type_played, 1), file = numbered_file(1);

	set_option(listener, SOL_SOCKET, SO_PASSRIGHTS, 0);
	int client = unix_connected(unix_type_played, listener);

	fact(send_fds(client, "f", 1, &file, 1), "client of a listener with it off");
	int server = must(accept4(listener, NULL, NULL, SOCK_CLOEXEC));

	fact(get_option(server, SOL_SOCKET, SO_PASSRIGHTS), "accepted SO_PASSRIGHTS");
	fact(send_fds(client, "f", 1, &file, 1), "client, accepted");
}

int main(void)
{
	int status = over_unix_types(scene), off = 0;

	if (status == 0)
		status = over_connected_unix_types(listener_scene);
	if (status == 0)
		fact(setsockopt(must(socket(AF_INET, SOCK_STREAM, 0)), SOL_SOCKET, SO_PASSRIGHTS,
				&off, sizeof(off)),
		     "TCP setsockopt");
	return status;
}
