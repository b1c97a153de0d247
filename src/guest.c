/*
 * guest - the first process of a machine that is booted to run one command: /init of an initramfs.
 *
 * It mounts what programs expect, loads the modules named in /guest/modules, runs the command in
 * /guest/command (an argument a line; the first line is its directory) with the variables in
 * /guest/environment, and tells the host about it over two serial lines of its own, which no
 * message of the kernel can disturb (those go to the console, ttyS0):
 *
 *   ttyS1  text. `@ready DEADLINE MACHINE RELEASE VERSION` once the machine is up, `@note ...` for
 *          what is missing, the command's stdout as it is, and `@done STATUS` when all is sent (128
 *          + N for signal N). DEADLINE: the seconds a test is given, by the machine's speed.
 *   ttyS2  a tar archive (POSIX.1-1988 ustar) of the files below /guest/out. A behaviour's
 * directory is sent as soon as its TAP line is seen, so that a crash loses only what was running.
 *
 * Nothing here forks but the command itself: under emulation a fork and exec costs tens of ms. The
 * machine ends with the command: by reset, which the host has QEMU turn into an exit.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "lib/must.h"

#define OUT "/guest/out"
enum { ARGUMENTS = 256, TAR_BLOCK = 512 };

static int text = -1, archive = -1; /* ttyS1, ttyS2 */

/* A first process that ends takes the kernel with it, and leaves a long trace on the console; so
 * whatever happens, the last word is said here, and the machine is reset. */
static _Noreturn void end(void)
{
	tcdrain(text);
	sync();
	reboot(RB_AUTOBOOT);
	for (;;)
		pause();
}

static void write_all(int fd, const char *data, size_t length)
{
	while (length > 0) {
		ssize_t n = write(fd, data, length);

		if (n == -1 && errno == EINTR)
			continue;
		if (n <= 0) {
			complain("serial line: %s", errno_name(errno));
			end();
		}
		data += n;
		length -= (size_t)n;
	}
}

