#include "packet.h"

#include <netinet/in.h>
#include <pcap/dlt.h>
#include <string.h>

/* What is left of a packet: `captured` bytes at `at`, `length` of them on the wire. */
struct rest {
	const uint8_t *at;
	size_t captured, length;
};

enum {
	ETHERTYPE_IPV4 = 0x0800,
	ETHERTYPE_IPV6 = 0x86dd,
	ETHERTYPE_QTAG = 0x8100, /* 802.1Q */
	ETHERTYPE_QINQ = 0x88a8, /* 802.1ad */
	OPTION_END = 0,
	OPTION_NOP = 1,
	OPTION_MSS = 2,
	OPTION_WSCALE = 3,
	NOTHING_FOLLOWS = 59, /* IPv6, RFC 8200 4.7 */
	NO_PROTOCOL = 255
};

static uint16_t get16(const uint8_t *at)
{
	return (uint16_t)(at[0] << 8 | at[1]);
}

static uint32_t get32(const uint8_t *at)
{
	return (uint32_t)get16(at) << 16 | get16(at + 2);
}

static void skip(struct rest *rest, size_t size)
{
	rest->at += size;
	rest->captured -= size;
	rest->length -= size;
}

static enum decoded damaged(struct reason *why, const char *what, size_t is, size_t should)
{
	because(why, "%s (%zu of %zu bytes)", what, is, should);
	return DAMAGED;
}

static bool has(const struct rest *rest, size_t size, const char *what, struct reason *why)
{
	if (rest->length < size)
		return because(why, "%s does not fit (%zu of %zu bytes)", what, rest->length, size);
	if (rest->captured < size)
		return because(why, "%s cut off (%zu of %zu bytes)", what, rest->captured, size);
	return true;
}

static void read_options(const uint8_t *at, size_t size, struct packet *out)
{
	out->mss = -1;
	out->wscale = -1;
	while (size > 0 && at[0] != OPTION_END) {
		size_t length = at[0] == OPTION_NOP ? 1 : size > 1 ? at[1] : 0;

		if (length == 0 || length > size || (length == 1 && at[0] != OPTION_NOP))
			return; /* a receiver ignores the rest as well */
		if (at[0] == OPTION_MSS && length == 4)
			out->mss = get16(at + 2);
		if (at[0] == OPTION_WSCALE && length == 3)
			out->wscale = at[2];
		at += length;
		size -= length;
	}
}

static enum decoded read_tcp(struct rest rest, struct packet *out, struct reason *why)
{
	if (!has(&rest, 20, "TCP header", why))
		return DAMAGED;

	size_t header = (size_t)(rest.at[12] >> 4) * 4;

	if (header < 20)
		return damaged(why, "TCP data offset too small", header, 20);
	if (!has(&rest, header, "TCP header", why))
		return DAMAGED;
	out->from.port = get16(rest.at);
	out->to.port = get16(rest.at + 2);
	out->seq = get32(rest.at + 4);
	out->ack = get32(rest.at + 8);
	out->flags = rest.at[13];
	out->window = get16(rest.at + 14);
	out->urgent = get16(rest.at + 18);
	out->bytes = (uint32_t)(rest.length - header);
	read_options(rest.at + 20, header - 20, out);
	return DECODED;
}

static enum decoded read_udp(struct rest rest, bool fragment, struct packet *out,
			     struct reason *why)
{
	if (!has(&rest, 8, "UDP header", why))
		return DAMAGED;

	size_t size = get16(rest.at + 4);

	if (size < 8)
		return damaged(why, "UDP length too small", size, 8);
	if (size > rest.length && !fragment)
		return damaged(why, "UDP datagram does not fit", rest.length, size);
	out->from.port = get16(rest.at);
	out->to.port = get16(rest.at + 2);
	out->bytes = (uint32_t)(size - 8);
	if (out->to.port != MARKER_PORT || out->bytes != strlen(MARKER_TEXT) || fragment)
		return DECODED;
	if (!has(&rest, size, "datagram to the marker's port", why))
		return DAMAGED;
	out->marker = memcmp(rest.at + 8, MARKER_TEXT, strlen(MARKER_TEXT)) == 0;
	return DECODED;
}

static enum decoded read_ip(struct rest rest, bool quoted, struct packet *out, struct reason *why);

/* Errors carry the head of the packet they are about: it names the connection. */
static enum decoded read_icmp(struct rest rest, struct packet *out, struct reason *why)
{
	if (!has(&rest, 8, "ICMP header", why))
		return DAMAGED;

	uint8_t type = rest.at[0], code = rest.at[1];
	bool six = out->protocol == ICMP6;
	bool echo = six ? type == 128 || type == 129 : type == 0 || type == 8;
	bool error =
		six ? type < 128 : type == 3 || type == 4 || type == 5 || type == 11 || type == 12;

