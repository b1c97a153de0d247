/*
 * Hostile captures and expectations: good ones with bytes changed at random, always the same. Each
 * is read or refused with a reason; what was read is printed, drawn and proved. Under the
 * sanitizers this also shows that nothing is read that was not captured.
 */
#include "maker.h"

#include "lib/ladder.h"
#include "lib/prove.h"

enum { CAPTURES = 3000, EXPECTATIONS = 3000 };

/* xorshift32 (Marsaglia 2003): the same sequence everywhere. */
static uint32_t random_number(uint32_t below)
{
	static uint32_t state = 2463534242u;

	state ^= state << 13;
	state ^= state >> 17;
	state ^= state << 5;
	return state % below;
}

static struct maker make_rich_scene(uint32_t link, bool six)
{
	struct maker maker = make(link, six, random_number(2));
	uint8_t icmp[64] = {3, 3};

	handshake(&maker, 0);
	tcp(&maker, 0, 'C', "P.", 5);
	tcp(&maker, 1, 'C', "S", 0);
	tcp(&maker, 1, 'S', "R.", 0);
	put_udp(&maker, 1000, 2000, "hello");
	put_ip(&maker, icmp + 8, 6, 40);
	put_packet(&maker, six ? 58 : 1, icmp, 56, 0);
	tcp(&maker, 0, 'S', ".", 1448);
	tcp(&maker, 0, 'S', "P.", 100);
	tcp(&maker, 0, 'C', "FP.U", 1);
	put_marker(&maker);
	return maker;
}

/* Most changes spare the file's own header, or little but libpcap would be tested. */
static void change_bytes(struct maker *maker)
{
	uint32_t changes = 1 + random_number(6);

	while (changes-- > 0) {
		size_t from = random_number(8) ? 24 : 0;
		size_t at = from + random_number((uint32_t)(maker->size - from));

		switch (random_number(3)) {
		case 0: maker->bytes[at] = (uint8_t)random_number(256); break;
		case 1: maker->bytes[at] ^= (uint8_t)(1u << random_number(8)); break;
		default: maker->bytes[at] = random_number(2) ? 0xff : 0; break;
		}
	}
	if (random_number(8) == 0)
		maker->size = 1 + random_number((uint32_t)maker->size);
}

static void use(const struct capture *capture, FILE *nowhere)
{
	struct expectation it = {.rules = random_number(1u << 14)};
	struct widths widths = {0};
	struct proof proof;
	struct reason why = {""};

	assert_true(lines_render(&it.lines, capture->packets, capture->count, it.rules));
	lines_measure(&it.lines, &widths);
	lines_print(nowhere, &it.lines, &widths);
	assert_true(ladder_draw(nowhere, "x.pcap", capture, &it));
	assert_true(prove(&it, capture, &proof, nowhere, &why));
	assert_true(proof.noticed <= proof.mutants);
	lines_free(&it.lines);
}

static void captures_are_read_or_refused(void **state)
{
	static const uint32_t links[] = {DLT_EN10MB,      DLT_NULL,      LINKTYPE_LOOPBACK,
					 LINKTYPE_RAW_IP, DLT_LINUX_SLL, DLT_LINUX_SLL2};
	FILE *nowhere = fopen("/dev/null", "we");
	int read = 0;

	(void)state;
	assert_non_null(nowhere);
	for (int i = 0; i < CAPTURES; i++) {
		struct maker maker = make_rich_scene(links[i % 6], i / 6 % 2);
		struct capture capture;
		struct reason why = {""};

		change_bytes(&maker);
		if (!try_read(&maker, &capture, &why)) {
			assert_memory_equal(why.text, "made.pcap: ", 11);
			assert_null(strchr(why.text, '\n'));
			assert_null(capture.packets);
			continue;
		}
		read++;
		use(&capture, nowhere);
		capture_free(&capture);
	}
	fclose(nowhere);
	/* Neither would say much if all went one way. */
	assert_in_range(read, CAPTURES / 10, CAPTURES * 9 / 10);
}

static void expectations_are_read_or_refused(void **state)
{
	static const char good[] = "# title\nfold acks # why\nshow seq\nshow icmp\n"
				   "1C S 0 seq 0 # note\n1S S. 0 seq 0\n2C icmp 3/3\n1S R. 0\n";
	int read = 0;

	(void)state;
	for (int i = 0; i < EXPECTATIONS; i++) {
		struct maker maker = {0};
		struct expectation it;
		struct reason why = {""};

		put(&maker, good, sizeof(good) - 1);
		for (uint32_t changes = 1 + random_number(2); changes > 0; changes--)
			maker.bytes[random_number((uint32_t)maker.size)] =
				(uint8_t)(random_number(2) ? good[random_number(sizeof(good))]
							   : (int)random_number(256));
		if (expectation_parse((char *)maker.bytes, maker.size, "x.wire", &it, &why)) {
			read++;
			assert_true(it.lines.count > 0);
			expectation_free(&it);
		} else {
			assert_memory_equal(why.text, "x.wire:", 7);
			assert_null(it.text);
		}
		free(maker.bytes);
	}
	assert_in_range(read, EXPECTATIONS / 10, EXPECTATIONS * 9 / 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(captures_are_read_or_refused),
		cmocka_unit_test(expectations_are_read_or_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
