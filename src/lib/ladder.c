#include "ladder.h"

#include <string.h>

#include "rows.h"
#include "svg.h"

/* Pixels, and characters where text is wrapped. */
enum {
	MARGIN = 24,
	ROW = 46,      /* a label, the arrow, a line of numbers */
	SLOPE = 6,     /* an arrow falls by this: it takes time */
	PAUSE = 18,    /* more room where nothing happened for PAUSE_TIME */
	LANE = 250,    /* least distance of a client and its server */
	BETWEEN = 116, /* of a server and the next client */
	ACTOR = 84,    /* width of the box with its name */
	HEADER = 36,
	LANES = 4, /* more connections share one lane */
	NOTE_COLUMNS = 46,
	NOTE_GAP = 28,
	NOTE_LINE = 14,
	TITLE_SIZE = 16,
	TITLE_LINE = 22,
	LABEL_SIZE = 12,
	SMALL_SIZE = 11,
	FOOT_LINE = 15
};
#define PAUSE_TIME 50000000 /* ns */

struct picture {
	FILE *file;
	const struct packet *packets;
	const char *title;
	struct rows rows;
	char foot[512];
	int lanes, lane_width, first_x, notes_x, width, height, top, bottom;
};

static int widest(int a, int b)
{
	return a > b ? a : b;
}

static int text_width(const char *text, int size)
{
	return svg_width(svg_characters(text, strlen(text)), size);
}

/* How many characters of this size fit into the picture's width. */
static size_t columns(const struct picture *picture, int size)
{
	return (size_t)(picture->width - 2 * MARGIN) * 100 / (size_t)svg_width(100, size);
}

/* Of the longest line of any note, as they are wrapped; 0 without notes. */
static int notes_width(const struct rows *rows)
{
	size_t longest = 0;

	for (size_t i = 0; i < rows->count; i++) {
		const struct line *line = rows->at[i].line;
		const char *next;

		for (const char *at = line && line->note ? line->note : ""; *at; at = next) {
			size_t length = svg_characters(at, svg_wrap(at, NOTE_COLUMNS, &next));

			longest = length > longest ? length : longest;
		}
	}
	return svg_width(longest, SMALL_SIZE);
}

/* What is not in the picture must be told, or it misleads. */
static void write_foot(struct picture *picture, unsigned rules)
{
	size_t size = sizeof(picture->foot), used;
	const char *before = " Rules of the expectation: ";
	bool again = false;

	for (size_t i = 0; i < picture->rows.count; i++)
		again |= picture->rows.at[i].line && picture->rows.at[i].line->again;
	used = (size_t)snprintf(picture->foot, size,
				"Times are since the row above; distances are not to scale.%s",
				again ? " Dashed: only what was on the wire before." : "");
	for (unsigned rule = 1; rule <= rules; rule <<= 1) {
		if (!(rules & rule))
			continue;
		used += (size_t)snprintf(picture->foot + used, size - used, "%s%s", before,
					 rule_words(rule));
		before = ", ";
	}
}

/* Every place in the picture, from the widths of what stands there. */
static void lay_out(struct picture *picture)
{
	int time = 0, notes = notes_width(&picture->rows), y;
	uint64_t before = 0;

	picture->lane_width = LANE;
	for (size_t i = 0; i < picture->rows.count; i++) {
		const struct row *row = &picture->rows.at[i];
		int label = text_width(row->label, LABEL_SIZE);
		int numbers = text_width(row->numbers, SMALL_SIZE);

		time = widest(time, text_width(row->time, SMALL_SIZE));
		picture->lane_width = widest(picture->lane_width, widest(label, numbers) + 40);
	}
	picture->first_x = MARGIN + time + ACTOR / 2 + 16;
	picture->notes_x = picture->first_x + picture->lanes * picture->lane_width +
			   (picture->lanes - 1) * BETWEEN + NOTE_GAP;
	picture->width = picture->notes_x - NOTE_GAP + ACTOR / 2 + MARGIN;
	if (notes > 0)
		picture->width = picture->notes_x + notes + MARGIN;
	picture->width = widest(picture->width, 480);

	picture->top = MARGIN + 8;
	picture->top +=
		TITLE_LINE * (int)svg_wrapped_lines(picture->title, columns(picture, TITLE_SIZE));
	y = picture->top + HEADER;
	for (size_t i = 0; i < picture->rows.count; i++) {
		struct row *row = &picture->rows.at[i];
		const struct line *line = row->line;
		int height = ROW;

		if (line && line->note) {
			int lines = (int)svg_wrapped_lines(line->note, NOTE_COLUMNS);

			height = widest(height, lines * NOTE_LINE + 10);
		}
		if (line) {
			uint64_t now = (uint64_t)picture->packets[line->first].time;

			if (i > 0 && (int64_t)(now - before) > PAUSE_TIME)
				y += PAUSE;
			before = (uint64_t)picture->packets[line->last].time;
		}
		row->y = y + height / 2;
		y += height;
	}
	picture->bottom = y + 6;
	picture->height =
		picture->bottom + MARGIN +
		FOOT_LINE * (int)svg_wrapped_lines(picture->foot, columns(picture, SMALL_SIZE)) + 8;
}

