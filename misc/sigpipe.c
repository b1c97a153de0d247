/*
 * sigpipe: what becomes of a process that writes to a connection which its peer has reset.
 *
 * The first send() after the reset returns ECONNRESET; the second returns EPIPE and raises
 * SIGPIPE, which ends the process unless it does one of the things that -m chooses between. The
 * server is rstserver (-p), or the program itself.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/proc.h"

static const char usage[] =
	"usage: sigpipe [-m MODE] [-i ADDRESS] [-p PORT]\n"
	"Send twice to a connection that its peer has reset.\n\n"
	"  -m default    SIGPIPE does what it does by default: it kills (so without -m)\n"
	"  -m ignore     SIGPIPE is ignored, by this process and whatever it executes\n"
	"  -m catch      SIGPIPE is caught and counted\n"
	"  -m nosignal   send() with MSG_NOSIGNAL raises none\n"
	"  -i ADDRESS    where rstserver listens (127.0.0.1)\n"
	"  -p PORT       the port it listens at; without -p no server is needed\n"
	"  -h            print this";

enum mode { DEFAULT, IGNORE, CATCH, NOSIGNAL };

static enum mode parse_mode(const char *text)
{
	static const char *const names[] = {"default", "ignore", "catch", "nosignal"};

	for (int i = 0; i < 4; i++)
		if (strcmp(text, names[i]) == 0)
			return (enum mode)i;
	usage_error("-m: '%s' is none of default, ignore, catch, nosignal", text);
}

/* A connect() that blocked could be woken by the reset, and would take ECONNRESET away. */
static int connect_without_waiting(const char *host, const char *port)
{
	struct sockaddr_storage address;
	socklen_t length = resolve(host, port, &address);
	int fd = must(socket(address.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));

	if (connect(fd, (struct sockaddr *)&address, length) == -1 && errno != EINPROGRESS)
		die("connect to %s port %s: %s", host, port, errno_name(errno));
	set_nonblocking(fd, false);
	return fd;
}

int main(int argc, char **argv)
{
	const char *host = "127.0.0.1", *port = NULL;
	enum mode mode = DEFAULT;

	opterr = 0;
	for (int option; (option = getopt(argc, argv, ":hm:i:p:")) != -1;) {
		switch (option) {
		case 'h': puts(usage); return EXIT_SUCCESS;
		case 'm': mode = parse_mode(optarg); break;
		case 'i': host = optarg; break;
		case 'p':
			parse_number(optarg, 1, 65535, "-p");
			port = optarg;
			break;
		case ':': usage_error("-%c needs a value", optopt);
		default: usage_error("no option -%c, see -h", optopt);
		}
	}
	if (optind < argc)
		usage_error("what is '%s'? see -h", argv[optind]);

	mask_signal(SIG_UNBLOCK, SIGPIPE); /* nothing here is as inherited */
	if (mode == CATCH)
		count_signal(SIGPIPE, 0);
	else
		on_signal(SIGPIPE, mode == IGNORE ? SIG_IGN : SIG_DFL, 0);

	int fd = port ? connect_without_waiting(host, port) : reset_by_peer();
	int flags = mode == NOSIGNAL ? MSG_NOSIGNAL : 0;

	fact_text("poll", "%s", poll_mask(await_hangup(fd)));

	ssize_t sent = send(fd, "hello", 5, flags);

	if (sent == -1 && errno == ECONNREFUSED) /* connect() did not wait for it */
		die("connect to %s port %s: ECONNREFUSED", host, port);
	fact(sent, "first send");
	fact(send(fd, "hello", 5, flags), "second send");
	if (mode == CATCH)
		fact(signals_counted(), "SIGPIPE");
	return EXIT_SUCCESS;
}
