/*
 * vsock/stream-basics: a stream to another machine's socket family ends, resets and peeks as TCP
 * does.
 *
 * AF_VSOCK connects a virtual machine with its host; VMADDR_CID_LOCAL connects a machine with
 * itself, if the module vsock_loopback is there. MSG_PEEK after a partial read shows what is left,
 * twice the same. shutdown(SHUT_WR) is end of file for the peer, which can still answer. After the
 * peer's close() send() is EPIPE with SIGPIPE. A port on which nobody listens is ECONNRESET, where
 * TCP says ECONNREFUSED.
 *
 * So a server for a virtual machine is one for TCP with another address; what connect() says is the
 * difference.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/vm_sockets.h> /* wants struct sockaddr */

#include "lib/fact.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/proc.h"

static int vsock(void)
{
	int fd = socket(AF_VSOCK, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd == -1)
		impossible("AF_VSOCK: %s", errno_name(errno));
	return fd;
}

static struct sockaddr_vm local(unsigned port)
{
	struct sockaddr_vm address = {.svm_family = AF_VSOCK, .svm_cid = VMADDR_CID_LOCAL};

	address.svm_port = port;
	return address;
}

static int vsock_listener(struct sockaddr_vm *address)
{
	socklen_t length = sizeof(*address);
	int fd = vsock();

	*address = local(VMADDR_PORT_ANY);
	if (bind(fd, (struct sockaddr *)address, sizeof(*address)) == -1)
		impossible("bind to VMADDR_CID_LOCAL: %s", errno_name(errno));
	must(listen(fd, 1));
	must(getsockname(fd, (struct sockaddr *)address, &length));
	return fd;
}

static void vsock_pair(int ends[2])
{
	struct sockaddr_vm address;
	int listener = vsock_listener(&address);

	ends[CLIENT] = vsock();
	must(connect(ends[CLIENT], (struct sockaddr *)&address, sizeof(address)));
	ends[SERVER] = must(accept4(listener, NULL, NULL, SOCK_CLOEXEC));
	must(close(listener));
}

int main(void)
{
	struct sockaddr_vm address;
	char bytes[16] = "";
	int ends[2];

	count_signal(SIGPIPE, 0);
	vsock_pair(ends);
	send_all(ends[CLIENT], "abcdefgh", 8);
	recv_all(ends[SERVER], bytes, 3);
	fact(recv(ends[SERVER], bytes, sizeof(bytes), MSG_PEEK),
	     "server peek after reading 3 of 8");
	fact(recv(ends[SERVER], bytes, sizeof(bytes), MSG_PEEK), "server peek again");
	fact(recv(ends[SERVER], bytes, sizeof(bytes), 0), "server recv");
	fact_text("server recv", "%.5s", bytes);

	must(shutdown(ends[CLIENT], SHUT_WR));
	fact(recv(ends[SERVER], bytes, sizeof(bytes), 0), "server recv after the client's SHUT_WR");
	send_all(ends[SERVER], "answer", 6);
	fact(recv(ends[CLIENT], bytes, sizeof(bytes), 0), "client recv after its own SHUT_WR");
	fact(send(ends[CLIENT], "x", 1, 0), "client send after its own SHUT_WR");
	fact(signals_counted(), "client SIGPIPE");
	must(close(ends[SERVER]));
	fact(recv(ends[CLIENT], bytes, sizeof(bytes), 0), "client recv after the server's close()");
	must(close(ends[CLIENT]));

	vsock_pair(ends);
	must(close(ends[SERVER]));
	await_poll(ends[CLIENT], POLLRDHUP);
	fact(send(ends[CLIENT], "x", 1, 0), "client send after the server's close()");
	fact(signals_counted(), "client SIGPIPE");

	must(close(vsock_listener(&address)));
	fact(connect(vsock(), (struct sockaddr *)&address, sizeof(address)),
	     "connect to a port that nobody listens on");
	return 0;
}
