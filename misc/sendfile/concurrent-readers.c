/*
 * sendfile/concurrent-readers: many senders of one open file, each with an offset, do not meet.
 *
 * Eight processes share one open file and send it to a client each, at once, while another reads it
 * by read() and so moves the position that they all share. Every offset is the caller's own, and
 * the pages are lent to all sockets at the same time; each client gets the file, whole and in
 * order. A gate lets all go at the same moment, and buffers far smaller than the file make them
 * take turns.
 *
 * So one descriptor a file serves all clients, from any number of processes or threads, as long as
 * each call is given an offset.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/known.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/proc.h"

enum { CLIENTS = 8, SIZE = 2000003, PIECE = 100000 };

static int file;
static struct gate gate;

static pid_t start_sender(int fd)
{
	pid_t pid = must_fork();
	off_t offset = 0;

	if (pid != 0)
		return pid;
	gate_wait(&gate);
	while (offset < SIZE)
		must_n(sendfile(fd, file, &offset, PIECE));
	_exit(0);
}

/* Compares what comes with the file; exit status 0: all of it, and nothing else. */
static pid_t start_client(int fd, int number)
{
	pid_t pid = must_fork();
	char name[32];

	if (pid != 0)
		return pid;
	gate_wait(&gate);
	snprintf(name, sizeof(name), "client %d recv", number);
	const char *seen = known_to_end(fd, 0, SIZE);

	if (seen[0] != 'a') /* "as the file" */
		fact_text(name, "%s", seen);
	_exit(seen[0] == 'a' ? 0 : EXIT_BROKEN);
}

static pid_t start_reader(void)
{
	pid_t pid = must_fork();

	if (pid != 0)
		return pid;
	gate_wait(&gate);
	must_n(lseek(file, 0, SEEK_SET));
	_exit(known_to_end(file, 0, SIZE)[0] == 'a' ? 0 : EXIT_BROKEN);
}

static void scene(void)
{
	pid_t senders[CLIENTS], clients[CLIENTS], reader = start_reader();
	int alike = 0, failed = 0;

	for (int i = 0; i < CLIENTS; i++) {
		int ends[2];

		tcp_pair(ends);
		set_option(ends[SERVER], SOL_SOCKET, SO_SNDBUF, PIECE);
		senders[i] = start_sender(ends[SERVER]);
		must(close(ends[SERVER])); /* the sender's alone: its exit is the end */
		clients[i] = start_client(ends[CLIENT], i);
		must(close(ends[CLIENT]));
	}
	for (int i = 0; i < 2 * CLIENTS + 1; i++)
		gate_open(&gate);
	for (int i = 0; i < CLIENTS; i++) {
		failed += reap(senders[i]) != 0;
		alike += reap(clients[i]) == 0;
	}
	fact(alike, "clients that got the file, of %d", CLIENTS);
	fact(failed, "senders that failed");
	fact_text("reader at the same time", "%s", reap(reader) == 0 ? "as the file" : "differs");
}

int main(void)
{
	file = known_file(SIZE);
	gate_make(&gate);
	return over_both_families(scene);
}
