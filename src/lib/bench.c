#include "bench.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "must.h"
#include "netns.h"

enum { LABELS = 16 };

static const char *labels[LABELS];
static int labelled;

static void write_setting(const char *path, const char *value)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd == -1 || write(fd, value, strlen(value)) == -1)
		impossible("%s: cannot set '%s': %s", path, value, errno_name(errno));
	must(close(fd));
}

void bench_scene(bool ethernet, const char *congestion)
{
	netns_enter();
	netns_pin(ethernet);
	/* Pinned for the sake of one segment after the other, and what Linux does otherwise. */
	write_setting("/proc/sys/net/ipv4/tcp_early_retrans", "3");
	write_setting("/proc/sys/net/ipv4/tcp_autocorking", "1");
	/* Room for every connection of a run in TIME_WAIT, so that none must be looked for. */
	write_setting("/proc/sys/net/ipv4/ip_local_port_range", "1024 65535");
	if (congestion)
		write_setting("/proc/sys/net/ipv4/tcp_congestion_control", congestion);
}

void bench_pin(int processor)
{
	cpu_set_t set;

	if (processor < 0)
		return;
	CPU_ZERO(&set);
	CPU_SET((size_t)processor, &set);
	if (sched_setaffinity(0, sizeof(set), &set) == -1)
		usage_error("no processor %d here", processor);
}

void bench_label(const char *text)
{
	if (!strchr(text, '=') || strpbrk(text, "\"\\\n"))
		usage_error("'%s' is not KEY=VALUE", text);
	if (labelled == LABELS)
		usage_error("more than %d labels", LABELS);
	labels[labelled++] = text;
}

void bench_begin(void)
{
	putchar('{');
	for (int i = 0; i < labelled; i++)
		printf("\"%.*s\": \"%s\", ", (int)strcspn(labels[i], "="), labels[i],
		       strchr(labels[i], '=') + 1);
}

double bench_now(clockid_t clock)
{
	struct timespec time;

	must(clock_gettime(clock, &time));
	return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

double bench_time(const struct timeval *time)
{
	return (double)time->tv_sec * 1e6 + (double)time->tv_usec;
}

double bench_us(const struct rusage *usage)
{
	return bench_time(&usage->ru_utime) + bench_time(&usage->ru_stime);
}
