#include "net.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/sockios.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "fact.h"
#include "family.h"
#include "must.h"
#include "proc.h"

socklen_t resolve(const char *host, const char *port, struct sockaddr_storage *out)
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV};
	struct addrinfo *list;
	int err = getaddrinfo(host, port, &hints, &list);

	if (err)
		usage_error("%s port %s: %s", host, port, gai_strerror(err));
	memcpy(out, list->ai_addr, list->ai_addrlen);
	socklen_t length = list->ai_addrlen;

	freeaddrinfo(list);
	return length;
}

const char *address_text(const struct sockaddr *address, socklen_t length)
{
	static _Thread_local char text[NI_MAXHOST + NI_MAXSERV + 8];
	char host[NI_MAXHOST], port[NI_MAXSERV];
	int err = getnameinfo(address, length, host, sizeof(host), port, sizeof(port),
			      NI_NUMERICHOST | NI_NUMERICSERV);

	if (err)
		return gai_strerror(err);
	snprintf(text, sizeof(text), "%s port %s", host, port);
	return text;
}

int listen_loopback(int backlog)
{
	struct sockaddr_storage address;
	socklen_t length = loopback_address(0, &address);
	int fd = must(socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));

	must(bind(fd, (struct sockaddr *)&address, length));
	must(listen(fd, backlog));
	return fd;
}

int local_port(int fd)
{
	struct sockaddr_in6 address = {0}; /* sockaddr_in has its port in the same place */
	socklen_t length = sizeof(address);

	must(getsockname(fd, (struct sockaddr *)&address, &length));
	return ntohs(address.sin6_port);
}

int connect_to(int fd, int listener)
{
	struct sockaddr_storage address;
	socklen_t length = sizeof(address);

	must(getsockname(listener, (struct sockaddr *)&address, &length));
	return connect(fd, (struct sockaddr *)&address, length);
}

int connect_loopback(int listener)
{
	int fd = must(socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));

	must(connect_to(fd, listener));
	return fd;
}

int connect_to_port(const char *port)
{
	struct sockaddr_storage address;
	socklen_t length = resolve("127.0.0.1", port, &address);
	int fd = must(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));

	must(connect(fd, (struct sockaddr *)&address, length));
	return fd;
}

static void pair(int listener, int ends[2])
{
	ends[CLIENT] = connect_loopback(listener);
	ends[SERVER] = must(accept4(listener, NULL, NULL, SOCK_CLOEXEC));
	must(close(listener));
}

void tcp_pair(int ends[2])
{
	pair(listen_loopback(1), ends);
}

void tcp_pair_of_mss(int mss, int ends[2])
{
	int listener = listen_loopback(1);

	set_option(listener, IPPROTO_TCP, TCP_MAXSEG, mss);
	pair(listener, ends);
}

void set_option(int fd, int level, int option, int value)
{
	must(setsockopt(fd, level, option, &value, sizeof(value)));
}

int get_option(int fd, int level, int option)
{
	int value = 0;
	socklen_t length = sizeof(value);

	must(getsockopt(fd, level, option, &value, &length));
	return value;
}

void set_linger(int fd, int seconds)
{
	struct linger linger = {.l_onoff = 1, .l_linger = seconds};

	must(setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger)));
}

void set_linger_zero(int fd)
{
	set_linger(fd, 0);
}

void set_nonblocking(int fd, bool on)
{
	int flags = must(fcntl(fd, F_GETFL));

	must(fcntl(fd, F_SETFL, on ? flags | O_NONBLOCK : flags & ~O_NONBLOCK));
}

void send_all(int fd, const void *data, size_t size)
{
	const char *next = data;

	while (size > 0) {
		ssize_t sent = must_n(send(fd, next, size, MSG_NOSIGNAL));

		next += sent;
		size -= (size_t)sent;
	}
}

void recv_all(int fd, void *data, size_t size)
{
	char *next = data;

	while (size > 0) {
		ssize_t got = must_n(recv(fd, next, size, 0));

		if (got == 0)
			die("recv: end of file with %zu bytes to come", size);
		next += got;
		size -= (size_t)got;
	}
}

int await_poll(int fd, int events)
{
	struct pollfd entry = {.fd = fd, .events = (short)events};
	int ready;

	do
		ready = poll(&entry, 1, -1);
	while (ready == -1 && errno == EINTR);
	must(ready);
	return entry.revents;
}

static struct tcp_info tcp_info(int fd)
{
	struct tcp_info info = {0};
	socklen_t length = sizeof(info);

	must(getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &length));
	return info;
}

static bool ended_by_peer(int fd)
{
	switch (tcp_info(fd).tcpi_state) {
	case TCP_CLOSE_WAIT:
	case TCP_CLOSING:
	case TCP_LAST_ACK:
	case TCP_TIME_WAIT:
	case TCP_CLOSE: return true;
	default: return false;
	}
}

