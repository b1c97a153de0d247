/*
 * world - run a command in a world of its own, and capture what crosses its wire.
 *
 *   world [-c FILE.pcap] [-n] [-t SECONDS] COMMAND [ARGUMENT...]
 *
 * The world is a network namespace with a pinned `lo`, default signal dispositions, no inherited
 * descriptors, a process group of its own, and a deadline. Nothing outlives it: world is the reaper
 * of every descendant of the command (PR_SET_CHILD_SUBREAPER), reports what the command left
 * running, and kills it.
 *
 * A capture is complete by construction, with no sleep and no poll: the command starts once
 * tcpdump says "listening on"; after it a marker datagram is sent, and tcpdump is stopped when the
 * marker has come out of it. What precedes the marker on the wire precedes it in the file.
 *
 * Exit status: the command's; 124 where it was not done by the deadline (the capture is complete
 * all the same: a call that never returns is a finding); 125 with one line `world: ...` where the
 * scene could not be set, died of a signal, or left a process behind.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <netinet/in.h>

#include "lib/must.h"
#include "lib/netns.h"

#define MARKER "csdesign: end of scene\n"
enum { STATUS_HUNG = 124, STATUS_BROKEN = 125 }; /* as timeout(1) and `git bisect run` know them */
enum { DISCARD_PORT = 9, LEFTOVER_GRACE_MS = 5000 };

/* The capture: tcpdump, its two outputs, and the file that its records are copied to. */
static struct {
	pid_t pid;
	int out, err, file;
	bool listening, marked;
	char tail[sizeof(MARKER)]; /* the last bytes seen: a marker may straddle two reads */
	size_t tail_length;
	char said[2048];
	size_t said_length;
} capture = {.out = -1, .err = -1, .file = -1};

static pid_t command_pid;
static int command_status = -1; /* as waitpid() gives it */
static int signals;             /* signalfd: SIGCHLD, and what asks for an early end */
static int64_t deadline;        /* CLOCK_MONOTONIC, ms */

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

/* Call `visit` with every child of this process; returns how many there are. */
static int each_child(void (*visit)(pid_t pid, const char *name, char state))
{
	DIR *proc = must_ptr(opendir("/proc"));
	int count = 0;

	for (struct dirent *entry; (entry = readdir(proc));) {
		char path[300], line[512], *name, *close_paren;
		pid_t pid = (pid_t)strtol(entry->d_name, NULL, 10), parent;
		char state;

		if (pid <= 0)
			continue;
		snprintf(path, sizeof(path), "/proc/%s/stat", entry->d_name);
		FILE *file = fopen(path, "re");

		if (!file)
			continue;
		bool read = fgets(line, sizeof(line), file);

		fclose(file);
		if (!read || !(name = strchr(line, '(')) || !(close_paren = strrchr(line, ')')))
			continue;
		/* NOLINTNEXTLINE(cert-err34-c): the kernel's own numbers fit */
		if (sscanf(close_paren + 1, " %c %d", &state, &parent) != 2 || parent != getpid())
			continue;
		*close_paren = '\0';
		visit(pid, name + 1, state);
		count++;
	}
	closedir(proc);
	return count;
}

static void kill_child(pid_t pid, const char *name, char state)
{
	(void)name, (void)state;
	kill(pid, SIGKILL);
}

static void name_child(pid_t pid, const char *name, char state)
{
	if (pid != capture.pid)
		complain("still running: %s (pid %d, state %c)", name, (int)pid, state);
}

/* Reaping a killed child hands its children to us: look again after each, until none is left. */
static void kill_all(void)
{
	while (each_child(kill_child) > 0)
		waitpid(-1, NULL, 0);
}

static _Noreturn void broken(const char *format, ...) __attribute__((format(printf, 1, 2)));
static _Noreturn void broken(const char *format, ...)
{
	char why[600];
	va_list args;

	va_start(args, format);
	vsnprintf(why, sizeof(why), format, args);
	va_end(args);
	complain("%s", why);
	kill_all();
	exit(STATUS_BROKEN);
}

