#include "capture.h"

#include <errno.h>
#include <pcap/pcap.h>
#include <stdlib.h>
#include <string.h>

#include "must.h"
#include "track.h"

static bool append(struct capture *capture, size_t *room, const struct packet *packet)
{
	if (capture->count == *room) {
		size_t more = *room ? *room * 2 : 64;
		struct packet *grown = reallocarray(capture->packets, more, sizeof(*grown));

		if (!grown)
			return false;
		capture->packets = grown;
		*room = more;
	}
	capture->packets[capture->count++] = *packet;
	return true;
}

/* Every packet up to the marker; true only where there was one. */
static bool read_packets(pcap_t *pcap, const char *name, struct capture *out, struct reason *why)
{
	struct pcap_pkthdr *header;
	const u_char *data;
	size_t room = 0;
	int link = pcap_datalink(pcap), got;
	uint32_t number = 0;

	if (!packet_link_known(link))
		return because(why, "%s: link type %s is not supported", name,
			       pcap_datalink_val_to_description_or_dlt(link));
	while ((got = pcap_next_ex(pcap, &header, &data)) == 1) {
		struct reason detail = {""};
		struct packet packet;

		if (++number > CAPTURE_LIMIT)
			return because(why, "%s: more than %d packets", name, CAPTURE_LIMIT);
		switch (packet_decode(link, data, header->caplen, header->len, &packet, &detail)) {
		case DAMAGED: return because(why, "%s: packet %u: %s", name, number, detail.text);
		case NOT_OURS: continue;
		case DECODED: break;
		}
		if (packet.marker)
			return true;
		packet.number = number;
		/* Nanoseconds, for so it was opened. Unsigned: a hostile time may overflow. */
		packet.time = (int64_t)((uint64_t)header->ts.tv_sec * 1000000000u +
					(uint64_t)header->ts.tv_usec);
		if (!append(out, &room, &packet))
			return because(why, "%s: no memory for %u packets", name, number);
	}
	if (got == PCAP_ERROR_BREAK)
		return because(why, "%s: no marker after its %u packets: the capture is incomplete",
			       name, number);
	return because(why, "%s: after packet %u: %s", name, number, pcap_geterr(pcap));
}

bool capture_read(FILE *file, const char *name, struct capture *out, struct reason *why)
{
	char error[PCAP_ERRBUF_SIZE] = "";
	pcap_t *pcap =
		pcap_fopen_offline_with_tstamp_precision(file, PCAP_TSTAMP_PRECISION_NANO, error);

	*out = (struct capture){0};
	if (!pcap) {
		fclose(file);
		return because(why, "%s: not a capture: %s", name, error);
	}

	bool good = read_packets(pcap, name, out, why);

	pcap_close(pcap); /* and the file with it */
	if (good && !track(out->packets, out->count))
		good = because(why, "%s: no memory for %zu packets", name, out->count);
	if (!good)
		capture_free(out);
	return good;
}

bool capture_open(const char *path, struct capture *out, struct reason *why)
{
	FILE *file = fopen(path, "re");

	if (!file)
		return because(why, "%s: %s", path, errno_name(errno));
	return capture_read(file, path, out, why);
}

bool capture_part(const struct capture *whole, bool six, struct capture *out)
{
	static const uint8_t mapped[12] = {[10] = 0xff, 0xff};

	*out = (struct capture){.packets = calloc(whole->count + 1, sizeof(*out->packets))};
	if (!out->packets)
		return false;
	for (size_t i = 0; i < whole->count; i++) {
		const uint8_t *address = whole->packets[i].from.address;

		if ((memcmp(address, mapped, sizeof(mapped)) != 0) == six)
			out->packets[out->count++] = whole->packets[i];
	}
	return true;
}

void capture_free(struct capture *capture)
{
	free(capture->packets);
	*capture = (struct capture){0};
}
