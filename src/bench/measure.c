/*
 * measure: one server under one load, in a network namespace of their own: what both ends took.
 *
 *   measure [OPTION...] SERVER [ARGUMENT...] -- CLIENT [ARGUMENT...]
 *
 * Both run on one processor, for a wake-up across processors costs more than what is measured. The
 * server's time is taken when it is ready, and again when the load is over and its tree is as it
 * was, to the nanosecond where processes are alive and to the kernel's tick where children have
 * been reaped; neither its start nor its end counts. The client's is that of its whole life. What
 * comes out is a line of JSON a load, or none: where the client fails, the server ends badly, or
 * the deadline passes, there is nothing to compare.
 */
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "lib/bench.h"
#include "lib/children.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/proc.h"
#include "lib/server.h"

static struct {
	int processor; /* -1: wherever the kernel likes */
	int port;      /* 0: the server says `ready PORT` */
	int idle, times, stop_signal;
	unsigned deadline; /* seconds, for what hangs or spins */
	const char *congestion;
} options = {.processor = -1, .times = 1, .stop_signal = SIGTERM, .deadline = 60};

struct end {
	pid_t pid;
	int out; /* what it prints */
	char said[65536];
	size_t length;
	struct rusage usage;
	int status;
} server, client;

/* What a process and all its descendants have used, and how many they are. */
struct tree {
	double us;   /* of processor time */
	long faults; /* minor page faults */
	int size;    /* processes and threads */
	int processes;
	double pss; /* KiB: memory, what is shared divided by those who share it */
};

/* An argument with the port in the place of PORT. */
static char *with_port(char *argument, const char *port)
{
	char *at = strstr(argument, "PORT"), *with;

	if (!at)
		return argument;
	must(asprintf(&with, "%.*s%s%s", (int)(at - argument), argument, port, at + 4));
	return with;
}

/* Only calls that signal-safety(7) allows. */
static void on_deadline(int signal)
{
	static const char what[] = "measure: the deadline has passed\n";

	(void)signal;
	if (server.pid > 0)
		kill(-server.pid, SIGKILL);
	if (client.pid > 0)
		kill(-client.pid, SIGKILL);
	if (write(STDERR_FILENO, what, sizeof(what) - 1) == -1)
		_exit(EXIT_BROKEN); /* nobody listens */
	_exit(EXIT_BROKEN);
}

static void start(struct end *end, char **argv, const char *port, bool silent)
{
	int ends[2];

	must(pipe2(ends, O_CLOEXEC));
	if (silent) /* end of file is all that is heard of it */
		must(dup3(must(open("/dev/null", O_WRONLY)), ends[1], O_CLOEXEC));
	end->pid = must_fork();
	if (end->pid == 0) {
		for (char **arg = argv; port && *arg; arg++)
			*arg = with_port(*arg, port);
		must(setpgid(0, 0)); /* to be stopped as a whole, as by a terminal */
		must(dup2(must(open("/dev/null", O_RDONLY)), STDIN_FILENO));
		must(dup2(ends[1], STDOUT_FILENO));
		execvp(argv[0], argv);
		complain("%s: %s", argv[0], errno_name(errno));
		_exit(127);
	}
	must(close(ends[1]));
	end->out = ends[0];
}

/* Read on in what it prints; false: that was all. */
static bool listen_to(struct end *end)
{
	size_t room = sizeof(end->said) - 1 - end->length;

	if (room == 0)
		die("it prints more than was expected");
	ssize_t got = must_n(read(end->out, end->said + end->length, room));

	end->length += (size_t)got;
	end->said[end->length] = '\0';
	return got > 0;
}

static void finish(struct end *end)
{
	while (listen_to(end))
		;
	must(wait4(end->pid, &end->status, 0, &end->usage));
	must(close(end->out));
}

static void start_server(char **argv, char port[16])
{
	if (options.port) {
		snprintf(port, 16, "%d", options.port);
		start(&server, argv, port, true);
		while (tcp_sockets(options.port, TCP_LISTEN) == 0) {
			if (must(waitpid(server.pid, NULL, WNOHANG)) != 0)
				die("%s: ended at once", argv[0]);
			nap();
		}
		return;
	}
	start(&server, argv, NULL, false);
	while (!strchr(server.said, '\n'))
		if (!listen_to(&server))
			die("%s: did not get ready", argv[0]);
	if (sscanf(server.said, "ready %15[0-9]", port) != 1)
		die("%s: this is not `ready PORT`: %s", argv[0], server.said);
}

