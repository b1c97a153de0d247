/*
 * rstserver: a server that resets every client.
 *
 * A zero linger time makes close() abort the connection (socket(7) SO_LINGER, RFC 9293 3.10.5):
 * RST goes out in place of FIN, and whatever the client does next meets ECONNRESET. The other half
 * of the demonstration is sigpipe.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/must.h"
#include "lib/net.h"
#include "lib/server.h"
#include "lib/stop.h"

int main(int argc, char **argv)
{
	struct server server = {.backlog = SOMAXCONN, .rules.patience = 60};
	const char *address = "127.0.0.1", *port = "2000";
	unsigned long resets = 0;

	opterr = 0;
	for (int option; (option = getopt(argc, argv, ":hi:p:")) != -1;) {
		switch (option) {
		case 'h':
			puts("usage: rstserver [-i ADDRESS] [-p PORT]\n"
			     "Accept connections and reset them.\n\n"
			     "  -i ADDRESS  listen at this address or name (127.0.0.1)\n"
			     "  -p PORT     listen at this port (2000); 0: the kernel chooses\n"
			     "  -h          print this");
			return EXIT_SUCCESS;
		case 'i': address = optarg; break;
		case 'p':
			parse_number(optarg, 0, 65535, "-p");
			port = optarg;
			break;
		case ':': usage_error("-%c needs a value", optopt);
		default: usage_error("no option -%c, see -h", optopt);
		}
	}
	if (optind < argc)
		usage_error("what is '%s'? see -h", argv[optind]);
	server.address_length = resolve(address, port, &server.address);

	int listener = server_listen(&server, 0);

	stop_catch(listener, 0);
	server_ready(listener);
	while (!stop_requested()) {
		int fd = server_accept(listener, 0);

		if (fd == -1)
			continue;
		set_linger_zero(fd);
		must(close(fd)); /* RST is sent here */
		resets++;
	}
	printf("resets: %lu\n", resets);
	return EXIT_SUCCESS;
}
