#include "variants.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "family.h"
#include "must.h"
#include "net.h"
#include "proc.h"
#include "unix.h"

/* A player: the process that plays the scene, and its facts, line by line. */
struct player {
	pid_t pid;
	FILE *facts;
};

static struct player begin(const struct variant *variant, int *which, void (*scene)(void))
{
	struct player player;
	int ends[2];

	must(pipe(ends));
	player.pid = must_fork();
	if (player.pid == 0) {
		*which = variant->value;
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

static int end(const struct player *player, const struct variant *variant)
{
	int status = reap(player->pid);

	fclose(player->facts);
	if (WIFSIGNALED(status))
		die("%s: ended by signal %d", variant->name, WTERMSIG(status));
	return WEXITSTATUS(status);
}

static void say(const char *format, const char *name, const char *line)
{
	if (printf(format, name, line) < 0 || fflush(stdout) == EOF)
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
			say("%s not: %s", name, other);
		say("%s: %s", name, line);
		same = false;
	}
	while (getline(&other, &other_size, expected) > 0) {
		say("%s not: %s", name, other);
		same = false;
	}
	if (same)
		say("%s: %s", name, "the same\n");
	free(line);
	free(other);
}

int play_variants(const struct variant *variants, int count, int *which, void (*scene)(void))
{
	char *line = NULL, *text = NULL;
	size_t size = 0, length = 0;
	FILE *kept = must_ptr(open_memstream(&text, &length));
	struct player player = begin(&variants[0], which, scene);

	while (getline(&line, &size, player.facts) > 0) {
		say("%s%s", "", line);
		fputs(line, kept);
	}
	free(line);
	must(fclose(kept));

	int status = end(&player, &variants[0]);

	for (int i = 1; i < count && status == 0; i++) {
		/* An empty text is no text to fmemopen(). */
		FILE *expected = must_ptr(length > 0 ? fmemopen(text, length, "r")
						     : fopen("/dev/null", "re"));

		player = begin(&variants[i], which, scene);
		compare(player.facts, expected, variants[i].name);
		status = end(&player, &variants[i]);
		fclose(expected);
	}
	free(text);
	return status;
}

int unix_type_played = SOCK_STREAM;

static const struct variant unix_types[] = {{"over STREAM", SOCK_STREAM},
					    {"over SEQPACKET", SOCK_SEQPACKET},
					    {"over DGRAM", SOCK_DGRAM}};

int over_unix_types(void (*scene)(void))
{
	return play_variants(unix_types, 3, &unix_type_played, scene);
}

int over_connected_unix_types(void (*scene)(void))
{
	return play_variants(unix_types, 2, &unix_type_played, scene);
}

int over_record_unix_types(void (*scene)(void))
{
	return play_variants(unix_types + 1, 2, &unix_type_played, scene);
}

void unix_pair(int ends[2])
{
	must(socketpair(AF_UNIX, unix_type_played | SOCK_CLOEXEC, 0, ends));
}

bool tcp_played;

enum { TCP4, TCP6, STREAM, SEQPACKET };
static int connected;
static void (*connected_scene)(void);

static void play_connected(void)
{
	tcp_played = connected <= TCP6;
	family = connected == TCP6 ? AF_INET6 : AF_INET;
	unix_type_played = connected == SEQPACKET ? SOCK_SEQPACKET : SOCK_STREAM;
	connected_scene();
}

int over_connected_types(void (*scene)(void))
{
	static const struct variant types[] = {{"TCP", TCP4},
					       {"over IPv6", TCP6},
					       {"AF_UNIX STREAM", STREAM},
					       {"AF_UNIX SEQPACKET", SEQPACKET}};

	connected_scene = scene;
	return play_variants(types, 4, &connected, play_connected);
}

void connected_pair(int ends[2])
{
	if (tcp_played)
		tcp_pair(ends);
	else
		unix_pair(ends);
}

int connected_socket(void)
{
	return tcp_played ? must(socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0))
			  : must(socket(AF_UNIX, unix_type_played | SOCK_CLOEXEC, 0));
}

int connected_listener(int backlog)
{
	return tcp_played ? listen_loopback(backlog) : unix_listener(unix_type_played, backlog);
}
