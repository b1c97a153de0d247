/*
 * respond: a small header and a body as the response to each request on one connection, by one of
 * the ways there are: how many segments they become, and what both ends took.
 *
 * The client sends a byte, the server a response, and so on. lo is made to look like an ethernet
 * without offload, so that a segment counted is a segment on the wire. What comes out is one line
 * of JSON.
 */
#include <errno.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/bench.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/proc.h"

static char *header, *body;
static size_t header_size = 200, body_size = 1000;

static void two_sends(int fd)
{
	send_all(fd, header, header_size);
	send_all(fd, body, body_size);
}

static void cork(int fd)
{
	set_option(fd, IPPROTO_TCP, TCP_CORK, 1);
	two_sends(fd);
	set_option(fd, IPPROTO_TCP, TCP_CORK, 0);
}

static void more(int fd)
{
	must_n(send(fd, header, header_size, MSG_MORE));
	send_all(fd, body, body_size);
}

static void by_writev(int fd)
{
	struct iovec parts[] = {{header, header_size}, {body, body_size}};

	if ((size_t)must_n(writev(fd, parts, 2)) != header_size + body_size)
		die("writev: not all of it");
}

static void copied(int fd)
{
	static char *whole;

	if (!whole)
		whole = must_ptr(malloc(header_size + body_size));
	memcpy(whole, header, header_size);
	memcpy(whole + header_size, body, body_size);
	send_all(fd, whole, header_size + body_size);
}

static const struct way {
	const char *name;
	void (*respond)(int fd);
	bool no_delay;
} ways[] = {
	{"nagle", two_sends, false}, {"nodelay", two_sends, true}, {"cork", cork, false},
	{"more", more, true},        {"writev", by_writev, true},  {"memcpy", copied, true},
};
enum { WAYS = sizeof(ways) / sizeof(ways[0]) };

static const struct way *way_named(const char *name)
{
	for (int i = 0; i < WAYS; i++)
		if (strcmp(ways[i].name, name) == 0)
			return &ways[i];
	usage_error("no way '%s', see -h", name);
}

static long segments_sent(int fd)
{
	struct tcp_info info = {0};
	socklen_t length = sizeof(info);

	must(getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &length));
	return (long)info.tcpi_data_segs_out - (long)info.tcpi_total_retrans;
}

static void request(int fd, long responses)
{
	char *response = must_ptr(malloc(header_size + body_size));

	set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
	for (long i = 0; i < responses; i++) {
		send_all(fd, "?", 1);
		recv_all(fd, response, header_size + body_size);
	}
	free(response);
}

static void converse(const struct way *way, long responses)
{
	struct rusage before, after, client;
	int ends[2], status;
	char byte;

	tcp_pair(ends);
	if (way->no_delay)
		set_option(ends[SERVER], IPPROTO_TCP, TCP_NODELAY, 1);
	pid_t pid = must_fork();

	if (pid == 0) {
		request(ends[CLIENT], responses);
		_exit(0);
	}
	must(getrusage(RUSAGE_SELF, &before));

	double began = bench_now(CLOCK_MONOTONIC);

	for (long i = 0; i < responses; i++) {
		recv_all(ends[SERVER], &byte, 1);
		way->respond(ends[SERVER]);
	}
	must(wait4(pid, &status, 0, &client));

	double seconds = (bench_now(CLOCK_MONOTONIC) - began) / 1e6;

	must(getrusage(RUSAGE_SELF, &after));
	if (status != 0)
		die("the client failed");
	bench_begin();
	printf("\"way\": \"%s\", \"header\": %zu, \"body\": %zu, \"responses\": %ld"
	       ", \"segments\": %ld, \"seconds\": %.6f, \"server_us\": %.0f, \"client_us\": "
	       "%.0f}\n",
	       way->name, header_size, body_size, responses, segments_sent(ends[SERVER]), seconds,
	       bench_us(&after) - bench_us(&before), bench_us(&client));
}

static void usage(void)
{
	printf("usage: %s [-c PROCESSOR] [-H HEADER] [-b BODY] [-t RESPONSES] [-l KEY=VALUE]... "
	       "WAY\n"
	       "Send responses of a header and a body, and count their segments.\n\n"
	       "  -c PROCESSOR  where both ends run (-1: anywhere, the default)\n"
	       "  -H HEADER     bytes of the header (200)\n"
	       "  -b BODY       bytes of the body (1000)\n"
	       "  -t RESPONSES  how many (1000)\n"
	       "  -l KEY=VALUE  to be printed with the rest\n"
	       "  -h            print this\n\n"
	       "WAY:",
	       program_invocation_short_name);
	for (int i = 0; i < WAYS; i++)
		printf(" %s", ways[i].name);
	printf("\n");
	exit(EXIT_SUCCESS);
}

int main(int argc, char **argv)
{
	int processor = -1;
	long responses = 1000;

	opterr = 0;
	for (int option; (option = getopt(argc, argv, ":hc:H:b:t:l:")) != -1;) {
		switch (option) {
		case 'h': usage(); break;
		case 'c': processor = (int)parse_number(optarg, -1, 1023, "-c"); break;
		case 'H': header_size = (size_t)parse_number(optarg, 1, 1 << 20, "-H"); break;
		case 'b': body_size = (size_t)parse_number(optarg, 1, 1 << 20, "-b"); break;
		case 't': responses = parse_number(optarg, 1, INT32_MAX, "-t"); break;
		case 'l': bench_label(optarg); break;
		case ':': usage_error("-%c needs a value", optopt);
		default: usage_error("no option -%c, see -h", optopt);
		}
	}
	if (optind != argc - 1)
		usage_error("one WAY is needed, see -h");
	const struct way *way = way_named(argv[optind]);

	header = must_ptr(calloc(1, header_size));
	body = must_ptr(calloc(1, body_size));
	bench_scene(true, NULL);
	bench_pin(processor);
	converse(way, responses);
	return 0;
}
