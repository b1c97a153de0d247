/*
 * client: load for all servers, and a check of what they answer (after UNP 30.3).
 *
 * Forks children; each makes its connections one after the other: send a count and a newline,
 * take that many bytes, see that they are the right ones and that no other came with them, close.
 * Every connection ends as one count: good, or an error by its name.
 */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "lib/must.h"
#include "lib/net.h"
#include "lib/pattern.h"
#include "lib/proc.h"

static struct {
	struct sockaddr_storage address;
	socklen_t address_length;
	int children;
	long connections;
	uint64_t bytes;
} options = {.children = 5, .connections = 500, .bytes = 3000};

/* How a connection ended: an errno, or one of these, where no call failed. */
enum { GOOD = 0, TOO_FEW = 200, TOO_MANY, WRONG_BYTES, OUTCOMES };

/* What a child did: shared memory, written by that child alone. */
struct result {
	_Alignas(64) atomic_ulong outcomes[OUTCOMES];
	_Atomic uint64_t bytes;
};

static const char *outcome_name(int outcome)
{
	switch (outcome) {
	case TOO_FEW: return "TOO_FEW_BYTES";
	case TOO_MANY: return "TOO_MANY_BYTES";
	case WRONG_BYTES: return "WRONG_BYTES";
	default: return errno_name(outcome);
	}
}

/* One connection: its descriptor or -1; `place` is the call that failed or showed what is wrong,
 * `got` the bytes that were good. */
struct attempt {
	int fd;
	const char *place;
	uint64_t got;
};

static int converse(struct attempt *attempt, const char *request)
{
	char reply[PATTERN_PIECE];
	int fd;

	attempt->place = "socket";
	fd = attempt->fd = socket(options.address.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd == -1)
		return errno;
	attempt->place = "connect";
	if (connect(fd, (struct sockaddr *)&options.address, options.address_length) == -1)
		return errno;
	attempt->place = "send";
	if (send(fd, request, strlen(request), MSG_NOSIGNAL) == -1)
		return errno;
	attempt->place = "recv";
	while (attempt->got < options.bytes) {
		uint64_t rest = options.bytes - attempt->got;
		ssize_t n = recv(fd, reply, sizeof(reply), 0);

		if (n == -1)
			return errno;
		if (n == 0)
			return TOO_FEW;

		size_t wanted = (size_t)n < rest ? (size_t)n : (size_t)rest;

		if (memcmp(reply, pattern_at(attempt->got), wanted) != 0) {
			for (const char *at = reply; *at == *pattern_at(attempt->got); at++)
				++attempt->got;
			return WRONG_BYTES;
		}
		attempt->got += wanted;
		if ((size_t)n > rest)
			return TOO_MANY;
	}
	return GOOD;
}

/* Of many failures of a child the first is told in full, the rest is counted. */
static void conclude(int child, long number, struct result *result, const struct attempt *attempt,
		     int outcome)
{
	static bool told;

	if (attempt->fd != -1)
		must(close(attempt->fd));
	result->bytes += attempt->got;
	result->outcomes[outcome < OUTCOMES ? outcome : EIO]++;
	if (outcome != GOOD && !told) {
		complain("child %d, connection %ld: %s: %s after %" PRIu64 " good bytes", child,
			 number, attempt->place, outcome_name(outcome), attempt->got);
		told = true;
	}
}

/* The work of a child. */
static void work(int child, struct result *result)
{
	char request[32];

	snprintf(request, sizeof(request), "%" PRIu64 "\n", options.bytes);
	for (long i = 0; i < options.connections; i++) {
		struct attempt attempt = {.fd = -1};
		int outcome = converse(&attempt, request);

		conclude(child, i, result, &attempt, outcome);
	}
}

/* One outcome over all children; the bytes. */
static unsigned long sum(const struct result *results, int outcome)
{
	unsigned long total = 0;

	for (int i = 0; i < options.children; i++)
		total += results[i].outcomes[outcome];
	return total;
}

static uint64_t sum_bytes(const struct result *results)
{
	uint64_t total = 0;

	for (int i = 0; i < options.children; i++)
		total += results[i].bytes;
	return total;
}

