/* Reading captures: link layers, file formats, the marker, connections; and what is refused. */
#include "maker.h"

static const char short_scene[] = "C  S     0\nS  S.    0\nC  .     0\nC  P.    5\nS  R.    0\n";

static void make_short_scene(struct maker *maker)
{
	handshake(maker, 0);
	tcp(maker, 0, 'C', "P.", 5);
	tcp(maker, 0, 'S', "R.", 0);
}

static void every_link_type_reads_the_same(void **state)
{
	static const uint32_t links[] = {DLT_EN10MB,      DLT_NULL,      LINKTYPE_LOOPBACK,
					 LINKTYPE_RAW_IP, DLT_LINUX_SLL, DLT_LINUX_SLL2};

	(void)state;
	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++) {
		for (int six = 0; six < 2; six++) {
			struct maker maker = make(links[i], six, false);

			make_short_scene(&maker);
			assert_reads(&maker, 0, short_scene);
		}
	}
	for (int six = 0; six < 2; six++) {
		struct maker maker = make(six ? DLT_IPV6 : DLT_IPV4, six, false);

		make_short_scene(&maker);
		assert_reads(&maker, 0, short_scene);
	}
}

static void vlan_tags_are_skipped(void **state)
{
	(void)state;
	for (int tags = 1; tags <= 2; tags++) {
		struct maker maker = make_usual();

		maker.tags = tags;
		make_short_scene(&maker);
		assert_reads(&maker, 0, short_scene);
	}
}

static void null_of_the_other_byte_order(void **state)
{
	struct maker maker = make(DLT_NULL, false, false);
	uint8_t data[64] = {[3] = 2, [4] = 0x45, [7] = 40, [13] = 6, [36] = 0x50, [37] = SYN};

	(void)state;
	put_record(&maker, data, 44, 44);
	assert_reads(&maker, 0, "C  S     0\n");
}

static void other_traffic_is_not_shown(void **state)
{
	struct maker maker = make_usual();
	uint8_t arp[42] = {[12] = 0x08, [13] = 0x06};

	(void)state;
	put_record(&maker, arp, sizeof(arp), sizeof(arp));
	put_udp(&maker, 1234, 53, "question");
	put_packet(&maker, 132, arp, 12, 0); /* SCTP */
	tcp(&maker, 0, 'C', "S", 0);
	assert_reads(&maker, 0, "C  S     0\n");
}

static void times_are_nanoseconds(void **state)
{
	(void)state;
	for (int nano = 0; nano < 2; nano++) {
		struct maker maker = make(DLT_EN10MB, false, nano);

		tcp(&maker, 0, 'C', "S", 0);
		maker.now += 345;
		tcp(&maker, 0, 'S', "S.", 0);
		put_marker(&maker);

		struct capture capture = read_made(&maker);

		assert_int_equal(capture.packets[0].time,
				 nano ? 1700000000123456789 : 1700000000123456000);
		assert_int_equal(capture.packets[1].time,
				 nano ? 1700000000123469134 : 1700000000123469000);
		capture_free(&capture);
	}
}

/* The same packets as pcapng: section header, interface, enhanced packets. */
static void pcapng_is_read(void **state)
{
	struct maker old = make_usual(), maker = {0};
	uint32_t section[7] = {0x0a0d0d0a, 28, 0x1a2b3c4d, 1, UINT32_MAX, UINT32_MAX, 28};
	uint32_t interface[5] = {1, 20, DLT_EN10MB, 0, 20};

	(void)state;
	make_short_scene(&old);
	put_marker(&old);
	put(&maker, section, sizeof(section));
	put(&maker, interface, sizeof(interface));
	for (size_t at = 24; at < old.size;) {
		uint32_t record[4], zero = 0;

		memcpy(record, old.bytes + at, 16);

		uint32_t captured = record[2], padded = (captured + 3) & ~3u;
		uint32_t packet[7] = {6, 32 + padded, 0, 0, record[1], captured, record[3]};

		put(&maker, packet, sizeof(packet));
		put(&maker, old.bytes + at + 16, captured);
		put(&maker, &zero, padded - captured);
		put(&maker, &packet[1], 4);
		at += 16 + captured;
	}
	free(old.bytes);

	struct capture capture = read_made(&maker);
	char *text = lines_text(&capture, 0);

	assert_string_equal(text, short_scene);
	free(text);
	capture_free(&capture);
}

static void swap_words(uint8_t *at, size_t words)
{
	for (uint32_t word; words > 0; words--, at += 4) {
		memcpy(&word, at, 4);
		word = __builtin_bswap32(word);
		memcpy(at, &word, 4);
	}
}

static void a_file_of_the_other_byte_order(void **state)
{
	struct maker maker = make_usual();

	(void)state;
	make_short_scene(&maker);
	put_marker(&maker);
	swap_words(maker.bytes, 6);
	memcpy(maker.bytes + 4, "\0\2\0\4", 4); /* the version is two halves */
	for (size_t at = 24; at < maker.size;) {
		uint32_t captured;

		memcpy(&captured, maker.bytes + at + 8, 4);
		swap_words(maker.bytes + at, 4);
		at += 16 + captured;
	}

	struct capture capture = read_made(&maker);
	char *text = lines_text(&capture, 0);

	assert_string_equal(text, short_scene);
	free(text);
	capture_free(&capture);
}

