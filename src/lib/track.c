#include "track.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

/* Sequence numbers [from, to) that were passed over: lost or overtaken. */
struct hole {
	uint32_t from, to;
};

enum { HOLES = 8 };

/* What one side of a connection has sent. */
struct side {
	bool known, syn, started, fin;
	uint32_t base; /* its sequence numbers count from here */
	uint32_t next; /* after the highest one sent */
	int holes;
	struct hole hole[HOLES];
};

struct flow {
	uint8_t protocol;
	struct endpoint low, high;
	bool client_is_low, reset;
	uint32_t connection;
	struct side side[2]; /* low, high */
};

static int compare_endpoints(const struct endpoint *a, const struct endpoint *b)
{
	int order = memcmp(a->address, b->address, sizeof(a->address));

	return order ? order : (int)a->port - (int)b->port;
}

static int compare_flows(const void *left, const void *right)
{
	const struct flow *a = left, *b = right;
	int order = (int)a->protocol - (int)b->protocol;

	if (!order)
		order = compare_endpoints(&a->low, &b->low);
	return order ? order : compare_endpoints(&a->high, &b->high);
}

/* a - b, where the distance is under 2^31 (RFC 9293 3.4). */
static int32_t distance(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b);
}

static uint32_t overlap(struct hole hole, uint32_t from, uint32_t to)
{
	uint32_t start = distance(from, hole.from) > 0 ? from : hole.from;
	uint32_t end = distance(to, hole.to) < 0 ? to : hole.to;

	return distance(end, start) > 0 ? end - start : 0;
}

/* How many of [from, to) this side has not sent before. */
static uint32_t unseen(const struct side *side, uint32_t from, uint32_t to)
{
	uint32_t count = 0;

	if (distance(to, side->next) > 0)
		count = to - (distance(from, side->next) > 0 ? from : side->next);
	for (int i = 0; i < side->holes; i++)
		count += overlap(side->hole[i], from, to);
	return count;
}

/* With all places taken the hole is forgotten: what fills it later counts as sent before. */
static void add_hole(struct side *side, uint32_t from, uint32_t to)
{
	if (from != to && side->holes < HOLES)
		side->hole[side->holes++] = (struct hole){from, to};
}

static void mark_sent(struct side *side, uint32_t from, uint32_t to)
{
	for (int i = side->holes; i-- > 0;) {
		struct hole hole = side->hole[i];

		if (!overlap(hole, from, to))
			continue;
		side->hole[i] = side->hole[--side->holes];
		if (distance(from, hole.from) > 0)
			add_hole(side, hole.from, from);
		if (distance(hole.to, to) > 0)
			add_hole(side, to, hole.to);
	}
	if (distance(from, side->next) > 0)
		add_hole(side, side->next, from);
	if (distance(to, side->next) > 0)
		side->next = to;
}

static void learn_base(struct side *side, uint32_t base, bool syn)
{
	side->base = base;
	side->known = true;
	side->syn = syn;
}

static void follow(struct packet *packet, struct side *own, struct side *other)
{
	bool reset = packet->flags & RST, syn = (packet->flags & SYN) && !reset;
	bool fin = (packet->flags & FIN) && !reset;
	uint32_t data = packet->seq + syn, data_end = data + packet->bytes;
	uint32_t end = data_end + fin;

	if (syn && !own->syn)
		learn_base(own, packet->seq, true);
	else if (!own->known && !reset)
		learn_base(own, packet->seq - 1, false);
	if ((packet->flags & ACK) && !other->known)
		learn_base(other, packet->ack - 1, false);

	packet->rel_seq = packet->seq - (own->known ? own->base : 0);
	if (reset && packet->seq == 0)
		packet->rel_seq = 0;
	if (packet->flags & ACK)
		packet->rel_ack = packet->ack - other->base;

	if (!own->started && packet->seq != end) {
		own->next = packet->seq;
		own->started = true;
	}
	packet->fresh = unseen(own, data, data_end);
	packet->again = packet->seq != end && unseen(own, packet->seq, end) == 0;
	if (packet->seq != end)
		mark_sent(own, packet->seq, end);
	own->fin |= fin;
}

/* Whether this SYN begins another connection between the same two ends. */
static bool begins_anew(const struct flow *flow, const struct packet *packet, bool from_low)
{
	const struct side *own = &flow->side[!from_low], *other = &flow->side[from_low];
	bool closed = flow->reset || (own->fin && other->fin);

	if ((packet->flags & (SYN | ACK | RST)) != SYN)
		return false;
	if (own->syn && own->base == packet->seq)
		return false; /* the same SYN again */
	return closed || (own->started && !other->started);
}

static void place(struct packet *packet, struct flow *flow, bool from_low, uint32_t *connections)
{
	bool is_new = flow->connection == UINT32_MAX;

	if (!is_new && packet->protocol == TCP && begins_anew(flow, packet, from_low)) {
		memset(flow->side, 0, sizeof(flow->side));
		flow->reset = false;
		is_new = true;
	}
	if (is_new) {
		flow->connection = (*connections)++;
		/* An error comes from who was sent something. */
		flow->client_is_low = from_low != packet->error;
	}
	packet->connection = flow->connection;
	packet->from_client = from_low == flow->client_is_low;
	packet->fresh = packet->bytes;
	packet->again = false;
	packet->rel_seq = packet->rel_ack = 0;
	if (packet->protocol != TCP)
		return;
	follow(packet, &flow->side[!from_low], &flow->side[from_low]);
	flow->reset |= (packet->flags & RST) != 0;
}

static void keep(void *node)
{
	(void)node; /* the flows are one array */
}

bool track(struct packet *packets, size_t count)
{
	struct flow *flows = calloc(count + 1, sizeof(*flows));
	void *tree = NULL;
	size_t used = 0;
	uint32_t connections = 0;
	bool good = flows != NULL;

	for (size_t i = 0; good && i < count; i++) {
		struct packet *packet = &packets[i];
		struct flow *flow = &flows[used];
		bool from_low = compare_endpoints(&packet->from, &packet->to) <= 0;

		flow->protocol = packet->flow;
		flow->low = from_low ? packet->from : packet->to;
		flow->high = from_low ? packet->to : packet->from;
		flow->connection = UINT32_MAX;

		struct flow **found = tsearch(flow, &tree, compare_flows);

		if (!found) {
			good = false;
			break;
		}
		if (*found == flow)
			used++;
		place(packet, *found, from_low, &connections);
	}
	tdestroy(tree, keep);
	free(flows);
	return good;
}
