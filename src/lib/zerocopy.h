/*
 * zerocopy: the notifications of MSG_ZEROCOPY (Documentation/networking/msg_zerocopy.rst).
 *
 * A send() with that flag on a socket with SO_ZEROCOPY lends memory to the kernel. The calls are
 * numbered from 0; when the memory of some is free again, their numbers come as a range in the
 * socket's error queue.
 */
#ifndef CSDESIGN_ZEROCOPY_H
#define CSDESIGN_ZEROCOPY_H

#include <stdbool.h>
#include <time.h>

#include <linux/errqueue.h> /* wants struct timespec */

/* Opt in; impossible where the kernel does not know the option. */
void zerocopy_enable(int fd);

/* Wait until the peer's kernel has all that was sent on a TCP socket: over loopback the memory is
 * free then, and the notification there. */
void zerocopy_await(int fd);

/* Take one notification; false, with errno, if there is none. */
bool zerocopy_notice(int fd, struct sock_extended_err *notice);

#endif
