/*
 * scm/tcp-released-with-queue: a connection in flight ends when the message that holds it does.
 *
 * A TCP connection has been sent over a Unix-domain socket and closed by its sender, so a message
 * in a receive queue has the only reference. Then that message goes: because the receiver closes
 * the socket, because it is killed, or because it takes the byte with recv(), which has no room
 * for descriptors. Each time the kernel drops the reference, it is the last, and the connection is
 * closed like any other: FIN. A sendmsg() that fails with EPIPE because the receiver has gone
 * keeps none: the sender still has the connection, and its close() ends it.
 *
 * The second part asks the same of every type of socket, with a pipe whose writing end is sent: the
 * witness reads end of file when it is released.
 *
 * So a client whose connection is being handed over is never left hanging by the death of a
 * worker: it sees the end, and can try again. A dispatcher that gets EPIPE still owns the client
 * and can give it to another worker.
 */
#include <errno.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/cargo.h"
#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/proc.h"
#include "lib/scm.h"
#include "lib/variants.h"

/* The ways in which a queue goes: each is given the pair, and leaves nobody at the receiving end.
 */

static void close_receiver(int via[2])
{
	must(close(via[RECEIVER]));
}

static void take_the_byte(int via[2])
{
	char byte;

	must_n(recv(via[RECEIVER], &byte, 1, 0));
}

static pid_t owner;

static void give_receiver_away(int via[2])
{
	owner = must_fork();
	if (owner == 0) {
		must(close(via[SENDER]));
		for (;;)
			pause();
	}
	must(close(via[RECEIVER]));
}

static void kill_owner(int via[2])
{
	(void)via;
	must(kill(owner, SIGKILL));
	reap(owner);
}

static const struct {
	const char *name;
	void (*before)(int via[2]);
	void (*act)(int via[2]);
} ways[] = {{"receiver closes", NULL, close_receiver},
	    {"receiver killed", give_receiver_away, kill_owner},
	    {"receiver recv", NULL, take_the_byte}};
enum { WAYS = sizeof(ways) / sizeof(ways[0]) };

static void tcp_scene(void)
{
	int via[2], ends[2];
	char byte;

	for (int i = 0; i < WAYS; i++) {
		unix_pair(via);
		if (ways[i].before)
			ways[i].before(via);
		tcp_pair(ends);
		must_n(send_fds(via[SENDER], "x", 1, &ends[SERVER], 1));
		must(close(ends[SERVER]));
		fact(recv(ends[CLIENT], &byte, 1, MSG_DONTWAIT), "client recv, in flight");
		ways[i].act(via);
		fact(recv(ends[CLIENT], &byte, 1, 0), "client recv, %s", ways[i].name);
		must(close(ends[CLIENT]));
	}
	unix_pair(via);
	close_receiver(via);
	tcp_pair(ends);
	fact(send_fds(via[SENDER], "x", 1, &ends[SERVER], 1), "sender sendmsg, receiver closed");
	fact(recv(ends[CLIENT], &byte, 1, MSG_DONTWAIT), "client recv");
	must(close(ends[SERVER]));
	fact(recv(ends[CLIENT], &byte, 1, 0), "client recv, sender closes");
	must(close(ends[CLIENT]));
}

static void unix_scene(void)
{
	int via[2], writer, reader;

	for (int i = 0; i < WAYS; i++) {
		unix_pair(via);
		if (ways[i].before)
			ways[i].before(via);
		reader = send_witnessed(via[SENDER], "x");
		fact_text("witness, in flight", "%s", witness_says(reader));
		ways[i].act(via);
		fact_text("witness", "%s, %s", ways[i].name, witness_says(reader));
	}
	unix_pair(via);
	close_receiver(via);
	reader = witness(&writer);
	if (send_fds(via[SENDER], "x", 1, &writer, 1) != -1)
		die("a closed receiver took a message");
	fact_text("sender sendmsg, receiver closed", "%s", errno_name(errno));
	must(close(writer));
	fact_text("witness", "sender closes, %s", witness_says(reader));
}

int main(void)
{
	need_queue_released();

	int status = over_both_families(tcp_scene);

	return status ? status : over_unix_types(unix_scene);
}
