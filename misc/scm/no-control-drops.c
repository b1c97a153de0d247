/*
 * scm/no-control-drops: who reads without a control buffer throws the descriptors away.
 *
 * Descriptors are attached to bytes, and a call that has no room for them still takes the bytes:
 * read(), recv(), and recvmsg() with no control buffer. The kernel then drops its references on
 * the spot. Nothing was ever entered in the receiver's table, so nothing leaks, and the witness,
 * the other end of a pipe whose writing end was in the message, reads end of file at once. Only
 * recvmsg() has a place to say so: MSG_CTRUNC.
 *
 * So a program that reads plain data from a socket cannot be filled with descriptors by its peer;
 * but one that expects a descriptor must use recvmsg() for every byte that may carry it, and no
 * buffered reader may stand in between.
 */
#include <sys/socket.h>
#include <unistd.h>

#include "lib/cargo.h"
#include "lib/fact.h"
#include "lib/must.h"
#include "lib/proc.h"
#include "lib/variants.h"

static ssize_t by_recvmsg(int fd, char *data, size_t size)
{
	struct iovec iov = {.iov_base = data, .iov_len = size};
	struct msghdr message = {.msg_iov = &iov, .msg_iovlen = 1};
	ssize_t got = recvmsg(fd, &message, 0);

	fact_text("recvmsg msg_flags", "%s",
		  message.msg_flags & MSG_CTRUNC ? "MSG_CTRUNC" : "none");
	return got;
}

static ssize_t by_recv(int fd, char *data, size_t size)
{
	return recv(fd, data, size, 0);
}

static ssize_t by_read(int fd, char *data, size_t size)
{
	return read(fd, data, size);
}

static void receive(const char *name, ssize_t (*call)(int, char *, size_t))
{
	int via[2];
	char data[16];

	unix_pair(via);
	int pipe = send_witnessed(via[SENDER], "data");
	int before = open_descriptors();

	fact_text("witness before", "%s", witness_says(pipe));
	fact(call(via[RECEIVER], data, sizeof(data)), "receiver %s", name);
	fact(open_descriptors() - before, "receiver descriptors more");
	fact_text("witness after", "%s", witness_says(pipe));
	fact_received(via[RECEIVER], sizeof(data), 0, "receiver recvmsg afterwards");
}

static void scene(void)
{
	receive("read", by_read);
	receive("recv", by_recv);
	receive("recvmsg", by_recvmsg);
}

int main(void)
{
	return over_unix_types(scene);
}
