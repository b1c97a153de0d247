#include "takeover.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fact.h"
#include "family.h"
#include "must.h"
#include "net.h"

bool can_migrate(void)
{
	return access("/proc/sys/net/ipv4/tcp_migrate_req", F_OK) == 0;
}

static int bind_reuseport(int port)
{
	struct sockaddr_storage address;
	socklen_t length = loopback_address(port, &address);
	int fd = must(socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));

	set_option(fd, SOL_SOCKET, SO_REUSEPORT, 1);
	must(bind(fd, (struct sockaddr *)&address, length));
	must(listen(fd, 8));
	return fd;
}

/* What the successor has of a client; it answers, and the client ends it. */
static void accept_one(int successor)
{
	int fd = accept4(successor, NULL, NULL, SOCK_CLOEXEC);
	char text[16] = "";

	if (fd == -1) {
		fact(fd, "successor accept");
		return;
	}
	must_n(recv(fd, text, sizeof(text) - 1, 0));
	fact_text("successor accept", "%s", text);
	send_all(fd, "served", 6);
	must(close(fd));
}

static void leave(int client, const char *name)
{
	char text[16];

	fact(recv(client, text, sizeof(text), 0), "%s client recv", name);
	must(close(client));
}

void take_over(void)
{
	long migrated = counted("TcpExt", "TCPMigrateReqSuccess");
	int old = bind_reuseport(0), first = connect_loopback(old), second = connect_loopback(old);

	send_all(first, "first", 5);
	send_all(second, "second", 6);
	await_accept_queue(old, 2);

	int successor = bind_reuseport(local_port(old));
	int late = must(socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));

	set_nonblocking(successor, true);
	must(close(old));
	accept_one(successor);
	leave(first, "first");
	accept_one(successor);
	leave(second, "second");

	fact(connect_to(late, successor), "late client connect");
	send_all(late, "late", 4);
	set_nonblocking(successor, false);
	accept_one(successor);
	leave(late, "late");
	fact_counted("TcpExt", "TCPMigrateReqSuccess", migrated);
}
