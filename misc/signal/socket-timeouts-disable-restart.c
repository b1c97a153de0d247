/*
 * signal/socket-timeouts-disable-restart: with SO_RCVTIMEO or SO_SNDTIMEO socket calls end with
 * EINTR at a handler, SA_RESTART or not.
 *
 * A call that is started again would start its timeout again, too, and with a signal every second a
 * timeout of two would never come. The kernel keeps no note of how much is left, so it gives the
 * call back to the program instead. Each of the four is asleep, in a process of its own, when the
 * signal comes; recv() and accept() heed the one option, send() and connect() the other. Without
 * timeouts all four go on.
 *
 * So setting a timeout on a socket turns EINTR on, for every call on it, in a program that had
 * never to think of it because all its handlers have SA_RESTART.
 */
#include <signal.h>
#include <stdio.h>

#include "lib/interrupt.h"
#include "lib/stuck.h"

static void interrupt_all(const char *timeouts)
{
	for (int i = 0; i < STUCKS; i++) {
		struct blocking blocking = stuck[i];
		char name[64];

		snprintf(name, sizeof(name), "%s, %s", blocking.name, timeouts);
		blocking.name = name;
		fact_interrupted(&blocking, SA_RESTART);
	}
}

int main(void)
{
	stuck_set_up(1000);
	interrupt_all("timeouts");
	stuck_set_up(0);
	interrupt_all("no timeouts");
	return 0;
}
