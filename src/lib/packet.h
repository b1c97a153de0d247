/*
 * packet: the bytes of one captured packet, decoded: link layer, IP, then TCP, UDP or ICMP.
 *
 * Captures are taken with a short snapshot length, so sizes come from the headers, never from the
 * number of captured bytes; only headers must be there. Nothing in a packet is trusted: every
 * length is checked against what was captured and against the layer around it.
 */
#ifndef CSDESIGN_PACKET_H
#define CSDESIGN_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "reason.h"

/* The payload of the datagram, to UDP port 9 (discard, RFC 863), that ends a capture. */
#define MARKER_PORT 9
#define MARKER_TEXT "csdesign: end of scene\n"

enum protocol { TCP, UDP, ICMP, ICMP6 };

/* RFC 9293 3.1, and RFC 3168 for the two of ECN. */
enum tcp_flag {
	FIN = 0x01,
	SYN = 0x02,
	RST = 0x04,
	PSH = 0x08,
	ACK = 0x10,
	URG = 0x20,
	ECE = 0x40,
	CWR = 0x80
};

/* IPv4 addresses are written as IPv6 does it (::ffff:1.2.3.4, RFC 4291 2.5.5.2). */
struct endpoint {
	uint8_t address[16];
	uint16_t port;
};

struct packet {
	int64_t time;         /* ns since the epoch */
	uint32_t number;      /* in the capture file, from 1 */
	struct endpoint from; /* of an ICMP error: the addressee of the packet it quotes ... */
	struct endpoint to;   /* ... and that packet's sender */
	uint8_t protocol;     /* enum protocol */
	uint8_t flow;         /* the same, but of an ICMP error the IP protocol of what it quotes */
	bool error;           /* ICMP: an error message, not an echo */
	bool marker;          /* the end of the scene */
	uint8_t flags;        /* enum tcp_flag */
	uint8_t type, code;   /* ICMP */
	int16_t wscale;       /* shift count, -1 without the option */
	int32_t mss;          /* -1 without the option */
	uint16_t window;      /* as sent, unscaled */
	uint16_t urgent;      /* the urgent pointer; of no meaning without URG */
	uint32_t bytes;       /* payload */
	uint32_t seq, ack;    /* as sent */

	/* What only the packets before it tell; track() fills these in. */
	uint32_t connection;     /* from 0, by first appearance */
	uint32_t rel_seq;        /* counted from the sender's SYN */
	uint32_t rel_ack;        /* counted from the other's SYN */
	uint32_t fresh;          /* of `bytes`, how many were not on the wire before */
	bool from_client, again; /* again: it carries only what was on the wire before */
};

enum decoded { DECODED, NOT_OURS, DAMAGED };

/* Whether packets of this link type (DLT_*, pcap-linktype(7)) can be decoded. */
bool packet_link_known(int link);

/*
 * Decode `captured` bytes of a packet that had `length` on the wire. NOT_OURS: not IP, or nothing
 * this reader shows (ARP, neighbour discovery, a later fragment of a datagram). DAMAGED: cut off
 * or contradicting itself, and why; a fragment of a TCP segment too, for the reader does not
 * reassemble. `number` and `time` are left to the caller.
 */
enum decoded packet_decode(int link, const uint8_t *data, size_t captured, size_t length,
			   struct packet *out, struct reason *why);

#endif
