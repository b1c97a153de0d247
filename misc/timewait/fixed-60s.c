/*
 * timewait/fixed-60s: TIME_WAIT lasts a minute, whatever tcp_fin_timeout says.
 *
 * The time is a constant of the kernel (TCP_TIMEWAIT_LEN). Advice to shorten it by the sysctl
 * net.ipv4.tcp_fin_timeout is everywhere, and wrong: that rules how long an orphan waits in
 * FIN_WAIT2 (timewait/finwait2-orphan-timeout). Here it is set to 20 s, and two connections are
 * ended by the client first: of one the server has not closed its end yet, the other is in
 * TIME_WAIT. The kernel itself tells how long it will keep each, in /proc/net/tcp.
 *
 * So the number of connections that a client may open and close to one server is limited to its
 * ports a minute; no sysctl about time changes that. Keep connections open, or let the peer close
 * first.
 */
#include <netinet/tcp.h>
#include <stdio.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/family.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/proc.h"

/* Seconds until the timer of the one socket in `state` on `port` rings, as proc(5) has it; the
 * timer's kind, 3, is TIME_WAIT's, which the kernel uses for orphans in FIN_WAIT2, too. -1 where
 * there is none. */
static long seconds_left(int port, int state)
{
	FILE *file = must_ptr(fopen(family == AF_INET6 ? "/proc/net/tcp6" : "/proc/net/tcp", "re"));
	unsigned line_port, line_state, timer;
	unsigned long when;
	long seconds = -1;
	char line[256];

	while (fgets(line, sizeof(line), file))
		/* NOLINTNEXTLINE(cert-err34-c): the kernel's own numbers fit */
		if (sscanf(line, " %*d: %*x:%x %*x:%*x %x %*x:%*x %x:%lx", &line_port, &line_state,
			   &timer, &when) == 4 &&
		    (int)line_port == port && (int)line_state == state && timer == 3)
			seconds = (long)when / sysconf(_SC_CLK_TCK);
	fclose(file);
	return seconds;
}

static void fact_between(long seconds, long low, long high, const char *what)
{
	if (low <= seconds && seconds <= high)
		fact_text(what, "yes");
	else
		fact_text(what, "no, %ld", seconds);
}

static void scene(void)
{
	int waiting[2], ended[2];

	set_sysctl("net.ipv4.tcp_fin_timeout", "20");
	tcp_pair(waiting);
	tcp_pair(ended);

	int waiting_port = local_port(waiting[CLIENT]), ended_port = local_port(ended[CLIENT]);

	close_in_fin_wait2(waiting[CLIENT]);
	must(close(ended[CLIENT]));
	await_hangup(ended[SERVER]);
	must(close(ended[SERVER]));
	/* A socket is in FIN_WAIT2 a moment before it becomes one of those with that timer. */
	while (seconds_left(ended_port, TCP_TIME_WAIT) == -1 ||
	       seconds_left(waiting_port, TCP_FIN_WAIT2) == -1)
		nap();
	fact_between(seconds_left(ended_port, TCP_TIME_WAIT), 21, 60,
		     "client in TIME_WAIT, 21 to 60 s left");
	fact_between(seconds_left(waiting_port, TCP_FIN_WAIT2), 0, 20,
		     "client in FIN_WAIT2, 0 to 20 s left");
}

int main(void)
{
	return over_both_families(scene);
}
