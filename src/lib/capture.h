/*
 * capture: a capture file, read by libpcap, as packets of known connections.
 *
 * A capture ends with the marker (packet.h): without it nobody knows whether the last packets were
 * written, so it is broken. Nothing after the marker is read.
 */
#ifndef CSDESIGN_CAPTURE_H
#define CSDESIGN_CAPTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "packet.h"
#include "reason.h"

/* More than this is no scene, and would cost more memory than reading a file may. */
enum { CAPTURE_LIMIT = 1 << 18 };

struct capture {
	struct packet *packets; /* TCP, UDP and ICMP only; the marker is not among them */
	size_t count;
};

/* Read pcap or pcapng, as far as the marker. `name` is for the reason, which begins with it. Takes
 * over `file`. On failure there is nothing to free. */
bool capture_read(FILE *file, const char *name, struct capture *out, struct reason *why);

/* The same for a path. */
bool capture_open(const char *path, struct capture *out, struct reason *why);

/* What of a capture is IPv4, or IPv6, as a capture of its own. False: no memory, nothing to free.
 */
bool capture_part(const struct capture *whole, bool six, struct capture *out);

void capture_free(struct capture *capture);

#endif
