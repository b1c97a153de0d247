/*
 * cork: how many segments a few small writes become under Nagle's rule, TCP_NODELAY, TCP_CORK and
 * MSG_MORE.
 *
 * A connection of the program with itself, over loopback. The peer's ACKs are withheld while it
 * writes (drop_input), as on a long way; that is what Nagle's rule waits for. What has left is
 * asked of the kernel (TCP_INFO, tcpi_data_segs_out); what tcpdump shows of it is in
 * docs/segment.md.
 */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/must.h"
#include "lib/net.h"
#include "lib/timers.h"

static const char usage[] =
	"usage: cork [-w WRITES] [-b BYTES] [-T SECONDS]\n"
	"Show how many segments some small writes become under Nagle's rule, TCP_NODELAY,\n"
	"TCP_CORK and MSG_MORE.\n\n"
	"  -w WRITES   how many writes (5)\n"
	"  -b BYTES    of how many bytes each (10)\n"
	"  -T SECONDS  make TCP's timers wait that long, for a machine that may be slow; needs\n"
	"              CAP_NET_ADMIN in a network namespace of your own\n"
	"  -h          print this\n";

/* The kernel's struct goes further than the C library's; a longer one is cut (tcp(7)). */
struct tcp_info_more {
	struct tcp_info info;
	__extension__ unsigned long long pacing[2], bytes[2];
	unsigned segments[2], not_sent, min_rtt, data_segments_in, data_segments_out;
};

static unsigned segments_sent(int fd)
{
	struct tcp_info_more more;
	socklen_t length = sizeof(more);

	must(getsockopt(fd, IPPROTO_TCP, TCP_INFO, &more, &length));
	if (length < sizeof(more))
		impossible("this kernel does not count data segments (TCP_INFO, Linux 4.6)");
	return more.data_segments_out - more.info.tcpi_total_retrans;
}

static void show(const char *name, int option, int flags, int writes, size_t bytes)
{
	static char data[65536];
	int ends[2];

	tcp_pair(ends);
	if (option)
		set_option(ends[CLIENT], IPPROTO_TCP, option, 1);
	drop_input(ends[CLIENT], true);
	for (int i = 1; i <= writes; i++)
		must_n(send(ends[CLIENT], data, bytes, i < writes ? flags : 0));

	unsigned before = segments_sent(ends[CLIENT]);

	/* The ACK that Nagle's rule waits for comes with a byte of the peer's. */
	drop_input(ends[CLIENT], false);
	send_all(ends[SERVER], data, 1);
	recv_all(ends[CLIENT], data, 1);
	if (option == TCP_CORK)
		set_option(ends[CLIENT], IPPROTO_TCP, TCP_CORK, 0);
	for (int i = 0; i < writes; i++)
		recv_all(ends[SERVER], data, bytes);
	printf("%-12s %u %s before the ACK, %u in all\n", name, before,
	       before == 1 ? "segment " : "segments", segments_sent(ends[CLIENT]));
	must(close(ends[CLIENT]));
	must(close(ends[SERVER]));
}

int main(int argc, char **argv)
{
	int writes = 5, bytes = 10;

	for (int option; (option = getopt(argc, argv, "hw:b:T:")) != -1;) {
		switch (option) {
		case 'h': fputs(usage, stdout); return 0;
		case 'w': writes = (int)parse_number(optarg, 1, 1000, "-w"); break;
		case 'b': bytes = (int)parse_number(optarg, 1, 65536, "-b"); break;
		case 'T': tcp_timers_at_least((int)parse_number(optarg, 1, 3600, "-T")); break;
		default: return EXIT_USAGE;
		}
	}
	if (optind < argc)
		usage_error("'%s': no arguments; see cork -h", argv[optind]);

	show("Nagle", 0, 0, writes, (size_t)bytes);
	show("TCP_NODELAY", TCP_NODELAY, 0, writes, (size_t)bytes);
	show("TCP_CORK", TCP_CORK, 0, writes, (size_t)bytes);
	show("MSG_MORE", TCP_NODELAY, MSG_MORE, writes, (size_t)bytes);
	return 0;
}