int await_hangup(int fd)
{
	struct pollfd entry = {.fd = fd, .events = POLLRDHUP};

	/* RDHUP wakes, the state decides: a reset sets ERR before the others, but TCP_INFO waits
	 * until it is through; and gVisor knows no RDHUP. */
	while (!ended_by_peer(fd))
		if (poll(&entry, 1, 1) == -1 && errno != EINTR)
			die("poll: %s", errno_name(errno));
	return await_poll(fd, POLLIN | POLLRDHUP);
}

void close_in_fin_wait2(int fd)
{
	must(shutdown(fd, SHUT_WR));
	while (strcmp(tcp_state(fd), "FIN_WAIT2") != 0)
		nap();
	must(close(fd));
}

int reset_after(const char *text)
{
	int ends[2];

	tcp_pair(ends);
	send_all(ends[SERVER], text, strlen(text));
	if (*text)
		await_poll(ends[CLIENT], POLLIN);
	set_linger_zero(ends[SERVER]);
	must(close(ends[SERVER]));
	if (!(await_hangup(ends[CLIENT]) & POLLERR))
		die("the peer's close() did not reset the connection");
	return ends[CLIENT];
}

int reset_by_peer(void)
{
	return reset_after("");
}

static void attach(int fd, struct sock_filter *filter, unsigned short length)
{
	struct sock_fprog program = {.len = length, .filter = filter};
	socklen_t asked = 0; /* asks for the filter's length */

	must(setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program)));
	/* gVisor takes filters and ignores them: it has none to show. */
	if (getsockopt(fd, SOL_SOCKET, SO_GET_FILTER, NULL, &asked) == -1)
		impossible("no socket filters: SO_GET_FILTER: %s", errno_name(errno));
}

void drop_input(int fd, bool on)
{
	struct sock_filter drop_all[] = {BPF_STMT(BPF_RET | BPF_K, 0)};
	int unused = 0;

	if (on)
		attach(fd, drop_all, 1);
	else
		must(setsockopt(fd, SOL_SOCKET, SO_DETACH_FILTER, &unused, sizeof(unused)));
}

/* What a filter is shown begins with the TCP header. */
void drop_flags(int fd, int flags)
{
	struct sock_filter drop_some[] = {
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 13), /* the flags */
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, (unsigned)flags, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, 0),
		BPF_STMT(BPF_RET | BPF_K, ~0U),
	};

	attach(fd, drop_some, sizeof(drop_some) / sizeof(drop_some[0]));
}

void drop_after_syn(int fd, int port)
{
	struct sock_filter drop_one[] = {
		BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 0), /* the source port */
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)port, 0, 3),
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 13), /* the flags */
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, TH_ACK, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, 0),
		BPF_STMT(BPF_RET | BPF_K, ~0U),
	};

	attach(fd, drop_one, sizeof(drop_one) / sizeof(drop_one[0]));
}

const char *tcp_state(int fd)
{
	static const char *const names[] = {[TCP_ESTABLISHED] = "ESTABLISHED",
					    [TCP_SYN_SENT] = "SYN_SENT",
					    [TCP_SYN_RECV] = "SYN_RECV",
					    [TCP_FIN_WAIT1] = "FIN_WAIT1",
					    [TCP_FIN_WAIT2] = "FIN_WAIT2",
					    [TCP_TIME_WAIT] = "TIME_WAIT",
					    [TCP_CLOSE] = "CLOSE",
					    [TCP_CLOSE_WAIT] = "CLOSE_WAIT",
					    [TCP_LAST_ACK] = "LAST_ACK",
					    [TCP_LISTEN] = "LISTEN",
					    [TCP_CLOSING] = "CLOSING"};
	struct tcp_info info = tcp_info(fd);

	if (info.tcpi_state >= sizeof(names) / sizeof(names[0]) || !names[info.tcpi_state])
		die("TCP_INFO: unknown state %d", info.tcpi_state);
	return names[info.tcpi_state];
}

int tcp_sockets(int port, int state)
{
	FILE *file = must_ptr(fopen(family == AF_INET6 ? "/proc/net/tcp6" : "/proc/net/tcp", "re"));
	char line[256];
	unsigned line_port, line_state;
	int count = 0;

	while (fgets(line, sizeof(line), file))
		/* NOLINTNEXTLINE(cert-err34-c): the kernel's own numbers fit */
		if (sscanf(line, " %*d: %*x:%x %*x:%*x %x", &line_port, &line_state) == 2 &&
		    (port == 0 || (int)line_port == port) && (int)line_state == state)
			count++;
	fclose(file);
	return count;
}

/* gVisor lists sockets with a descriptor only, and has no file that counts the others. */
void need_orphans_told(void)
{
	if (access("/proc/net/sockstat", R_OK) == -1)
		impossible("sockets without a descriptor are not told of: /proc/net/sockstat: %s",
			   errno_name(errno));
}

void await_tcp_sockets(int port, int state, int count)
{
	while (tcp_sockets(port, state) != count)
		nap();
}

