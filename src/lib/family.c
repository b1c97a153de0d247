#include "family.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "must.h"
#include "proc.h"

int family = AF_INET;

static socklen_t address(const struct in6_addr *six, in_addr_t four, int port,
			 struct sockaddr_storage *out)
{
	struct sockaddr_in in = {.sin_family = AF_INET,
				 .sin_addr.s_addr = htonl(four),
				 .sin_port = htons((uint16_t)port)};
	struct sockaddr_in6 in6 = {
		.sin6_family = AF_INET6, .sin6_addr = *six, .sin6_port = htons((uint16_t)port)};

	memset(out, 0, sizeof(*out));
	if (family == AF_INET6)
		memcpy(out, &in6, sizeof(in6));
	else
		memcpy(out, &in, sizeof(in));
	return family == AF_INET6 ? sizeof(in6) : sizeof(in);
}

socklen_t loopback_address(int port, struct sockaddr_storage *out)
{
	return address(&in6addr_loopback, INADDR_LOOPBACK, port, out);
}

socklen_t any_address(int port, struct sockaddr_storage *out)
{
	return address(&in6addr_any, INADDR_ANY, port, out);
}

/* A player: the process that plays the scene, and its facts, line by line. */
struct player {
	pid_t pid;
	FILE *facts;
};

static struct player begin(void (*scene)(void))
{
	struct player player;
	int ends[2];

	must(pipe(ends));
	player.pid = must_fork();
	if (player.pid == 0) {
		must(dup2(ends[1], STDOUT_FILENO));
		must(close(ends[0]));
		must(close(ends[1]));
		scene();
		exit(0);
	}
	must(close(ends[1]));
	player.facts = must_ptr(fdopen(ends[0], "r"));
	return player;
}

static int end(struct player *player, const char *name)
{
	int status = reap(player->pid);

	fclose(player->facts);
	if (WIFSIGNALED(status))
		die("%s: ended by signal %d", name, WTERMSIG(status));
	return WEXITSTATUS(status);
}

static void say(const char *name, const char *between, const char *line)
{
	if (fputs(name, stdout) == EOF || fputs(between, stdout) == EOF ||
	    fputs(line, stdout) == EOF || fflush(stdout) == EOF)
		die("stdout: %s", errno_name(errno));
}

/* Facts are compared in their order: after one that differs the rest mostly does, too. */
static void compare(FILE *seen, FILE *expected, const char *name)
{
	char *line = NULL, *other = NULL;
	size_t size = 0, other_size = 0;
	bool same = true;

	while (getline(&line, &size, seen) > 0) {
		bool more = getline(&other, &other_size, expected) > 0;

		if (more && strcmp(line, other) == 0)
			continue;
		if (more)
			say(name, " not: ", other);
		say(name, ": ", line);
		same = false;
	}
	while (getline(&other, &other_size, expected) > 0) {
		say(name, " not: ", other);
		same = false;
	}
	if (same)
		say(name, ": ", "the same\n");
	free(line);
	free(other);
}

int over_both(void (*first)(void), void (*second)(void), const char *name)
{
	char *line = NULL, *text = NULL;
	size_t size = 0, length = 0;
	int status;

	FILE *kept = must_ptr(open_memstream(&text, &length));
	struct player player = begin(first);

	while (getline(&line, &size, player.facts) > 0) {
		say("", "", line);
		fputs(line, kept);
	}
	free(line);
	must(fclose(kept));
	status = end(&player, "the scene");
	if (status == 0) {
		/* An empty text is no text to fmemopen(). */
		FILE *expected = must_ptr(fmemopen(text, length ? length : 1, "r"));

		player = begin(second);
		compare(player.facts, expected, name);
		status = end(&player, name);
		fclose(expected);
	}
	free(text);
	return status;
}

static void need_ipv6(void)
{
	int fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd == -1)
		impossible("no IPv6: socket: %s", errno_name(errno));
	must(close(fd));
}

static void (*played)(void);

static void play_over_ipv6(void)
{
	family = AF_INET6;
	played();
}

int over_both_families(void (*scene)(void))
{
	need_ipv6();
	played = scene;
	return over_both(scene, play_over_ipv6, "over IPv6");
}
