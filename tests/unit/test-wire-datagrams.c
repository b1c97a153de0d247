/* UDP and ICMP beside TCP: shown on demand, and whose they are. */
#include "maker.h"

/* An ICMP error quotes the head of the packet that it is about. */
static void put_icmp_error(struct maker *maker, unsigned from, unsigned to)
{
	uint8_t message[8 + 48] = {0};
	size_t used;

	message[0] = maker->six ? 1 : 3;
	message[1] = maker->six ? 4 : 3;
	used = 8 + put_ip(maker, message + 8, 17, 1008);
	put16(message + used, from);
	put16(message + used + 2, to);
	put_packet(maker, maker->six ? 58 : 1, message, used + 8, 0);
}

static void udp_and_icmp_are_shown_on_demand(void **state)
{
	static const unsigned rules[] = {0, SHOW_UDP, SHOW_ICMP, SHOW_UDP | SHOW_ICMP};
	static const char *const expected[2][4] = {
		{"", "C  udp   5\nS  udp   3\n", "S  icmp  3/3\nC  icmp  3/3\n",
		 "C  udp   5\nS  udp   3\nS  icmp  3/3\nC  icmp  3/3\n"},
		{"", "C  udp   5\nS  udp   3\n", "S  icmp6  1/4\nC  icmp6  1/4\n",
		 "C  udp    5\nS  udp    3\nS  icmp6  1/4\nC  icmp6  1/4\n"}};

	(void)state;
	for (int six = 0; six < 2; six++) {
		for (int i = 0; i < 4; i++) {
			struct maker maker = make(DLT_EN10MB, six, false);

			put_udp(&maker, 1000, 2000, "hello");
			put_udp(&maker, 2000, 1000, "you");
			put_icmp_error(&maker, 1000, 2000);
			put_icmp_error(&maker, 2000, 1000);
			assert_reads(&maker, rules[i], expected[six][i]);
		}
	}
}

/* Who got the packet that an error is about is its end, even where that packet is not there. */
static void an_error_alone_comes_from_the_server(void **state)
{
	struct maker maker = make_usual();

	(void)state;
	put_icmp_error(&maker, 1000, 2000);
	assert_reads(&maker, SHOW_ICMP, "S  icmp  3/3\n");
}

static void icmp_echo_and_neighbour_discovery(void **state)
{
	struct maker maker = make_usual(), six = make(DLT_EN10MB, true, false);
	uint8_t message[16] = {8};

	(void)state;
	put_packet(&maker, 1, message, 16, 0);
	message[0] = 0;
	put_packet(&maker, 1, message, 16, 0);
	assert_reads(&maker, SHOW_ICMP, "C  icmp  8/0\nS  icmp  0/0\n");
	message[0] = 135; /* neighbour solicitation: not what an expectation is about */
	put_packet(&six, 58, message, 16, 0);
	message[0] = 128;
	put_packet(&six, 58, message, 16, 0);
	assert_reads(&six, SHOW_ICMP, "C  icmp6  128/0\n");
}

static void the_first_fragment_of_a_datagram_stands_for_it(void **state)
{
	struct maker maker = make(LINKTYPE_RAW_IP, false, false);
	uint8_t first[28] = {[0] = 0x45, [3] = 28, [6] = 0x20, [9] = 17, [24] = 0x20};
	uint8_t later[28] = {[0] = 0x45, [3] = 28, [7] = 1, [9] = 17, [24] = 0xff};

	(void)state;
	put_record(&maker, first, 28, 28);
	put_record(&maker, later, 28, 28);
	assert_reads(&maker, SHOW_UDP, "C  udp   8184\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(udp_and_icmp_are_shown_on_demand),
		cmocka_unit_test(an_error_alone_comes_from_the_server),
		cmocka_unit_test(icmp_echo_and_neighbour_discovery),
		cmocka_unit_test(the_first_fragment_of_a_datagram_stands_for_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