static void start(pid_t *pid, char *const argv[], int out, int err)
{
	static const char default_action[64]; /* the kernel's struct sigaction, all zero */

	*pid = must(fork());
	if (*pid)
		return;
	sigset_t none;
	struct rlimit files;
	int null = must(open("/dev/null", O_RDONLY));

	must(setpgid(0, 0)); /* who stops its group stops itself, not the deadline */
	must(prctl(PR_SET_PDEATHSIG, SIGKILL));
	for (int signal = 1; signal < NSIG; signal++) /* all: sigaction() refuses glibc's own two */
		syscall(SYS_rt_sigaction, signal, default_action, NULL, (NSIG - 1) / 8);
	sigemptyset(&none);
	must(sigprocmask(SIG_SETMASK, &none, NULL));
	must(getrlimit(RLIMIT_NOFILE, &files));
	files.rlim_cur = files.rlim_max < 1024 ? files.rlim_max : 1024;
	must(setrlimit(RLIMIT_NOFILE, &files));
	must(setrlimit(RLIMIT_CORE, &(struct rlimit){0, files.rlim_max}));
	must(dup2(null, STDIN_FILENO));
	must(dup2(out, STDOUT_FILENO));
	must(dup2(err, STDERR_FILENO));
	closefrom(3);
	setenv("LC_ALL", "C", 1);
	setenv("TZ", "UTC", 1);
	execvp(argv[0], argv);
	complain("%s: %s", argv[0], errno_name(errno));
	_exit(errno == ENOENT ? 127 : 126);
}

static void start_capture(const char *path)
{
	/* -s 128: all headers and the marker, which is all that is looked at. */
	char *argv[] = {"tcpdump", "--immediate-mode",
			"-U",      "-n",
			"-s",      "128",
			"-i",      "lo",
			"-w",      "-",
			"-Z",      "root",
			NULL};
	int out[2], err[2];

	if (geteuid() != 0) /* sees no root, drops nothing */
		argv[10] = NULL;
	capture.file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (capture.file == -1)
		broken("%s: %s", path, errno_name(errno));
	must(pipe2(out, O_CLOEXEC));
	must(pipe2(err, O_CLOEXEC));
	start(&capture.pid, argv, out[1], err[1]);
	close(out[1]);
	close(err[1]);
	capture.out = out[0];
	capture.err = err[0];
}

/* What is sent on two processors goes by two queues of loopback's, and may be seen in another order
 * than it was sent. */
static void stay_on_one_cpu(void)
{
	int cpu = must(sched_getcpu());
	cpu_set_t here;

	CPU_ZERO(&here);
	CPU_SET((size_t)cpu, &here);
	must(sched_setaffinity(0, sizeof(here), &here));
}

/* Copy what tcpdump wrote to the file, and look for the marker in it. */
static void read_capture(void)
{
	static char chunk[sizeof(capture.tail) + 65536];
	size_t kept = capture.tail_length;

	memcpy(chunk, capture.tail, kept);
	ssize_t got = read(capture.out, chunk + kept, 65536);

	if (got <= 0) {
		close(capture.out);
		capture.out = -1;
		return;
	}
	for (ssize_t done = 0; done < got;) {
		ssize_t n = write(capture.file, chunk + kept + done, (size_t)(got - done));

		if (n == -1)
			broken("capture file: %s", errno_name(errno));
		done += n;
	}
	size_t total = kept + (size_t)got;

	if (memmem(chunk, total, MARKER, strlen(MARKER)))
		capture.marked = true;
	capture.tail_length = total < strlen(MARKER) ? total : strlen(MARKER) - 1;
	memcpy(capture.tail, chunk + total - capture.tail_length, capture.tail_length);
}

static void read_capture_errors(void)
{
	size_t room = sizeof(capture.said) - 1 - capture.said_length;
	ssize_t got = read(capture.err, capture.said + capture.said_length, room);

	if (got <= 0) {
		close(capture.err);
		capture.err = -1;
		return;
	}
	capture.said_length += (size_t)got;
	capture.said[capture.said_length] = '\0';
	if (strstr(capture.said, "listening on"))
		capture.listening = true;
}

/* Collect who has ended; returns whether any child is left. */
static bool reap_children(void)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		if (pid == command_pid)
			command_status = status;
		else if (pid == capture.pid)
			capture.pid = 0;
	}
	return pid == 0;
}

/* Wait for the next event, at the latest until `end`; false when `end` has come. */
static bool turn(int64_t end)
{
	struct pollfd fds[] = {{.fd = signals, .events = POLLIN},
			       {.fd = capture.out, .events = POLLIN},
			       {.fd = capture.err, .events = POLLIN}};
	int64_t left = end - now_ms();

	if (left <= 0)
		return false;
	if (poll(fds, 3, (int)left) == -1 && errno != EINTR)
		broken("poll: %s", errno_name(errno));
	if (fds[1].revents)
		read_capture();
	if (fds[2].revents)
		read_capture_errors();
	if (fds[0].revents) {
		struct signalfd_siginfo info;

		if (read(signals, &info, sizeof(info)) != sizeof(info))
			broken("signalfd: %s", errno_name(errno));
		if (info.ssi_signo != SIGCHLD)
			broken("interrupted by SIG%s", sigabbrev_np((int)info.ssi_signo));
		reap_children();
	}
	return true;
}

