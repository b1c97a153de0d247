/*
 * takeover: one listener of a port is closed while another stays, with clients in the queue.
 */
#ifndef CSDESIGN_TAKEOVER_H
#define CSDESIGN_TAKEOVER_H

#include <stdbool.h>

/* Whether the kernel knows net.ipv4.tcp_migrate_req, which decides what becomes of the queue. */
bool can_migrate(void);

/* Two clients wait at a listener with SO_REUSEPORT; a second listener binds the same port; the
 * first is closed; a third client comes. Prints what the clients and the second listener get. */
void take_over(void);

#endif
