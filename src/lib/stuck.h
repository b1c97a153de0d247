/*
 * stuck: the socket calls that block, each on a socket on which it does: nothing to read, no room
 * to send, nobody to accept, no answer to the SYN. For interrupt.h.
 */
#ifndef CSDESIGN_STUCK_H
#define CSDESIGN_STUCK_H

#include "interrupt.h"

enum { STUCK_RECV, STUCK_SEND, STUCK_ACCEPT, STUCK_CONNECT, STUCKS };
extern const struct blocking stuck[STUCKS];

/* Make the sockets, with SO_RCVTIMEO and SO_SNDTIMEO of so many seconds, or without where that is
 * 0. send() is on a Unix-domain socket, the only one that surely stays full. */
void stuck_set_up(int seconds);

#endif
