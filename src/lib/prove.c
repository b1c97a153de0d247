#include "prove.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "track.h"

struct work {
	const struct expectation *expectation;
	const struct capture *capture;
	struct lines original;
	size_t *line_of;       /* by packet: the line that shows it, NOWHERE if none does */
	struct packet *mutant; /* as many packets, or one less */
	struct proof *proof;
	FILE *survivors;
};

#define NOWHERE SIZE_MAX

/* A mutant is ready in work->mutant: is it noticed? False only without memory. */
static bool judge(struct work *work, size_t count, size_t packet, const char *what)
{
	struct lines lines;

	if (!track(work->mutant, count) ||
	    !lines_render(&lines, work->mutant, count, work->expectation->rules))
		return false;
	work->proof->mutants++;
	if (lines_equal(&lines, &work->expectation->lines))
		fprintf(work->survivors, "survived: packet %u %s (line %u)\n",
			work->capture->packets[packet].number, what,
			work->expectation->lines.at[work->line_of[packet]].place);
	else
		work->proof->noticed++;
	lines_free(&lines);
	return true;
}

static struct packet *copy(struct work *work, size_t packet)
{
	memcpy(work->mutant, work->capture->packets, work->capture->count * sizeof(*work->mutant));
	return &work->mutant[packet];
}

static bool drop(struct work *work, size_t packet)
{
	size_t after = work->capture->count - packet - 1;
	struct packet *at = copy(work, packet);

	memmove(at, at + 1, after * sizeof(*at));
	return judge(work, work->capture->count - 1, packet, "left out");
}

static bool turn_flags(struct work *work, size_t packet)
{
	static const struct {
		uint8_t flag;
		const char *what;
	} turns[] = {{FIN, "with FIN turned"},
		     {SYN, "with SYN turned"},
		     {RST, "with RST turned"},
		     {PSH, "with PSH turned"},
		     {ACK, "with ACK turned"}};
	bool no_push = work->expectation->rules & (IGNORE_PUSH | FOLD_SEGMENTS);

	if (work->capture->packets[packet].protocol != TCP)
		return true;
	for (size_t i = 0; i < sizeof(turns) / sizeof(turns[0]); i++) {
		if (turns[i].flag == PSH && no_push)
			continue;
		copy(work, packet)->flags ^= turns[i].flag;
		if (!judge(work, work->capture->count, packet, turns[i].what))
			return false;
	}
	return true;
}

/* Had the sender sent a byte more, its later numbers were one higher: without that the next
 * segment would only repeat the byte, which a rule may fold away. */
static void shift_later(struct work *work, size_t packet)
{
	const struct packet *longer = &work->mutant[packet];
	uint32_t end = longer->seq + longer->bytes - 1;

	for (size_t i = packet + 1; i < work->capture->count; i++) {
		struct packet *later = &work->mutant[i];

		if (later->protocol == TCP && later->connection == longer->connection &&
		    later->from_client == longer->from_client && (int32_t)(later->seq - end) >= 0)
			later->seq++;
	}
}

static bool lengthen(struct work *work, size_t packet)
{
	struct packet *longer = copy(work, packet);

	if (longer->protocol == ICMP || longer->protocol == ICMP6) {
		longer->code++;
		return judge(work, work->capture->count, packet, "with another code");
	}
	longer->bytes++;
	if (longer->protocol == TCP)
		shift_later(work, packet);
	return judge(work, work->capture->count, packet, "one byte longer");
}

/* Whether it makes no difference, by rule, which of two neighbours comes first. */
static bool may_change_places(const struct work *work, size_t left, size_t right)
{
	const struct lines *lines = &work->original;
	size_t a = work->line_of[left], b = work->line_of[right];
	struct line renamed = lines->at[a];

	if (line_equal(&lines->at[a], &lines->at[b]))
		return true;
	if (lines->at[a].connection == lines->at[b].connection)
		return false;
	if (work->expectation->rules & GROUP_CONNECTIONS)
		return true;
	for (size_t i = 0; i < lines->count; i++)
		if (lines->at[i].first < right && i != a &&
		    (lines->at[i].connection == lines->at[a].connection ||
		     lines->at[i].connection == lines->at[b].connection))
			return false;
	renamed.connection = lines->at[b].connection;
	return line_equal(&renamed, &lines->at[b]);
}

static bool change_places(struct work *work, size_t packet)
{
	size_t next = packet + 1;

	while (next < work->capture->count && work->line_of[next] == NOWHERE)
		next++;
	if (next == work->capture->count || may_change_places(work, packet, next))
		return true;

	struct packet *at = copy(work, packet);

	*at = work->capture->packets[next];
	work->mutant[next] = work->capture->packets[packet];
	return judge(work, work->capture->count, packet, "after the next");
}

/* Which line shows each packet. */
static void map_lines(struct work *work)
{
	const struct packet *packets = work->capture->packets;

	for (size_t i = 0; i < work->capture->count; i++)
		work->line_of[i] = NOWHERE;
	for (size_t l = 0; l < work->original.count; l++) {
		const struct line *line = &work->original.at[l];
		const struct packet *first = &packets[line->first];

		for (size_t i = line->first; i <= line->last; i++)
			if (packets[i].connection == first->connection &&
			    packets[i].from_client == first->from_client &&
			    line_shows(&packets[i], work->expectation->rules))
				work->line_of[i] = l;
	}
}

static bool change_all(struct work *work)
{
	map_lines(work);
	for (size_t i = 0; i < work->capture->count; i++)
		if (work->line_of[i] != NOWHERE && !(drop(work, i) && turn_flags(work, i) &&
						     lengthen(work, i) && change_places(work, i)))
			return false;
	return true;
}

bool prove(const struct expectation *expectation, const struct capture *capture,
	   struct proof *proof, FILE *survivors, struct reason *why)
{
	struct work work = {.expectation = expectation,
			    .capture = capture,
			    .proof = proof,
			    .survivors = survivors};
	bool ready, same, good;

	*proof = (struct proof){0};
	if (capture->count > PROVE_LIMIT)
		return because(why, "%zu packets are more than the %d that can be proved",
			       capture->count, PROVE_LIMIT);
	work.line_of = calloc(capture->count + 1, sizeof(*work.line_of));
	work.mutant = calloc(capture->count + 1, sizeof(*work.mutant));
	ready = work.line_of && work.mutant &&
		lines_render(&work.original, capture->packets, capture->count, expectation->rules);
	same = ready && lines_equal(&work.original, &expectation->lines);
	good = same && change_all(&work);
	lines_free(&work.original);
	free(work.line_of);
	free(work.mutant);
	if (ready && !same)
		return because(why, "the capture does not match: nothing to prove");
	return good || because(why, "no memory");
}