static int end_x(const struct picture *picture, const struct line *line, bool client)
{
	int lane = picture->lanes > 1 && line->connection ? (int)line->connection - 1 : 0;

	return picture->first_x + lane * (picture->lane_width + BETWEEN) +
	       (client ? 0 : picture->lane_width);
}

static void put_text(const struct picture *picture, const char *class, int x, int y,
		     const char *text, size_t size)
{
	fprintf(picture->file, "<text class=\"%s\" x=\"%d\" y=\"%d\">", class, x, y);
	svg_escape(picture->file, text, size);
	fprintf(picture->file, "</text>\n");
}

/* Returns the y of the line after the last. */
static int put_wrapped(const struct picture *picture, const char *class, int x, int y, int height,
		       const char *text, size_t limit)
{
	while (*text) {
		const char *next;
		size_t size = svg_wrap(text, limit, &next);

		put_text(picture, class, x, y, text, size);
		text = next;
		y += height;
	}
	return y;
}

static const char *kind(const struct line *line)
{
	if (line->protocol != TCP)
		return "other";
	if (line->flags & RST)
		return "rst";
	if (line->flags & SYN)
		return "syn";
	if (line->flags & FIN)
		return "fin";
	return line->bytes ? "data" : "ack";
}

static void draw_arrow(const struct picture *picture, const struct row *row)
{
	const struct line *line = row->line;
	int from = end_x(picture, line, line->from_client);
	int to = end_x(picture, line, !line->from_client);
	int tip = to > from ? to - 2 : to + 2, tail = to > from ? tip - 10 : tip + 10;
	int y = row->y + SLOPE;

	fprintf(picture->file,
		"<line class=\"%s%s\" x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>\n"
		"<path class=\"%s\" d=\"M%d %dL%d %dL%d %dz\"/>\n",
		kind(line), line->again ? " again" : "", from, row->y, tail, y, kind(line), tip, y,
		tail, y - 4, tail, y + 4);
}

static void draw_row(const struct picture *picture, const struct row *row)
{
	const struct line *line = row->line;
	int middle = picture->first_x + picture->lane_width / 2, right;

	if (!line) {
		put_text(picture, "fold", middle, row->y + 4, row->label, strlen(row->label));
		return;
	}
	middle = (end_x(picture, line, true) + end_x(picture, line, false)) / 2;
	right = end_x(picture, line, false);
	draw_arrow(picture, row);
	put_text(picture, "time", picture->first_x - ACTOR / 2 - 8, row->y + 4, row->time,
		 strlen(row->time));
	fprintf(picture->file, "<g class=\"%s\">", kind(line));
	put_text(picture, "label", middle, row->y - 5, row->label, strlen(row->label));
	fprintf(picture->file, "</g>\n");
	put_text(picture, "numbers", middle, row->y + SLOPE + 12, row->numbers,
		 strlen(row->numbers));
	if (!line->note)
		return;
	if (right + NOTE_GAP < picture->notes_x)
		fprintf(picture->file,
			"<line class=\"leader\" x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>\n",
			right + 6, row->y, picture->notes_x - 6, row->y);
	int lines = (int)svg_wrapped_lines(line->note, NOTE_COLUMNS);

	put_wrapped(picture, "note", picture->notes_x, row->y + 4 - (lines - 1) * NOTE_LINE / 2,
		    NOTE_LINE, line->note, NOTE_COLUMNS);
}