/* SIGTERM is an order that a server may also obey by dying of it, or by saying that it did. */
static void judge_server(const char *name)
{
	int status = server.status, stop = options.stop_signal;
	bool obeyed =
		WIFSIGNALED(status) ? WTERMSIG(status) == stop : WEXITSTATUS(status) == 128 + stop;

	if (status != 0 && !obeyed)
		die("%s: %s", name, children_fate(status));
}

/* Connections that the server has answered once, and on which nothing happens any more. Several at
 * a time, for one that waits by poll() looks at all of them in each turn. */
static void hold_idle(const char *port)
{
	enum { AT_ONCE = 256 };
	int fds[AT_ONCE];

	server_raise_descriptors();
	for (int held = 0, count; held < options.idle; held += count) {
		count = options.idle - held < AT_ONCE ? options.idle - held : AT_ONCE;
		for (int i = 0; i < count; i++) {
			fds[i] = connect_to_port(port);
			send_all(fds[i], "1\n", 2);
		}
		for (int i = 0; i < count; i++) {
			char byte;

			recv_all(fds[i], &byte, 1);
		}
	}
}

/* Fields of /proc/PID/stat, counted as proc(5) does. */
enum { STATE = 3, MINFLT = 10, CMINFLT, CUTIME = 16, CSTIME, THREADS = 20, FIELDS };

static bool read_stat(pid_t pid, char *state, double *fields)
{
	char path[64], line[1024];

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	FILE *file = fopen(path, "re");
	bool read = file && fgets(line, sizeof(line), file);

	if (file)
		fclose(file);
	char *at = read ? strrchr(line, ')') : NULL;

	if (!at)
		return false;
	*state = at[2];
	at += 3;
	for (int field = STATE + 1; field < FIELDS; field++)
		fields[field] = strtod(at, &at);
	return true;
}

/* KiB, as `grep ^Pss:` of /proc/PID/smaps_rollup has it. */
static double read_pss(pid_t pid)
{
	char path[64], line[256];
	double pss = 0;

	snprintf(path, sizeof(path), "/proc/%d/smaps_rollup", pid);
	FILE *file = fopen(path, "re");

	while (file && fgets(line, sizeof(line), file))
		if (strncmp(line, "Pss:", 4) == 0)
			pss = strtod(line + 4, NULL);
	if (file)
		fclose(file);
	return pss;
}

static void add_tree(struct tree *tree, pid_t pid, bool memory)
{
	double fields[FIELDS] = {0};
	struct timespec time;
	clockid_t clock;
	char path[64], state, *line = NULL;
	size_t size = 0;
	FILE *file;
	long child;

	if (!read_stat(pid, &state, fields))
		return;
	/* It may end meanwhile. */
	if (clock_getcpuclockid(pid, &clock) == 0 && clock_gettime(clock, &time) == 0)
		tree->us += (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
	tree->us += (fields[CUTIME] + fields[CSTIME]) * 1e6 / (double)sysconf(_SC_CLK_TCK);
	tree->faults += (long)(fields[MINFLT] + fields[CMINFLT]);
	if (state == 'Z') /* its parent will take it back with the next one */
		return;
	tree->size += (int)fields[THREADS];
	tree->processes++;
	if (memory)
		tree->pss += read_pss(pid);
	/* Only main threads make children here. */
	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", pid, pid);
	file = fopen(path, "re");
	if (file && getline(&line, &size, file) > 0)
		for (char *at = line; (child = strtol(at, &at, 10)) > 0;)
			add_tree(tree, (pid_t)child, memory);
	if (file)
		fclose(file);
	free(line);
}

static struct tree look_at(pid_t pid, bool memory)
{
	struct tree tree = {0};

	add_tree(&tree, pid, memory);
	return tree;
}

/* The tree again when whoever served is gone. */
static struct tree look_when_quiet(pid_t pid, int size)
{
	double until = bench_now(CLOCK_MONOTONIC) + 10e6;
	struct tree tree;

	while ((tree = look_at(pid, false)).size > size && bench_now(CLOCK_MONOTONIC) < until)
		nap();
	if (tree.size > size)
		complain("%d processes or threads still serve", tree.size - size);
	return tree;
}

/* What the processor did, in microseconds: of /proc/stat all but idle and waiting for a disk. */
static double busy_us(void)
{
	char line[512], name[16];
	double ticks = 0;

	snprintf(name, sizeof(name), options.processor < 0 ? "cpu " : "cpu%d ", options.processor);
	FILE *file = must_ptr(fopen("/proc/stat", "re"));

	while (fgets(line, sizeof(line), file)) {
		char *at = line + strlen(name);

		if (strncmp(line, name, strlen(name)) != 0)
			continue;
		for (int field = 0; field < 8; field++) {
			double value = strtod(at, &at);

			ticks += field == 3 || field == 4 ? 0 : value;
		}
		break;
	}
	fclose(file);
	return ticks * 1e6 / (double)sysconf(_SC_CLK_TCK);
}

/* The number after `key` at the start of a line; -1: there is no such line. */
static long number_after(const char *text, const char *key)
{
	for (const char *line = text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strncmp(line, key, strlen(key)) == 0)
			return strtol(line + strlen(key), NULL, 10);
	}
	return -1;
}

