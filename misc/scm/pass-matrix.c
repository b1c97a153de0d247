/*
 * scm/pass-matrix: any open file can be passed over any type of Unix-domain socket.
 *
 * What travels is a reference to the open file, and the socket does not look what it refers to:
 * the regular file, the memory file, both ends of a pipe, the TCP connection, the listener, the
 * epoll, the eventfd and the Unix-domain socket arrive and are the same file (kcmp(2) would say;
 * here the position, the bytes, the event are seen through the copy). Once over a pair, once over
 * sockets with abstract names, for each of the three types. The sender's own descriptors are closed
 * before the message is received: it alone holds the files then.
 *
 * So what can be passed is no matter of the transport; the exceptions are rings
 * (scm/io-uring-refused) and what the receiver forbids.
 */
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/cargo.h"
#include "lib/fact.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/scm.h"
#include "lib/unix.h"
#include "lib/variants.h"

/* By names: bound, connected, and accepted where there is that. */
static void named_pair(int ends[2])
{
	int to = unix_bound(unix_type_played);

	if (unix_type_played != SOCK_DGRAM)
		must(listen(to, 1));
	ends[SENDER] = unix_connected(unix_type_played, to);
	ends[RECEIVER] = to;
	if (unix_type_played != SOCK_DGRAM) {
		ends[RECEIVER] = must(accept4(to, NULL, NULL, SOCK_CLOEXEC));
		must(close(to));
	}
}

/* Send, close, receive: the copy that came. */
static int pass(int via[2], int fd)
{
	size_t count = 1;
	char byte;
	int came;

	must_n(send_fds(via[SENDER], "x", 1, &fd, 1));
	must(close(fd));
	must_n(recv_fds(via[RECEIVER], &byte, 1, &came, &count, NULL));
	if (count != 1)
		die("%zu descriptors", count);
	return came;
}

static void play(const char *how, void (*make)(int ends[2]))
{
	struct epoll_event event = {.events = EPOLLIN};
	int via[2], ends[2], fd, other, port;
	char byte;
	uint64_t number = 7;

	make(via);
	fd = pass(via, numbered_file(3));
	fact_text(how, "regular file %s", numbers_of(&fd, 1));
	fd = pass(via, must(memfd_create("m", MFD_CLOEXEC)));
	fact(write(fd, "xy", 2), "memfd write");
	fact(lseek(fd, 0, SEEK_CUR), "memfd position");
	must(pipe2(ends, O_CLOEXEC));
	fd = pass(via, ends[0]);
	must_n(write(pass(via, ends[1]), "x", 1));
	fact(read(fd, &byte, 1), "pipe read");
	tcp_pair(ends);
	fd = pass(via, ends[SERVER]);
	fact(send(fd, "x", 1, 0), "TCP send");
	fact(recv(ends[CLIENT], &byte, 1, 0), "TCP client recv");
	fd = listen_loopback(1);
	port = local_port(fd);
	fd = pass(via, fd);
	fact(local_port(fd) - port, "listener, change of its port");
	connect_loopback(fd);
	fact(accept(fd, NULL, NULL) == -1 ? -1 : 0, "listener accept");
	fd = must(eventfd(0, EFD_CLOEXEC));
	other = must(epoll_create1(EPOLL_CLOEXEC));
	must(epoll_ctl(other, EPOLL_CTL_ADD, fd, &event));
	other = pass(via, other);
	fd = pass(via, fd);
	must_n(write(fd, &number, sizeof(number)));
	fact(epoll_wait(other, &event, 1, 0), "epoll and eventfd, events");
	unix_pair(ends);
	fd = pass(via, ends[SENDER]);
	fact(send(fd, "x", 1, 0), "AF_UNIX send");
	fact(recv(ends[RECEIVER], &byte, 1, 0), "AF_UNIX peer recv");
}

static void scene(void)
{
	play("over a pair", unix_pair);
	play("by names", named_pair);
}

int main(void)
{
	return over_unix_types(scene);
}