static void sizes_come_from_headers(void **state)
{
	struct maker maker = make_usual();
	uint8_t padded[60] = {[12] = 0x08, [14] = 0x45, [17] = 40,  [23] = 6,  [46] = 0x50,
			      [47] = SYN,  [54] = 'p',  [55] = 'a', [56] = 'd'};
	uint8_t options[74] = {
		[12] = 0x08, [14] = 0x48, [17] = 57, [23] = 6, [58] = 0x50, [59] = PSH | ACK};

	(void)state;
	maker.snap = 54; /* the headers, and no payload */
	put_record(&maker, padded, 60, 60);
	put_record(&maker, options, 71, 71);
	tcp(&maker, 0, 'C', "P.", 60000);
	maker.snap = 128;
	assert_reads(&maker, 0, "1C  S     0\n1C  P.    5\n2C  P.    60000\n");
}

static void ipv6_extension_headers(void **state)
{
	struct maker maker = make(LINKTYPE_RAW_IP, true, false);
	uint8_t data[128] = {
		[0] = 0x60, [5] = 44 + 20 + 7, [6] = 0, /* hop-by-hop options */
		[40] = 60,  [41] = 1, /* of 16 bytes; then options for the destination */
		[56] = 44,  [57] = 0, /* of 8 bytes; then a fragment that is all there is */
		[64] = 51,  [72] = 6, /* then authentication of 12 bytes, then TCP */
		[73] = 1,   [84 + 12] = 0x50,  [84 + 13] = SYN | ACK};

	(void)state;
	put_record(&maker, data, 104, 111);
	assert_reads(&maker, 0, "C  S.    7\n");
}

static void after_the_marker_nothing_is_read(void **state)
{
	struct maker maker = make_usual();

	(void)state;
	tcp(&maker, 0, 'C', "S", 0);
	put_marker(&maker);
	tcp(&maker, 0, 'S', "R.", 0);
	put(&maker, "rubbish", 7);

	struct capture capture = read_made(&maker);

	assert_int_equal(capture.count, 1);
	capture_free(&capture);
}

static void only_the_marker_is_the_marker(void **state)
{
	static const struct {
		unsigned port;
		const char *text;
	} others[] = {{9, "csdesign: end of scenE\n"},
		      {9, "csdesign: end of scene"},
		      {9, "csdesign: end of scene\n\n"},
		      {10, "csdesign: end of scene\n"}};

	(void)state;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		struct maker maker = make_usual();

		put_udp(&maker, 5000, others[i].port, others[i].text);
		assert_refused(&maker, "made.pcap: no marker after its 1 packets: the capture is "
				       "incomplete");
	}
	struct maker maker = make(DLT_LINUX_SLL2, true, false);

	assert_reads(&maker, 0, "");
}

static void a_marker_that_is_cut_off_is_none(void **state)
{
	struct maker maker = make_usual();

	(void)state;
	maker.snap = 60;
	put_marker(&maker);
	assert_refused(
		&maker,
		"made.pcap: packet 1: datagram to the marker's port cut off (26 of 31 bytes)");
}