	if (!echo && !error)
		return NOT_OURS;
	if (echo) { /* no ports: who asks is told from who answers by these */
		bool reply = type == 0 || type == 129;

		out->from.port = reply;
		out->to.port = !reply;
	}
	if (error) {
		struct packet quote = {0};

		skip(&rest, 8);
		if (read_ip(rest, true, &quote, why) == DAMAGED)
			return DAMAGED;
		out->from = quote.to;
		out->to = quote.from;
		out->flow = quote.flow;
	}
	out->type = type;
	out->code = code;
	out->error = error;
	return DECODED;
}

/* A quoted header may end after its ports. */
static enum decoded read_quote(struct rest rest, uint8_t protocol, struct packet *out,
			       struct reason *why)
{
	out->flow = protocol;
	if (protocol != IPPROTO_TCP && protocol != IPPROTO_UDP)
		return DECODED;
	if (!has(&rest, 4, "quoted header", why))
		return DAMAGED;
	out->from.port = get16(rest.at);
	out->to.port = get16(rest.at + 2);
	return DECODED;
}

struct fragment {
	bool any, later; /* any: a part of a datagram; later: not its first */
};

static enum decoded read_transport(struct rest rest, uint8_t protocol, struct fragment fragment,
				   struct packet *out, struct reason *why)
{
	out->flow = protocol;
	if (protocol == IPPROTO_TCP && fragment.any) {
		because(why, "a fragment of a TCP segment");
		return DAMAGED;
	}
	if (fragment.later)
		return NOT_OURS;
	switch (protocol) {
	case IPPROTO_TCP: out->protocol = TCP; return read_tcp(rest, out, why);
	case IPPROTO_UDP: out->protocol = UDP; return read_udp(rest, fragment.any, out, why);
	case IPPROTO_ICMP: out->protocol = ICMP; return read_icmp(rest, out, why);
	case IPPROTO_ICMPV6: out->protocol = ICMP6; return read_icmp(rest, out, why);
	default: return NOT_OURS;
	}
}

/* Leave in `rest` what IP says its packet is; Ethernet pads short ones. A size of 0 is written
 * for segments over 64 KiB (BIG TCP): only the wire knows their length. */
static bool cut_to(struct rest *rest, size_t size, bool quoted, struct reason *why)
{
	if (size > rest->length && !quoted)
		return because(why, "IP packet does not fit (%zu of %zu bytes)", rest->length,
			       size);
	if (size < rest->length)
		rest->length = size;
	if (rest->captured > rest->length)
		rest->captured = rest->length;
	return true;
}

static enum decoded read_ipv4(struct rest rest, bool quoted, struct packet *out, struct reason *why)
{
	if (!has(&rest, 20, "IPv4 header", why))
		return DAMAGED;

	size_t header = (size_t)(rest.at[0] & 0x0f) * 4, size = get16(rest.at + 2);
	uint16_t fragment = get16(rest.at + 6);
	uint8_t protocol = rest.at[9];
	static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};

	if (header < 20)
		return damaged(why, "IPv4 header too small", header, 20);
	if (size != 0 && size < header)
		return damaged(why, "IPv4 length too small", size, header);
	if (!cut_to(&rest, size ? size : rest.length, quoted, why) ||
	    !has(&rest, header, "IPv4 header", why))
		return DAMAGED;
	memcpy(out->from.address, mapped, 12);
	memcpy(out->from.address + 12, rest.at + 12, 4);
	memcpy(out->to.address, mapped, 12);
	memcpy(out->to.address + 12, rest.at + 16, 4);
	skip(&rest, header);
	if (quoted)
		return read_quote(rest, protocol, out, why);
	return read_transport(rest, protocol,
			      (struct fragment){.any = (fragment & 0x3fff) != 0,
						.later = (fragment & 0x1fff) != 0},
			      out, why);
}

/* RFC 8200 4: headers of 8 or more bytes chained in front of the transport. */
static bool skip_extensions(struct rest *rest, uint8_t *next, struct fragment *fragment,
			    struct reason *why)
{
	for (;;) {
		size_t size;

		switch (*next) {
		case IPPROTO_HOPOPTS:
		case IPPROTO_ROUTING:
		case IPPROTO_DSTOPTS:
		case IPPROTO_FRAGMENT:
		case IPPROTO_AH: break;
		default: return true;
		}
		if (!has(rest, 8, "IPv6 extension header", why))
			return false;
		size = (rest->at[1] + (size_t)1) * 8;
		if (*next == IPPROTO_AH) /* counts words, RFC 4302 2.2 */
			size = (rest->at[1] + (size_t)2) * 4;
		if (*next == IPPROTO_FRAGMENT) {
			uint16_t where = get16(rest->at + 2);

			size = 8;
			fragment->later = (where & 0xfff8) != 0;
			fragment->any = fragment->later || (where & 1) != 0;
		}
		*next = rest->at[0];
		if (!has(rest, size, "IPv6 extension header", why))
			return false;
		skip(rest, size);
		if (fragment->later)
			return true; /* what follows is the middle of something */
	}
}

