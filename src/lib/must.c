#include "must.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int broken_status = EXIT_BROKEN;

const char *errno_name(int err)
{
	static _Thread_local char unnamed[24];
	const char *name = strerrorname_np(err);

	if (name)
		return name;
	snprintf(unnamed, sizeof(unnamed), "errno %d", err);
	return unnamed;
}

static void say(const char *format, va_list args)
{
	char line[1024];
	size_t room = sizeof(line) - 1;
	int head = snprintf(line, room, "%s: ", program_invocation_short_name);
	size_t used = head < 0 ? 0 : (size_t)head;
	int body = vsnprintf(line + used, room - used, format, args);

	used += body < 0 ? 0 : (size_t)body;
	if (used > room - 1)
		used = room - 1;
	line[used++] = '\n';
	if (write(STDERR_FILENO, line, used) < 0)
		return; /* nowhere left to complain to */
}

void complain(const char *format, ...)
{
	int saved = errno;
	va_list args;

	va_start(args, format);
	say(format, args);
	va_end(args);
	errno = saved;
}

/* Facts already printed are flushed by exit(): they tell how far the scene came. */
#define DIE_WITH(status)                                                                           \
	do {                                                                                       \
		va_list args;                                                                      \
                                                                                                   \
		va_start(args, format);                                                            \
		say(format, args);                                                                 \
		va_end(args);                                                                      \
		exit(status);                                                                      \
	} while (0)

void die(const char *format, ...)
{
	DIE_WITH(broken_status);
}

void usage_error(const char *format, ...)
{
	DIE_WITH(EXIT_USAGE);
}

void impossible(const char *format, ...)
{
	DIE_WITH(EXIT_IMPOSSIBLE);
}

int must_int(int result, const char *call)
{
	if (result == -1)
		die("%s: %s", call, errno_name(errno));
	return result;
}

ssize_t must_ssize(ssize_t result, const char *call)
{
	if (result == -1)
		die("%s: %s", call, errno_name(errno));
	return result;
}

void *must_pointer(void *result, const char *call)
{
	if (!result)
		die("%s: %s", call, errno_name(errno));
	return result;
}

long parse_number(const char *text, long low, long high, const char *what)
{
	char *end;

	errno = 0;
	long value = strtol(text, &end, 10);

	if (errno || end == text || *end || value < low || value > high)
		usage_error("%s: '%s' is not a number from %ld to %ld", what, text, low, high);
	return value;
}