static void draw_actor(const struct picture *picture, int x, const char *role, const char *name)
{
	fprintf(picture->file,
		"<line class=\"life\" x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>\n"
		"<rect class=\"actor\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"24\" rx=\"4\"/>\n",
		x, picture->top + 24, x, picture->bottom, x - ACTOR / 2, picture->top, ACTOR);
	fprintf(picture->file, "<text class=\"name\" x=\"%d\" y=\"%d\">%s %s</text>\n", x,
		picture->top + 16, role, name);
}

static void draw_actors(const struct picture *picture)
{
	bool shared = picture->lanes == 1 && picture->rows.connections > 1;

	for (int lane = 0; lane < picture->lanes; lane++) {
		char client[16] = "C", server[16] = "S";
		int x = picture->first_x + lane * (picture->lane_width + BETWEEN);

		if (picture->lanes > 1) {
			snprintf(client, sizeof(client), "%dC", lane + 1);
			snprintf(server, sizeof(server), "%dS", lane + 1);
		}
		draw_actor(picture, x, shared ? "clients" : "client", client);
		draw_actor(picture, x + picture->lane_width, shared ? "servers" : "server", server);
	}
}

static const char style[] =
	"<style>\n"
	"text{font-family:Helvetica,Arial,sans-serif;fill:#222}\n"
	".title{font-size:16px;font-weight:bold}\n"
	".name,.label{font-size:12px;font-weight:bold;text-anchor:middle}\n"
	".time,.numbers,.foot,.note,.fold{font-size:11px}\n"
	".time{text-anchor:end;fill:#666}\n"
	".numbers{text-anchor:middle;fill:#666}\n"
	".fold{text-anchor:middle;font-style:italic;fill:#444}\n"
	".note{font-style:italic;fill:#333}\n"
	".foot{fill:#666}\n"
	".actor{fill:#eef1f5;stroke:#555}\n"
	".life{stroke:#999}\n"
	".leader{stroke:#bbb;stroke-dasharray:1 4}\n"
	"line{stroke-width:1.5}\n"
	"line.again{stroke-dasharray:6 4}\n"
	"line.syn{stroke:#0b5394}path.syn,.syn .label{fill:#0b5394}\n"
	"line.fin{stroke:#8a4b00}path.fin,.fin .label{fill:#8a4b00}\n"
	"line.rst{stroke:#b00020;stroke-width:3}path.rst,.rst .label{fill:#b00020}\n"
	"line.data{stroke:#1b5e20}path.data,.data .label{fill:#1b5e20}\n"
	"line.ack{stroke:#777}path.ack,.ack .label{fill:#555}\n"
	"line.other{stroke:#5b2a86}path.other,.other .label{fill:#5b2a86}\n"
	"</style>\n";

static void draw(const struct picture *picture)
{
	fprintf(picture->file,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
		"viewBox=\"0 0 %d %d\">\n<title>",
		picture->width, picture->height, picture->width, picture->height);
	svg_escape(picture->file, picture->title, strlen(picture->title));
	fprintf(picture->file, "</title>\n%s<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>\n",
		style, picture->width, picture->height);
	put_wrapped(picture, "title", MARGIN, MARGIN + TITLE_SIZE, TITLE_LINE, picture->title,
		    columns(picture, TITLE_SIZE));
	draw_actors(picture);
	for (size_t i = 0; i < picture->rows.count; i++)
		draw_row(picture, &picture->rows.at[i]);
	put_wrapped(picture, "foot", MARGIN, picture->bottom + MARGIN, FOOT_LINE, picture->foot,
		    columns(picture, SMALL_SIZE));
	fputs("</svg>\n", picture->file);
}

bool ladder_draw(FILE *file, const char *path, const struct capture *capture,
		 const struct expectation *expectation)
{
	struct picture picture = {
		.file = file, .packets = capture->packets, .title = expectation->title};
	const char *slash = strrchr(path, '/');

	if (!rows_make(&picture.rows, capture, expectation, LANES))
		return false;
	if (!picture.title)
		picture.title = slash ? slash + 1 : path;
	picture.lanes = picture.rows.connections > LANES ? 1 : (int)picture.rows.connections;
	write_foot(&picture, expectation->rules);
	lay_out(&picture);
	draw(&picture);
	rows_free(&picture.rows);
	return true;
}
