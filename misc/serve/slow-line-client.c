/*
 * serve/slow-line-client: who blocks for a whole line can be stalled by half a line.
 *
 * The naive server multiplexes with select() and then reads a line with recv() until the newline
 * comes (UNP 6.8 calls this a denial of service). A slow client sends half a line, and the server
 * is seen asleep in that recv() before a quick client sends a whole one. The quick one gets
 * nothing: nothing but the slow one's next byte can wake the server, which the last facts show.
 *
 * With NAME, PORT and CLIENTS it does the same to a server that is up: so many clients with half a
 * request each, then a quick one, which must be served; then all finish their lines.
 *
 * So keep the state of each connection, read what is there and return to the loop. Buffered
 * reading, by fgets() or a readline() of one's own, is the usual way into this trap, as is a
 * blocking descriptor behind select(). A process or thread a client does not have this problem,
 * only its cost; a pool of N has it with N slow clients, and needs a time limit (-w).
 */
#include <stdlib.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/crew.h"
#include "lib/fact.h"
#include "lib/must.h"
#include "lib/net.h"

/* `me->won` tells that it is inside a line. Answers every line with one byte. */
static void answer_line(struct worker *me, int fd)
{
	char c = '\0';

	me->won = 1;
	while (c != '\n')
		recv_all(fd, &c, 1);
	me->won = 0;
	send_all(fd, "!", 1);
}

static void serve_naively(struct worker *me)
{
	fd_set open, ready;

	FD_ZERO(&open);
	FD_SET(me->listener, &open);
	for (;;) {
		ready = open;
		about_to_block(me);
		must(select(FD_SETSIZE, &ready, NULL, NULL, NULL));
		came_back(me);
		if (FD_ISSET(me->listener, &ready)) {
			int fd = must(accept4(me->listener, NULL, NULL, SOCK_CLOEXEC));

			FD_CLR(me->listener, &ready);
			FD_SET(fd, &open);
		}
		for (int fd = 0; fd < FD_SETSIZE; fd++)
			if (FD_ISSET(fd, &ready))
				answer_line(me, fd);
	}
}

static void stall_naive_server(void)
{
	int listener = listen_loopback(2);
	char reply;
	struct crew crew;

	crew_start(&crew, 1, PROCESSES, serve_naively, listener);
	int slow = connect_loopback(listener);

	send_all(slow, "half a line", 11);
	while (!crew.workers[0].won)
		nap();
	await_asleep(crew.workers[0].tid);

	int quick = connect_loopback(listener);

	send_all(quick, "a line\n", 7);
	await_acked(quick);
	fact(crew.workers[0].won, "naive server inside the slow line");
	fact(recv(quick, &reply, 1, MSG_DONTWAIT), "naive quick recv");
	send_all(slow, "\n", 1);
	fact(recv(slow, &reply, 1, 0), "naive slow recv after its newline");
	fact(recv(quick, &reply, 1, 0), "naive quick recv then");
	crew_dismiss(&crew);
}

static void try_server(const char *name, const char *port, int clients)
{
	int *slow = must_ptr(calloc((size_t)clients, sizeof(*slow))), answered = 0;
	char reply;

	for (int i = 0; i < clients; i++) {
		slow[i] = connect_to_port(port);
		send_all(slow[i], "0", 1);
	}
	int quick = connect_to_port(port);

	send_all(quick, "1\n", 2);
	fact(recv(quick, &reply, 1, 0), "%s quick recv", name);
	for (int i = 0; i < clients; i++) {
		send_all(slow[i], "1\n", 2);
		answered += recv(slow[i], &reply, 1, 0) == 1;
	}
	fact(answered, "%s slow clients answered in the end", name);
	free(slow);
}

int main(int argc, char **argv)
{
	if (argc == 4)
		try_server(argv[1], argv[2], (int)parse_number(argv[3], 1, 1000, "CLIENTS"));
	else
		stall_naive_server();
	return 0;
}