static void send_marker(void)
{
	struct sockaddr_in discard = {.sin_family = AF_INET,
				      .sin_port = htons(DISCARD_PORT),
				      .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = must(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));

	if (sendto(fd, MARKER, strlen(MARKER), 0, (struct sockaddr *)&discard, sizeof(discard)) ==
	    -1)
		broken("marker: %s", errno_name(errno));
	close(fd);
}

static void run_capture_until(bool *event, const char *what)
{
	while (!*event) {
		if (capture.pid == 0 && capture.out == -1 && capture.err == -1)
			broken("tcpdump ended before %s: %s", what, capture.said);
		if (!turn(deadline))
			broken("deadline: tcpdump is not %s", what);
	}
}

static void stop_capture(void)
{
	unsigned long dropped = 0;

	send_marker();
	run_capture_until(&capture.marked, "showing the marker");
	kill(capture.pid, SIGTERM);
	while (capture.pid || capture.out != -1 || capture.err != -1)
		if (!turn(deadline))
			broken("deadline: tcpdump does not stop");
	close(capture.file);

	const char *line = strstr(capture.said, " dropped by kernel");

	while (line && line > capture.said && line[-1] != '\n')
		line--;
	if (!line)
		broken("tcpdump says nothing of dropped packets: %s", capture.said);
	dropped = strtoul(line, NULL, 10);
	if (dropped)
		broken("the capture is incomplete: %lu packets dropped by the kernel", dropped);
}

/* The command has ended: whatever it started has ended, too, or is just being killed with it. */
static void expect_no_leftovers(void)
{
	int64_t end = now_ms() + LEFTOVER_GRACE_MS;

	if (end > deadline)
		end = deadline;
	while (reap_children())
		if (!turn(end)) {
			each_child(name_child);
			broken("the command left processes behind");
		}
}

/* A call never returned. The capture ends first: what the killing sends is not part of the scene.
 */
static _Noreturn void hung(const char *command, int64_t limit_ms, bool capturing)
{
	each_child(name_child);
	complain("%s: not done after %lld s", command, (long long)limit_ms / 1000);
	deadline = now_ms() + limit_ms;
	if (capturing)
		stop_capture();
	kill_all();
	exit(STATUS_HUNG);
}

static void catch_signals(bool bare)
{
	static const int caught[] = {SIGCHLD, SIGHUP, SIGINT, SIGQUIT, SIGTERM};
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < sizeof(caught) / sizeof(caught[0]); i++)
		sigaddset(&set, caught[i]);
	must(sigprocmask(SIG_BLOCK, &set, NULL));
	signal(SIGCHLD, SIG_DFL); /* ignored, as a parent may leave it, children vanish unreaped */
	signals = must(signalfd(-1, &set, SFD_CLOEXEC));
	must(prctl(PR_SET_PDEATHSIG, SIGTERM));
	/* Another kernel than Linux may know no reaper but the first process. */
	if (prctl(PR_SET_CHILD_SUBREAPER, 1) == -1 && !bare)
		broken("prctl(PR_SET_CHILD_SUBREAPER): %s", errno_name(errno));
}

int main(int argc, char **argv)
{
	const char *path = NULL;
	const char *limit = getenv("CSDESIGN_DEADLINE");

	bool bare = false;

	for (int option; (option = getopt(argc, argv, "+hc:nt:")) != -1;) {
		switch (option) {
		case 'h':
			puts("usage: world [-c FILE.pcap] [-n] [-t SECONDS] COMMAND [ARGUMENT...]\n"
			     "Run COMMAND in a network namespace of its own.\n"
			     "  -c FILE.pcap  capture what crosses its loopback device\n"
			     "  -n            no namespace: this machine, a sandbox, is the world\n"
			     "  -t SECONDS    give up after so long (default: CSDESIGN_DEADLINE, "
			     "or 30)");
			return 0;
		case 'c': path = optarg; break;
		case 'n': bare = true; break;
		case 't': limit = optarg; break;
		default: return EXIT_USAGE;
		}
	}
	if (optind == argc)
		usage_error("no command; see world -h");

	int64_t limit_ms = 1000 * parse_number(limit ? limit : "30", 1, 86400, "SECONDS");

	deadline = now_ms() + limit_ms;
	broken_status = STATUS_BROKEN;

	catch_signals(bare);
	if (!bare) {
		netns_enter();
		netns_pin(path);
	}
	if (path) {
		stay_on_one_cpu();
		start_capture(path);
		run_capture_until(&capture.listening, "listening");
	}
	start(&command_pid, argv + optind, STDOUT_FILENO, STDERR_FILENO);
	while (command_status == -1)
		if (!turn(deadline))
			hung(argv[optind], limit_ms, path);
	if (path)
		stop_capture();
	expect_no_leftovers();
	if (WIFSIGNALED(command_status))
		broken("%s: killed by SIG%s", argv[optind], sigabbrev_np(WTERMSIG(command_status)));
	return WEXITSTATUS(command_status);
}