static void say(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void say(const char *format, ...)
{
	char line[1024];
	va_list args;

	va_start(args, format);
	int length = vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	write_all(text, line, (size_t)length < sizeof(line) ? (size_t)length : sizeof(line) - 1);
}

/* A kernel without devtmpfs has the few devices all the same. */
static void make_devices(void)
{
	static const struct {
		const char *path;
		unsigned major, minor;
	} devices[] = {{"/dev/null", 1, 3},    {"/dev/zero", 1, 5},    {"/dev/full", 1, 7},
		       {"/dev/random", 1, 8},  {"/dev/urandom", 1, 9}, {"/dev/tty", 5, 0},
		       {"/dev/console", 5, 1}, {"/dev/ptmx", 5, 2},    {"/dev/ttyS0", 4, 64},
		       {"/dev/ttyS1", 4, 65},  {"/dev/ttyS2", 4, 66},  {"/dev/net/tun", 10, 200}};

	mkdir("/dev", 0755);
	mount("dev", "/dev", "devtmpfs", MS_NOSUID, NULL);
	mkdir("/dev/net", 0755);
	for (size_t i = 0; i < sizeof(devices) / sizeof(devices[0]); i++)
		mknod(devices[i].path, S_IFCHR | 0666, makedev(devices[i].major, devices[i].minor));
	symlink("/proc/self/fd", "/dev/fd");
	symlink("/proc/self/fd/0", "/dev/stdin");
	symlink("/proc/self/fd/1", "/dev/stdout");
	symlink("/proc/self/fd/2", "/dev/stderr");
}

static void mount_at(const char *type, const char *path, mode_t mode)
{
	mkdir(path, 0755);
	mount(type, path, type, MS_NOSUID | MS_NODEV, NULL);
	chmod(path, mode);
}

static int open_serial(const char *path)
{
	struct termios raw;
	int fd = open(path, O_WRONLY | O_NOCTTY | O_CLOEXEC);

	if (fd == -1 || tcgetattr(fd, &raw) == -1)
		return -1;
	cfmakeraw(&raw);
	raw.c_cflag |= CLOCAL;
	raw.c_cflag &= ~(tcflag_t)CRTSCTS;
	cfsetspeed(&raw, B115200);
	return tcsetattr(fd, TCSANOW, &raw) == -1 ? -1 : fd;
}

/* The lines of a file, in memory for good; returns how many. */
static size_t read_lines(const char *path, char **lines, size_t room)
{
	FILE *file = fopen(path, "re");
	char *line = NULL;
	size_t size = 0, count = 0;

	if (!file)
		return 0;
	while (count + 1 < room && getline(&line, &size, file) > 0) {
		line[strcspn(line, "\n")] = '\0';
		lines[count++] = must_ptr(strdup(line));
	}
	free(line);
	fclose(file);
	lines[count] = NULL;
	return count;
}

/* Run a program to its end; returns its status, 128 + N where signal N ended it. */
static int finish(pid_t pid)
{
	int status;

	/* First processes inherit orphans: reap them on the way. */
	for (pid_t ended; (ended = waitpid(-1, &status, 0)) != pid;)
		if (ended == -1 && errno != EINTR)
			return 125;
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/* Modules that a test asks for by name; all others the kernel has modprobe load when it needs them.
 */
static void load_modules(void)
{
	static char *argv[ARGUMENTS] = {"/guest/modprobe", "-q", "-a", "--"};
	int loader = open("/proc/sys/kernel/modprobe", O_WRONLY | O_CLOEXEC);

	if (loader != -1) {
		write_all(loader, argv[0], strlen(argv[0]));
		close(loader);
	}
	if (read_lines("/guest/modules", argv + 4, ARGUMENTS - 4) == 0)
		return;
	pid_t pid = must(fork());

	if (pid == 0) {
		execv(argv[0], argv);
		_exit(127);
	}
	finish(pid);
}

static void tar_number(char *field, size_t width, unsigned long long value)
{
	snprintf(field, width, "%0*llo", (int)width - 1, value);
}

static void send_file(const char *path, const char *name)
{
	struct stat info;
	union {
		struct {
			char name[100], mode[8], uid[8], gid[8], size[12], mtime[12], sum[8];
			char type, link[100], magic[6], version[2], user[32], group[32];
			char device[16], prefix[155];
		};
		char bytes[TAR_BLOCK];
	} header = {0};
	static char data[64 * TAR_BLOCK];
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	unsigned sum = 0;

	if (fd == -1 || fstat(fd, &info) == -1 || strlen(name) > sizeof(header.name)) {
		say("@note cannot send %s: %s\n", path, errno_name(errno));
		if (fd != -1)
			close(fd);
		return;
	}
	memcpy(header.name, name, strlen(name));
	tar_number(header.mode, sizeof(header.mode), 0644);
	tar_number(header.uid, sizeof(header.uid), 0);
	tar_number(header.gid, sizeof(header.gid), 0);
	tar_number(header.size, sizeof(header.size), (unsigned long long)info.st_size);
	tar_number(header.mtime, sizeof(header.mtime), (unsigned long long)info.st_mtime);
	header.type = '0';
	memcpy(header.magic, "ustar", 6);
	memcpy(header.version, "00", 2);
	memset(header.sum, ' ', sizeof(header.sum));
	for (size_t i = 0; i < TAR_BLOCK; i++)
		sum += (unsigned char)header.bytes[i];
	snprintf(header.sum, sizeof(header.sum), "%06o", sum);
	write_all(archive, header.bytes, TAR_BLOCK);
	/* Exactly the announced length, whatever the file does meanwhile. */
	for (off_t left = info.st_size; left > 0;) {
		size_t want = left < (off_t)sizeof(data) ? (size_t)left : sizeof(data);
		ssize_t got = read(fd, data, want);
		size_t block = want;

		if (got < (ssize_t)want)
			memset(data + (got > 0 ? got : 0), 0, want - (got > 0 ? (size_t)got : 0));
		while (block % TAR_BLOCK)
			data[block++] = '\0';
		write_all(archive, data, block);
		left -= (off_t)want;
	}
	close(fd);
}

/* Send what is below `path`, and remove it, so that nothing is sent twice. */
static void send_tree(const char *path)
{
	struct dirent **entries;
	int count = scandir(path, &entries, NULL, alphasort);

	for (int i = 0; i < count; i++) {
		const char *name = entries[i]->d_name;
		struct stat info;
		char below[4096];

		snprintf(below, sizeof(below), "%s/%s", path, name);
		free(entries[i]);
		if (!strcmp(strrchr(below, '/'), "/.") || !strcmp(strrchr(below, '/'), "/.."))
			continue;
		if (lstat(below, &info) == -1)
			continue;
		if (S_ISDIR(info.st_mode)) {
			send_tree(below);
			rmdir(below);
		} else if (S_ISREG(info.st_mode)) {
			send_file(below, below + strlen(OUT) + 1);
			unlink(below);
		}
	}
	if (count >= 0)
		free(entries);
}

/* `ok 3 rst/linger-zero-close: ...`: that behaviour's evidence is complete. */
static void send_evidence_of(const char *line)
{
	char id[128], path[256];

	if (sscanf(line, "ok %*u %127[a-z0-9/-]:", id) == 1 ||
	    sscanf(line, "not ok %*u %127[a-z0-9/-]:", id) == 1) {
		snprintf(path, sizeof(path), OUT "/%s", id);
		send_tree(path);
	}
}

/* Pass on what the command prints, line by line, until every writer has closed its end. */
static void forward(int from)
{
	FILE *lines = must_ptr(fdopen(from, "re"));
	char *line = NULL;
	size_t size = 0;
	ssize_t length;

	while ((length = getline(&line, &size, lines)) > 0) {
		send_evidence_of(line);
		write_all(text, line, (size_t)length);
	}
	free(line);
	fclose(lines);
}

static int run_command(int deadline)
{
	static char *argv[ARGUMENTS], *variables[ARGUMENTS], seconds[64];
	int out[2];
	pid_t pid;

	if (read_lines("/guest/command", argv, ARGUMENTS) < 2) {
		say("@note /guest/command names no command\n");
		return 125;
	}
	size_t count = read_lines("/guest/environment", variables, ARGUMENTS - 1);

	snprintf(seconds, sizeof(seconds), "CSDESIGN_DEADLINE=%d", deadline);
	variables[count] = seconds;
	variables[count + 1] = NULL;
	must(pipe2(out, O_CLOEXEC));
	pid = must(fork());
	if (pid == 0) {
		setsid();
		must(chdir(argv[0]));
		must(dup2(out[1], STDOUT_FILENO));
		execvpe(argv[1], argv + 1, variables);
		complain("%s: %s", argv[1], errno_name(errno));
		_exit(127);
	}
	close(out[1]);
	forward(out[0]);
	return finish(pid);
}

/* The time that tests are given grows with what a fork costs here: 100 us on hardware, 5 ms under
 * emulation, more where others use the cores, too. In seconds. */
static int measured_deadline(void)
{
	enum { ROUNDS = 16, SECONDS = 30, FORK_US = 300, MOST = 10 };
	struct timespec start, now;

	clock_gettime(CLOCK_MONOTONIC, &start);
	for (int i = 0; i < ROUNDS; i++) {
		pid_t pid = must(fork());

		if (pid == 0)
			_exit(0);
		finish(pid);
	}
	clock_gettime(CLOCK_MONOTONIC, &now);
	long us = (now.tv_sec - start.tv_sec) * 1000000 + (now.tv_nsec - start.tv_nsec) / 1000;
	long times = us / ROUNDS / FORK_US;

	return SECONDS * (int)(times < 1 ? 1 : times > MOST ? MOST : times);
}

/* What no claim can be tested without. */
static bool has_what_is_needed(void)
{
	if (unshare(CLONE_NEWNET) == -1) {
		say("@note no network namespaces (CONFIG_NET_NS): unshare: %s\n",
		    errno_name(errno));
		return false;
	}
	return true;
}

static void redirect(const char *path, int flags, int fd)
{
	int opened = open(path, flags);

	if (opened != -1 && opened != fd) {
		dup2(opened, fd);
		close(opened);
	}
}

int main(void)
{
	struct utsname kernel;
	char *empty = NULL;
	int status = 125, deadline;

	environ = &empty;
	setenv("PATH", "/usr/bin:/bin:/usr/sbin:/sbin", 1);
	umask(022);
	make_devices();
	redirect("/dev/null", O_RDONLY, STDIN_FILENO);
	redirect("/dev/console", O_WRONLY, STDOUT_FILENO);
	redirect("/dev/console", O_WRONLY, STDERR_FILENO);
	mount_at("proc", "/proc", 0555);
	mount_at("sysfs", "/sys", 0555);
	mount_at("tmpfs", "/tmp", 01777);
	mount_at("tmpfs", "/dev/shm", 01777);
	mkdir(OUT, 0755);

	text = open_serial("/dev/ttyS1");
	archive = open_serial("/dev/ttyS2");
	if (text == -1 || archive == -1) {
		complain("no second and third serial line (CONFIG_SERIAL_8250): %s",
			 errno_name(errno));
		end();
	}
	uname(&kernel);
	deadline = measured_deadline();
	say("@ready %d %s %s %s\n", deadline, kernel.machine, kernel.release, kernel.version);
	load_modules();
	if (has_what_is_needed())
		status = run_command(deadline);
	send_tree(OUT);
	if (access("/proc/config.gz", R_OK) == 0)
		send_file("/proc/config.gz", "config.gz");
	tcdrain(archive);
	say("@done %d\n", status);
	end();
}