static enum decoded read_ipv6(struct rest rest, bool quoted, struct packet *out, struct reason *why)
{
	struct fragment fragment = {false, false};

	if (!has(&rest, 40, "IPv6 header", why))
		return DAMAGED;

	size_t size = get16(rest.at + 4);
	uint8_t next = rest.at[6];

	memcpy(out->from.address, rest.at + 8, 16);
	memcpy(out->to.address, rest.at + 24, 16);
	if (next == NOTHING_FOLLOWS)
		return NOT_OURS;
	if (!cut_to(&rest, size ? size + 40 : rest.length, quoted, why))
		return DAMAGED;
	skip(&rest, 40);
	if (!skip_extensions(&rest, &next, &fragment, why))
		return DAMAGED;
	if (quoted)
		return read_quote(rest, fragment.later ? NO_PROTOCOL : next, out, why);
	return read_transport(rest, next, fragment, out, why);
}

static enum decoded read_ip(struct rest rest, bool quoted, struct packet *out, struct reason *why)
{
	if (!has(&rest, 1, "IP header", why))
		return DAMAGED;
	if (rest.at[0] >> 4 == 4)
		return read_ipv4(rest, quoted, out, why);
	if (rest.at[0] >> 4 == 6)
		return read_ipv6(rest, quoted, out, why);
	because(why, "IP version %d", rest.at[0] >> 4);
	return DAMAGED;
}

static enum decoded read_ethertype(struct rest rest, uint16_t type, struct packet *out,
				   struct reason *why)
{
	while (type == ETHERTYPE_QTAG || type == ETHERTYPE_QINQ) {
		if (!has(&rest, 4, "802.1Q tag", why))
			return DAMAGED;
		type = get16(rest.at + 2);
		skip(&rest, 4);
	}
	if (type != ETHERTYPE_IPV4 && type != ETHERTYPE_IPV6)
		return NOT_OURS;
	return read_ip(rest, false, out, why);
}

/* The address family as the writing machine numbers it: 2 is IPv4 everywhere, IPv6 is 10, 24, 28
 * or 30. DLT_NULL has it in that machine's byte order, DLT_LOOP in network order. */
static enum decoded read_null(struct rest rest, struct packet *out, struct reason *why)
{
	uint32_t family = get32(rest.at);

	if (family > 0xffff)
		family = __builtin_bswap32(family);
	skip(&rest, 4);
	if (family != 2 && family != 10 && family != 24 && family != 28 && family != 30)
		return NOT_OURS;
	return read_ip(rest, false, out, why);
}

/* The size of each link layer's header, pcap-linktype(7). */
static int header_size(int link)
{
	switch (link) {
	case DLT_EN10MB: return 14;
	case DLT_LINUX_SLL: return 16;
	case DLT_LINUX_SLL2: return 20;
	case DLT_NULL:
	case DLT_LOOP: return 4;
	case DLT_RAW:
	case DLT_IPV4:
	case DLT_IPV6: return 0;
	default: return -1;
	}
}

bool packet_link_known(int link)
{
	return header_size(link) >= 0;
}

enum decoded packet_decode(int link, const uint8_t *data, size_t captured, size_t length,
			   struct packet *out, struct reason *why)
{
	struct rest rest = {data, captured, length};
	int header = header_size(link);
	uint16_t type = 0;

	*out = (struct packet){.mss = -1, .wscale = -1};
	if (header < 0) {
		because(why, "link type %d", link);
		return DAMAGED;
	}
	if (captured > length) {
		because(why, "more captured than on the wire (%zu of %zu bytes)", captured, length);
		return DAMAGED;
	}
	if (!has(&rest, (size_t)header, "link header", why))
		return DAMAGED;
	switch (link) {
	case DLT_NULL:
	case DLT_LOOP: return read_null(rest, out, why);
	case DLT_EN10MB: type = get16(data + 12); break;
	case DLT_LINUX_SLL: type = get16(data + 14); break;
	case DLT_LINUX_SLL2: type = get16(data); break;
	default: return read_ip(rest, false, out, why);
	}
	skip(&rest, (size_t)header);
	return read_ethertype(rest, type, out, why);
}
