/*
 * bare-client: the least code that loads a server: socket, connect, send, recv, close.
 *
 * Nothing of what comes is looked at, nor whether more would come: it closes when it has what it
 * asked for. With -w it is a web client, and reads until the server ends the stream.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/must.h"
#include "lib/net.h"
#include "lib/proc.h"

static struct sockaddr_storage address;
static socklen_t address_length;
static long children = 5, connections = 500, bytes = 3000, gap;
static bool web;

static void connect_once(const char *request, size_t length)
{
	static char reply[65536];
	long got = 0;
	ssize_t n;
	int fd = must(socket(address.ss_family, SOCK_STREAM, 0));

	must(connect(fd, (struct sockaddr *)&address, address_length));
	must_n(send(fd, request, length, MSG_NOSIGNAL));
	while ((web || got < bytes) && (n = must_n(recv(fd, reply, sizeof(reply), 0))) > 0)
		got += n;
	if (got < bytes)
		die("%ld bytes of %ld came", got, bytes);
	must(close(fd));
}

static void work(const char *request)
{
	size_t length = strlen(request);

	for (long i = 0; i < connections; i++) {
		connect_once(request, length);
		if (gap)
			usleep((unsigned)gap);
	}
}

static void usage(void)
{
	printf("usage: %s [-i ADDRESS] [-p PORT] [-c CHILDREN] [-t CONNECTIONS] [-b BYTES]\n"
	       "       [-g MICROSECONDS] [-w PATH]\n"
	       "The least code that loads a server. The options are those of client, and\n\n"
	       "  -g MICROSECONDS  pause after each connection\n"
	       "  -w PATH          ask a web server for PATH, and read to the end\n"
	       "  -h               print this\n",
	       program_invocation_short_name);
	exit(EXIT_SUCCESS);
}

int main(int argc, char **argv)
{
	const char *host = "127.0.0.1", *port = "2000", *path = NULL;
	char request[256];
	bool failed = false;

	opterr = 0;
	for (int option; (option = getopt(argc, argv, ":hi:p:c:t:b:g:w:")) != -1;) {
		switch (option) {
		case 'h': usage(); break;
		case 'i': host = optarg; break;
		case 'p':
			parse_number(optarg, 1, 65535, "-p");
			port = optarg;
			break;
		case 'c': children = parse_number(optarg, 1, 10000, "-c"); break;
		case 't': connections = parse_number(optarg, 1, INT32_MAX, "-t"); break;
		case 'b': bytes = parse_number(optarg, 1, INT64_MAX, "-b"); break;
		case 'g': gap = parse_number(optarg, 0, 999999, "-g"); break;
		case 'w':
			web = true;
			path = optarg;
			break;
		case ':': usage_error("-%c needs a value", optopt);
		default: usage_error("no option -%c, see -h", optopt);
		}
	}
	if (optind < argc)
		usage_error("what is '%s'? see -h", argv[optind]);
	address_length = resolve(host, port, &address);
	if (web)
		snprintf(request, sizeof(request), "GET %s HTTP/1.0\r\n\r\n", path);
	else
		snprintf(request, sizeof(request), "%ld\n", bytes);

	for (long i = 0; i < children; i++)
		if (must_fork() == 0) {
			work(request);
			_exit(0);
		}
	for (int status; wait(&status) != -1;)
		failed = failed || status != 0;
	if (failed)
		return EXIT_BROKEN;
	printf("connections: %ld\n", children * connections);
	return 0;
}