/* `child 3: 52`, or `thread 3: 52`, as an array. */
static void print_children(const char *said)
{
	const char *separator = "";

	printf(", \"children\": [");
	for (const char *line = said; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		const char *colon = strchr(line, ':');

		if (colon &&
		    (strncmp(line, "child ", 6) == 0 || strncmp(line, "thread ", 7) == 0)) {
			printf("%s%ld", separator, strtol(colon + 1, NULL, 10));
			separator = ", ";
		}
	}
	printf("]");
}

static void print_usage_of(const char *name, const struct rusage *usage)
{
	printf(", \"%s_user_us\": %.0f, \"%s_system_us\": %.0f, \"%s_voluntary\": %ld"
	       ", \"%s_involuntary\": %ld",
	       name, bench_time(&usage->ru_utime), name, bench_time(&usage->ru_stime), name,
	       usage->ru_nvcsw, name, usage->ru_nivcsw);
}

/* One load of the server, and what both took for it. */
struct load {
	struct end client;
	double seconds, server_us, client_us, others_us;
	long faults;
};

static void load(struct load *load, char **argv, const char *port)
{
	struct tree before = look_at(server.pid, false);
	double busy = busy_us(), own = bench_now(CLOCK_PROCESS_CPUTIME_ID),
	       began = bench_now(CLOCK_MONOTONIC);

	client = (struct end){0};
	start(&client, argv, port, false);
	finish(&client);
	load->seconds = (bench_now(CLOCK_MONOTONIC) - began) / 1e6;
	load->client = client;
	client.pid = 0;
	if (load->client.status != 0)
		die("%s: it failed; what it said: %s", argv[0], load->client.said);

	struct tree after = look_when_quiet(server.pid, before.size);

	load->server_us = after.us - before.us;
	load->client_us = bench_us(&load->client.usage);
	load->faults = after.faults - before.faults;
	load->others_us = busy_us() - busy - load->server_us - load->client_us -
			  (bench_now(CLOCK_PROCESS_CPUTIME_ID) - own);
}

static void print(const struct load *load, const struct tree *last)
{
	long connections = number_after(load->client.said, "connections: ");

	if (connections == -1)
		connections = number_after(server.said, "connections: ");
	bench_begin();
	printf("\"idle\": %d, \"connections\": %ld, \"seconds\": %.6f, \"server_us\": %.0f"
	       ", \"client_us\": %.0f, \"others_us\": %.0f, \"server_faults\": %ld"
	       ", \"server_tasks\": %d, \"server_pss_kib\": %.0f",
	       options.idle, connections, load->seconds, load->server_us, load->client_us,
	       load->others_us > 0 ? load->others_us : 0, load->faults, last->size, last->pss);
	print_usage_of("server", &server.usage);
	print_usage_of("client", &load->client.usage);
	print_children(server.said);
	printf("}\n");
}

/* Of one process: microseconds of processor time. */
static double own_us(pid_t pid)
{
	clockid_t clock;

	return clock_getcpuclockid(pid, &clock) == 0 ? bench_now(clock) : 0;
}

static void take_off(struct timeval *time, const struct timeval *part)
{
	struct timeval rest;

	timersub(time, part, &rest);
	if (rest.tv_sec < 0)
		timerclear(&rest);
	*time = rest;
}