/* One packet, IPv4 in Ethernet unless it says otherwise, with some bytes changed. */
static void hostile_packets_are_refused(void **state)
{
	static const struct {
		size_t captured, length;
		struct {
			uint8_t at, value;
		} change[3];
		const char *reason;
	} cases[] = {
		{0, 0, {{0}}, "link header does not fit (0 of 14 bytes)"},
		{0, 54, {{0}}, "link header cut off (0 of 14 bytes)"},
		{13, 54, {{0}}, "link header cut off (13 of 14 bytes)"},
		{54, 53, {{0}}, "more captured than on the wire (54 of 53 bytes)"},
		{14, 54, {{0}}, "IP header cut off (0 of 1 bytes)"},
		{33, 54, {{0}}, "IPv4 header cut off (19 of 20 bytes)"},
		{34, 54, {{0}}, "TCP header cut off (0 of 20 bytes)"},
		{53, 54, {{0}}, "TCP header cut off (19 of 20 bytes)"},
		{54, 54, {{14, 0x55}}, "IP version 5"},
		{54, 54, {{14, 0x44}}, "IPv4 header too small (16 of 20 bytes)"},
		{54, 54, {{14, 0x4f}}, "IPv4 length too small (40 of 60 bytes)"},
		{54, 54, {{17, 41}}, "IP packet does not fit (40 of 41 bytes)"},
		{54, 54, {{16, 0xff}}, "IP packet does not fit (40 of 65320 bytes)"},
		{54, 54, {{17, 19}}, "IPv4 length too small (19 of 20 bytes)"},
		{54, 54, {{17, 39}}, "TCP header does not fit (19 of 20 bytes)"},
		{54, 54, {{46, 0x40}}, "TCP data offset too small (16 of 20 bytes)"},
		{54, 54, {{46, 0x00}}, "TCP data offset too small (0 of 20 bytes)"},
		{54, 54, {{46, 0xf0}}, "TCP header does not fit (20 of 60 bytes)"},
		{54, 154, {{46, 0xf0}, {17, 140}}, "TCP header cut off (20 of 60 bytes)"},
		{54, 54, {{20, 0x20}}, "a fragment of a TCP segment"},
		{54, 54, {{21, 0x01}}, "a fragment of a TCP segment"},
		{54, 54, {{23, 17}, {39, 7}}, "UDP length too small (7 of 8 bytes)"},
		{54, 54, {{23, 17}, {39, 21}}, "UDP datagram does not fit (20 of 21 bytes)"},
		{40, 54, {{23, 17}}, "UDP header cut off (6 of 8 bytes)"},
		{54, 54, {{23, 1}, {34, 3}}, "IP version 0"},
		{41, 54, {{23, 1}, {34, 3}}, "ICMP header cut off (7 of 8 bytes)"},
		{54,
		 54,
		 {{12, 0x86}, {13, 0xdd}, {14, 0x60}},
		 "IPv6 extension header does not fit (0 of 8 bytes)"},
		{50,
		 54,
		 {{12, 0x86}, {13, 0xdd}, {14, 0x60}},
		 "IPv6 header cut off (36 of 40 bytes)"},
		{17, 54, {{12, 0x81}, {13, 0x00}}, "802.1Q tag cut off (3 of 4 bytes)"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint8_t data[154] = {[12] = 0x08, [14] = 0x45, [17] = 40, [23] = 6, [46] = 0x50};
		struct maker maker = make_usual();
		char reason[128];

		for (int c = 0; c < 3; c++)
			if (cases[i].change[c].at)
				data[cases[i].change[c].at] = cases[i].change[c].value;
		put_record(&maker, data, cases[i].captured, cases[i].length);
		snprintf(reason, sizeof(reason), "made.pcap: packet 1: %s", cases[i].reason);
		assert_refused(&maker, reason);
	}
}

static void broken_files_are_refused(void **state)
{
	(void)state;

	struct maker maker = make_usual();

	assert_refused(&maker,
		       "made.pcap: no marker after its 0 packets: the capture is incomplete");

	maker = make_usual();
	make_short_scene(&maker);
	maker.size -= 3; /* inside the last record */
	assert_refused_because(&maker, "made.pcap: after packet 4: ");

	maker = make_usual();
	tcp(&maker, 0, 'C', "S", 0);
	put(&maker, "cut", 3);
	assert_refused_because(&maker, "made.pcap: after packet 1: ");

	maker = make_usual();
	put(&maker, (uint32_t[]){0, 0, 0xfffffff0u, 60}, 16);
	assert_refused_because(&maker, "made.pcap: after packet 0: ");

	maker = (struct maker){0};
	put(&maker, "not a capture, but long enough to be one", 40);
	assert_refused_because(&maker, "made.pcap: not a capture: ");

	maker = make(DLT_IEEE802_11, false, false);
	assert_refused(&maker, "made.pcap: link type 802.11 is not supported");
}

static void a_path_that_cannot_be_read(void **state)
{
	struct capture capture;
	struct reason why = {""};

	(void)state;
	assert_false(capture_open("/nowhere/x.pcap", &capture, &why));
	assert_string_equal(why.text, "/nowhere/x.pcap: ENOENT");
}

static void too_many_packets_are_refused(void **state)
{
	struct maker maker = make_usual();
	uint8_t arp[14] = {[12] = 0x08, [13] = 0x06};
	size_t one;

	(void)state;
	put_record(&maker, arp, sizeof(arp), sizeof(arp));
	one = maker.size - 24;
	maker.bytes = realloc(maker.bytes, 24 + one * (CAPTURE_LIMIT + 1));
	assert_non_null(maker.bytes);
	for (size_t i = 1; i <= CAPTURE_LIMIT; i++)
		memcpy(maker.bytes + 24 + i * one, maker.bytes + 24, one);
	maker.size = 24 + one * (CAPTURE_LIMIT + 1);
	assert_refused(&maker, "made.pcap: more than 262144 packets");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_link_type_reads_the_same),
		cmocka_unit_test(vlan_tags_are_skipped),
		cmocka_unit_test(null_of_the_other_byte_order),
		cmocka_unit_test(other_traffic_is_not_shown),
		cmocka_unit_test(times_are_nanoseconds),
		cmocka_unit_test(pcapng_is_read),
		cmocka_unit_test(a_file_of_the_other_byte_order),
		cmocka_unit_test(sizes_come_from_headers),
		cmocka_unit_test(ipv6_extension_headers),
		cmocka_unit_test(after_the_marker_nothing_is_read),
		cmocka_unit_test(only_the_marker_is_the_marker),
		cmocka_unit_test(a_marker_that_is_cut_off_is_none),
		cmocka_unit_test(hostile_packets_are_refused),
		cmocka_unit_test(broken_files_are_refused),
		cmocka_unit_test(a_path_that_cannot_be_read),
		cmocka_unit_test(too_many_packets_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