void set_sysctl(const char *name, const char *value)
{
	char path[128] = "/proc/sys/";
	size_t length = strlen(path);

	for (; *name && length < sizeof(path) - 1; name++)
		path[length++] = *name == '.' ? '/' : *name;

	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd == -1 && errno == ENOENT)
		impossible("no %s", path);
	if (fd == -1)
		die("%s: %s", path, errno_name(errno));

	ssize_t written = write(fd, value, strlen(value));

	if (written == -1 && errno == EIO) /* gVisor has files that cannot be written */
		impossible("%s cannot be set", path);
	if (written == -1)
		die("%s: cannot set '%s': %s", path, value, errno_name(errno));
	must(close(fd));
}

/* The limit stands beside the length; gVisor fills in neither. */
static bool tells_accept_queue(int listener)
{
	return tcp_info(listener).tcpi_sacked > 0;
}

int accept_queue(int listener)
{
	if (!tells_accept_queue(listener))
		impossible("TCP_INFO does not tell how many connections wait to be accepted");
	return (int)tcp_info(listener).tcpi_unacked;
}

bool await_accept_queue(int listener, int count)
{
	if (!tells_accept_queue(listener))
		return false;
	while (accept_queue(listener) != count)
		nap();
	return true;
}

bool is_connected(int fd)
{
	return tcp_info(fd).tcpi_state == TCP_ESTABLISHED;
}

int knock(int listener)
{
	int fd = must(socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
	int queue = (int)tcp_info(listener).tcpi_unacked;
	long drops = net_counter("TcpExt", "ListenDrops");

	if (connect_to(fd, listener) == -1 && errno != EINPROGRESS)
		die("connect: %s", errno_name(errno));
	while ((int)tcp_info(listener).tcpi_unacked == queue &&
	       net_counter("TcpExt", "ListenDrops") == drops)
		nap();
	return fd;
}

bool await_acked(int fd)
{
	int unacked = 0;

	if (ioctl(fd, SIOCOUTQ, &unacked) == -1 && errno == ENOPROTOOPT)
		return false;
	while (must(ioctl(fd, SIOCOUTQ, &unacked)), unacked > 0)
		nap();
	return true;
}

void await_input(int fd, int bytes)
{
	int here = 0;

	while (must(ioctl(fd, SIOCINQ, &here)), here < bytes)
		nap();
}

int not_sent(int fd)
{
	int bytes = 0;

	if (ioctl(fd, SIOCOUTQNSD, &bytes) == -1)
		impossible("SIOCOUTQNSD: %s", errno_name(errno));
	return bytes;
}

/* Both files hold pairs of lines: "Group: name name ..." and "Group: value value ...". */
static bool counter_in(const char *path, const char *group, const char *name, long *value)
{
	FILE *file = must_ptr(fopen(path, "re"));
	char *names = NULL, *values = NULL;
	size_t names_size = 0, values_size = 0, length = strlen(group);
	bool found = false;

	while (!found && getline(&names, &names_size, file) > 0 &&
	       getline(&values, &values_size, file) > 0) {
		char *names_at, *values_at, *column, *number;

		if (strncmp(names, group, length) != 0 || names[length] != ':')
			continue;
		column = strtok_r(names, " \n", &names_at);
		number = strtok_r(values, " \n", &values_at);
		while (column && number && strcmp(column, name) != 0) {
			column = strtok_r(NULL, " \n", &names_at);
			number = strtok_r(NULL, " \n", &values_at);
		}
		if (column && number) {
			*value = strtol(number, NULL, 10);
			found = true;
		}
	}
	free(names);
	free(values);
	fclose(file);
	return found;
}

/* One line a counter: "Icmp6InDestUnreachs   3". */
static bool counter_in_snmp6(const char *group, const char *name, long *value)
{
	FILE *file = fopen("/proc/net/snmp6", "re");
	size_t length = strlen(group);
	char line[128], *at;
	bool found = false;

	if (!file)
		return false;
	while (!found && fgets(line, sizeof(line), file)) {
		char *column = strtok_r(line, " \t\n", &at), *number = strtok_r(NULL, " \t\n", &at);

		found = column && number && strncmp(column, group, length) == 0 &&
			strcmp(column + length, name) == 0;
		if (found)
			*value = strtol(number, NULL, 10);
	}
	fclose(file);
	return found;
}

long counted(const char *group, const char *name)
{
	long value = 0;

	if (!counter_in("/proc/net/netstat", group, name, &value) &&
	    !counter_in("/proc/net/snmp", group, name, &value) &&
	    !counter_in_snmp6(group, name, &value))
		return -1;
	return value;
}

long net_counter(const char *group, const char *name)
{
	long value = counted(group, name);

	if (value == -1)
		impossible("no counter %s %s in /proc/net", group, name);
	return value;
}

void fact_counted(const char *group, const char *name, long before)
{
	long now = counted(group, name);
	char what[64];

	if (now != -1) {
		fact(now - before, "kernel %s", name);
		return;
	}
	snprintf(what, sizeof(what), "kernel %s", name);
	fact_text(what, "not counted");
}

long await_net_counter(const char *group, const char *name, long value)
{
	long seen;

	while ((seen = net_counter(group, name)) < value)
		nap();
	return seen;
}
