#include "fact.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "must.h"

static void end_fact(void)
{
	if (putchar('\n') == EOF || fflush(stdout) == EOF)
		die("stdout: %s", errno_name(errno));
}

long fact(long result, const char *format, ...)
{
	int err = errno; /* taken before stdio may overwrite it */
	va_list args;

	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	if (result == -1)
		printf(": %s", errno_name(err));
	else
		printf(": %ld", result);
	end_fact();
	errno = err;
	return result;
}

void fact_text(const char *name, const char *format, ...)
{
	va_list args;

	printf("%s: ", name);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	end_fact();
}

void fact_errno(const char *name, int err)
{
	fact_text(name, "%s", err ? errno_name(err) : "0");
}

const char *result_text(long result)
{
	static _Thread_local char number[24];

	snprintf(number, sizeof(number), "%ld", result);
	return result == -1 ? errno_name(errno) : number;
}

const char *poll_mask(int revents)
{
	static const struct {
		int bit;
		const char *name;
	} bits[] = {{POLLIN, "IN"},   {POLLPRI, "PRI"}, {POLLOUT, "OUT"},  {POLLRDHUP, "RDHUP"},
		    {POLLERR, "ERR"}, {POLLHUP, "HUP"}, {POLLNVAL, "NVAL"}};
	static _Thread_local char text[64];
	size_t used = 0;

	text[0] = '\0';
	for (size_t i = 0; i < sizeof(bits) / sizeof(bits[0]); i++) {
		if (!(revents & bits[i].bit))
			continue;
		used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%s", used ? " " : "",
					 bits[i].name);
	}
	return used ? text : "none";
}