/* Where a parent makes children and then sleeps, its life is so short that the clock's tick seldom
 * meets it, and the kernel says of such a one that all was user time. So what it takes is seen in
 * one that is told to stop at once, and taken off. */
static void take_off_start(char **argv)
{
	struct end served = server;
	char port[16];

	server = (struct end){0};
	start_server(argv, port);
	must(kill(-server.pid, options.stop_signal));
	finish(&server);
	take_off(&served.usage.ru_utime, &server.usage.ru_utime);
	take_off(&served.usage.ru_stime, &server.usage.ru_stime);
	server = served;
}

static void measure(char **server_argv, char **client_argv)
{
	enum { TICK = 4000 };
	struct load *loads = must_ptr(calloc((size_t)options.times, sizeof(*loads)));
	char port[16];

	bench_scene(false, options.congestion);
	bench_pin(options.processor);
	start_server(server_argv, port);
	hold_idle(port);

	double own = own_us(server.pid);

	for (int i = 0; i < options.times; i++)
		load(&loads[i], client_argv, port);

	struct tree last = look_at(server.pid, true);
	bool parent_slept = last.processes > 1 && own_us(server.pid) - own < TICK;

	must(kill(-server.pid, options.stop_signal));
	finish(&server);
	kill(-server.pid, SIGKILL); /* whoever did not end with it */
	judge_server(server_argv[0]);
	if (parent_slept && !options.port && !options.idle)
		take_off_start(server_argv);
	for (int i = 0; i < options.times; i++)
		print(&loads[i], &last);
	free(loads);
}

static void usage(void)
{
	printf("usage: %s [-c PROCESSOR] [-i IDLE] [-t TIMES] [-p PORT] [-s SIGNAL] [-C "
	       "ALGORITHM]\n"
	       "       [-d SECONDS] [-l KEY=VALUE]... SERVER [ARGUMENT...] -- CLIENT "
	       "[ARGUMENT...]\n"
	       "Measure one server under one load. In its arguments PORT stands for the port.\n\n"
	       "  -c PROCESSOR  where both run (-1: anywhere, the default)\n"
	       "  -i IDLE       connections held besides (0)\n"
	       "  -t TIMES      how often to load it: a line each (1)\n"
	       "  -p PORT       of a server that does not say `ready PORT`\n"
	       "  -s SIGNAL     that ends the server (15)\n"
	       "  -C ALGORITHM  of congestion control (reno)\n"
	       "  -d SECONDS    after which all is killed (60)\n"
	       "  -l KEY=VALUE  to be printed with the rest\n"
	       "  -h            print this\n",
	       program_invocation_short_name);
	exit(EXIT_SUCCESS);
}

int main(int argc, char **argv)
{
	int dashes;

	opterr = 0;
	for (int option; (option = getopt(argc, argv, "+:hc:i:t:p:s:C:d:l:")) != -1;) {
		switch (option) {
		case 'h': usage(); break;
		case 'c': options.processor = (int)parse_number(optarg, -1, 1023, "-c"); break;
		case 'i': options.idle = (int)parse_number(optarg, 0, 100000, "-i"); break;
		case 't': options.times = (int)parse_number(optarg, 1, 1000, "-t"); break;
		case 'p': options.port = (int)parse_number(optarg, 1, 65535, "-p"); break;
		case 's': options.stop_signal = (int)parse_number(optarg, 1, 64, "-s"); break;
		case 'C': options.congestion = optarg; break;
		case 'd': options.deadline = (unsigned)parse_number(optarg, 1, 86400, "-d"); break;
		case 'l': bench_label(optarg); break;
		case ':': usage_error("-%c needs a value", optopt);
		default: usage_error("no option -%c, see -h", optopt);
		}
	}
	for (dashes = optind; dashes < argc && strcmp(argv[dashes], "--") != 0; dashes++)
		;
	if (dashes >= argc - 1 || dashes == optind)
		usage_error("a SERVER, -- and a CLIENT are needed, see -h");
	argv[dashes] = NULL;
	on_signal(SIGALRM, on_deadline, 0);
	alarm(options.deadline);
	must(prctl(PR_SET_CHILD_SUBREAPER, 1));
	on_signal(SIGCHLD, SIG_DFL, 0);
	measure(argv + optind, argv + dashes + 1);
	return 0;
}