static double now(void)
{
	struct timespec time;

	must(clock_gettime(CLOCK_MONOTONIC, &time));
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void show_progress(const struct result *results)
{
	fprintf(stderr, "\r%lu of %ld connections, %" PRIu64 " MB ", sum(results, GOOD),
		options.children * options.connections, sum_bytes(results) / 1000000);
}

/* Wait for all children, with an eye on the terminal; SIGINT and SIGTERM end them. `signals` are
 * blocked and none is lost: they wait for sigtimedwait(). */
static void wait_for_all(const sigset_t *signals, pid_t *pids, const struct result *results)
{
	bool terminal = isatty(STDERR_FILENO);
	int alive = options.children;

	while (alive > 0) {
		int status, signal = sigtimedwait(signals, NULL,
						  &(struct timespec){.tv_nsec = 200000000});

		if (terminal)
			show_progress(results);
		for (int i = 0; i < options.children; i++) {
			if (pids[i] != 0 && (signal == SIGINT || signal == SIGTERM))
				must(kill(pids[i], SIGKILL));
			if (pids[i] == 0 || must(waitpid(pids[i], &status, WNOHANG)) == 0)
				continue;
			pids[i] = 0;
			alive--;
			if (WIFSIGNALED(status))
				complain("child %d: SIG%s", i, sigabbrev_np(WTERMSIG(status)));
		}
	}
	if (terminal)
		fputs("\r\033[K", stderr);
}

/* Returns whether nothing was lost. */
static bool report(const struct result *results, double seconds)
{
	unsigned long wanted = (unsigned long)(options.children * options.connections);
	unsigned long good = sum(results, GOOD), bad = 0;

	for (int outcome = 1; outcome < OUTCOMES; outcome++)
		bad += sum(results, outcome);
	printf("connections: %lu\nbytes: %" PRIu64 "\nerrors: %lu\n", good, sum_bytes(results),
	       bad);
	for (int outcome = 1; outcome < OUTCOMES; outcome++)
		if (sum(results, outcome) > 0)
			printf("error %s: %lu\n", outcome_name(outcome), sum(results, outcome));
	if (good + bad < wanted)
		printf("never made: %lu\n", wanted - good - bad);
	printf("seconds: %.3f\nconnections/s: %.0f\n", seconds, (double)good / seconds);
	if (sum(results, EADDRNOTAVAIL) > 0)
		complain("EADDRNOTAVAIL: no local port is left towards this address: what "
			 "net.ipv4.ip_local_port_range allows is in use or in TIME_WAIT");
	return good == wanted;
}

static void usage(void)
{
	printf("usage: %s [-i ADDRESS] [-p PORT] [-c CHILDREN] [-t CONNECTIONS] [-b BYTES]\n"
	       "Load a server and check its answers.\n\n"
	       "  -i ADDRESS      of the server (127.0.0.1)\n"
	       "  -p PORT         of the server (2000)\n"
	       "  -c CHILDREN     processes at once (5)\n"
	       "  -t CONNECTIONS  made by each, one after the other (500)\n"
	       "  -b BYTES        asked for by each connection (3000)\n"
	       "  -h              print this\n\n"
	       "Exit status 0: every connection got exactly what it asked for; 1: not so.\n",
	       program_invocation_short_name);
	exit(EXIT_SUCCESS);
}

static void read_options(int argc, char **argv)
{
	const char *address = "127.0.0.1", *port = "2000";
	int option;

	opterr = 0;
	while ((option = getopt(argc, argv, ":hi:p:c:t:b:")) != -1) {
		switch (option) {
		case 'h': usage(); break;
		case 'i': address = optarg; break;
		case 'p':
			parse_number(optarg, 1, 65535, "-p");
			port = optarg;
			break;
		case 'c': options.children = (int)parse_number(optarg, 1, 10000, "-c"); break;
		case 't': options.connections = parse_number(optarg, 1, INT32_MAX, "-t"); break;
		case 'b': options.bytes = (uint64_t)parse_number(optarg, 0, INT64_MAX, "-b"); break;
		case ':': usage_error("-%c needs a value", optopt);
		default: usage_error("no option -%c, see -h", optopt);
		}
	}
	if (optind < argc)
		usage_error("what is '%s'? see -h", argv[optind]);
	options.address_length = resolve(address, port, &options.address);
}

int main(int argc, char **argv)
{
	sigset_t signals;

	read_options(argc, argv);

	pid_t *pids = must_ptr(calloc((size_t)options.children, sizeof(*pids)));
	struct result *results = mmap(NULL, (size_t)options.children * sizeof(*results),
				      PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (results == MAP_FAILED)
		die("mmap: %s", errno_name(errno));
	on_signal(SIGCHLD, SIG_DFL, 0); /* inherited as ignored, it would take the children away */
	must(sigemptyset(&signals));
	must(sigaddset(&signals, SIGCHLD));
	must(sigaddset(&signals, SIGINT));
	must(sigaddset(&signals, SIGTERM));
	must(sigprocmask(SIG_BLOCK, &signals, NULL));

	double start = now();

	for (int i = 0; i < options.children; i++) {
		pids[i] = must_fork();
		if (pids[i] == 0) {
			work(i, &results[i]);
			_exit(0);
		}
	}
	wait_for_all(&signals, pids, results);

	bool all_good = report(results, now() - start);

	free(pids);
	munmap(results, (size_t)options.children * sizeof(*results));
	return all_good ? 0 : 1;
}
