/*
 * track: which connection each packet belongs to, who its client is, and what in it is new.
 */
#ifndef CSDESIGN_TRACK_H
#define CSDESIGN_TRACK_H

#include <stdbool.h>
#include <stddef.h>

#include "packet.h"

/*
 * Fill in what only the packets before tell (struct packet, the last part), for packets in the
 * order they were captured. Returns false when there is no memory.
 *
 * The client is who sent the connection's first packet: its SYN. A SYN with another initial
 * sequence number between the same two ends begins a new connection where the old one was reset,
 * was closed by both sides or never had an answer; otherwise it belongs to the old one.
 *
 * Numbers are relative to the sender's SYN, so that the first byte is 1, as tcpdump counts. Where
 * the capture lacks the SYN, the first byte seen or acknowledged is 1. A RST with sequence number
 * 0 (the answer to a segment without ACK, RFC 9293 3.10.7.1) stays 0: nobody chose that number.
 */
bool track(struct packet *packets, size_t count);

#endif
