/*
 * transfer: a file out of the page cache through a TCP connection over loopback, by one of the ways
 * there are, and what both ends took.
 *
 * The receiver reads into one buffer and looks at nothing. A file that is smaller than what is to
 * be sent is sent again and again, each time from its beginning, as to one client after the other.
 * What comes out is one line of JSON.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/errqueue.h>
#include <linux/io_uring.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/bench.h"
#include "lib/must.h"
#include "lib/net.h"
#include "lib/proc.h"

enum { RECEIVE = 256 * 1024, ZEROCOPY_ROOM = 64 };

static size_t buffer_size = (size_t)64 * 1024;
static char *buffer;
static unsigned long calls, copied;

static void write_all(int fd, const char *data, size_t size)
{
	while (size > 0) {
		size_t sent = (size_t)must_n(write(fd, data, size));

		calls++;
		data += sent;
		size -= sent;
	}
}

static void copy(int fd, int file, off_t size)
{
	for (off_t done = 0; done < size;) {
		size_t want =
			(size_t)(size - done) < buffer_size ? (size_t)(size - done) : buffer_size;
		size_t got = (size_t)must_n(pread(file, buffer, want, done));

		calls++;
		write_all(fd, buffer, got);
		done += (off_t)got;
	}
}

static char *map(int file, off_t size)
{
	void *at = mmap(NULL, (size_t)size, PROT_READ, MAP_SHARED, file, 0);

	if (at == MAP_FAILED)
		die("mmap: %s", errno_name(errno));
	calls++;
	return at;
}

static void unmap(char *at, off_t size)
{
	must(munmap(at, (size_t)size));
	calls++;
}

static void mapped(int fd, int file, off_t size)
{
	char *data = map(file, size);

	write_all(fd, data, (size_t)size);
	unmap(data, size);
}

static void by_sendfile(int fd, int file, off_t size)
{
	for (off_t done = 0; done < size; calls++)
		must_n(sendfile(fd, file, &done, (size_t)(size - done)));
}

static void by_splice(int fd, int file, off_t size)
{
	static int ends[2] = {-1, -1};

	if (ends[0] == -1)
		must(pipe(ends));
	for (off_t done = 0; done < size;) {
		size_t held = (size_t)must_n(
			splice(file, &done, ends[1], NULL, (size_t)(size - done), 0));

		calls++;
		for (; held > 0; calls++)
			held -= (size_t)must_n(splice(ends[0], NULL, fd, NULL, held,
						      done < size ? SPLICE_F_MORE : 0));
	}
}

/* Take back what the kernel is done with (Documentation/networking/msg_zerocopy.rst). Returns how
 * many sends that were. */
static unsigned take_back(int fd, bool wait)
{
	char control[128];
	struct msghdr message = {.msg_control = control, .msg_controllen = sizeof(control)};
	struct pollfd error = {.fd = fd};

	if (wait)
		must(poll(&error, 1, -1));
	calls++;
	if (recvmsg(fd, &message, MSG_ERRQUEUE | MSG_DONTWAIT) == -1)
		return 0;

	struct cmsghdr *header = CMSG_FIRSTHDR(&message);
	struct sock_extended_err report;

	if (!header)
		die("MSG_ERRQUEUE: a message about nothing");
	memcpy(&report, CMSG_DATA(header), sizeof(report));
	if (report.ee_code & SO_EE_CODE_ZEROCOPY_COPIED)
		copied++;
	return report.ee_data - report.ee_info + 1;
}

static void zerocopy(int fd, int file, off_t size)
{
	char *data = map(file, size);
	unsigned under_way = 0;

	set_option(fd, SOL_SOCKET, SO_ZEROCOPY, 1);
	for (off_t done = 0; done < size;) {
		size_t want =
			(size_t)(size - done) < buffer_size ? (size_t)(size - done) : buffer_size;
		ssize_t sent = send(fd, data + done, want, MSG_ZEROCOPY);

		calls++;
		if (sent == -1 && errno != ENOBUFS)
			die("send(MSG_ZEROCOPY): %s", errno_name(errno));
		if (sent > 0) {
			done += sent;
			under_way++;
		}
		if (sent == -1 && under_way == 0)
			impossible("MSG_ZEROCOPY of %zu bytes: ENOBUFS (see ulimit -l)", want);
		while (sent == -1 || under_way >= ZEROCOPY_ROOM) {
			under_way -= take_back(fd, true);
			sent = 0;
		}
	}
	while (under_way > 0)
		under_way -= take_back(fd, true);
	unmap(data, size);
}

/* The two rings of io_uring, without a library: io_uring_setup(2), io_uring_enter(2). */
static struct {
	int fd;
	unsigned *tail, *mask, *array, *head_done, *mask_done;
	struct io_uring_sqe *entries;
	struct io_uring_cqe *done;
} ring = {.fd = -1};

static void *map_ring(size_t size, off_t offset)
{
	void *at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, ring.fd,
			offset);

	if (at == MAP_FAILED)
		die("mmap of io_uring: %s", errno_name(errno));
	return at;
}

static void make_ring(void)
{
	enum { ENTRIES = 2 };
	struct io_uring_params params = {0};

	ring.fd = (int)syscall(SYS_io_uring_setup, ENTRIES, &params);
	if (ring.fd == -1)
		impossible("io_uring_setup: %s", errno_name(errno));

	char *submit = map_ring(params.sq_off.array + params.sq_entries * sizeof(unsigned),
				IORING_OFF_SQ_RING);
	char *complete =
		map_ring(params.cq_off.cqes + params.cq_entries * sizeof(struct io_uring_cqe),
			 IORING_OFF_CQ_RING);

	ring.tail = (unsigned *)(void *)(submit + params.sq_off.tail);
	ring.mask = (unsigned *)(void *)(submit + params.sq_off.ring_mask);
	ring.array = (unsigned *)(void *)(submit + params.sq_off.array);
	ring.head_done = (unsigned *)(void *)(complete + params.cq_off.head);
	ring.mask_done = (unsigned *)(void *)(complete + params.cq_off.ring_mask);
	ring.done = (struct io_uring_cqe *)(void *)(complete + params.cq_off.cqes);
	ring.entries = map_ring(params.sq_entries * sizeof(struct io_uring_sqe), IORING_OFF_SQES);
}

static void submit(const struct io_uring_sqe *entry)
{
	unsigned tail = *ring.tail, slot = tail & *ring.mask;

	ring.entries[slot] = *entry;
	ring.array[slot] = slot;
	atomic_thread_fence(memory_order_release);
	*(volatile unsigned *)ring.tail = tail + 1;
}

static void complete_one(int wanted)
{
	unsigned head = *ring.head_done;
	int result = ring.done[head & *ring.mask_done].res;

	*(volatile unsigned *)ring.head_done = head + 1;
	if (result != wanted)
		die("io_uring: %d of %d", result, wanted);
}

/* A read and the send of what it read, linked, in one call. */
static void uring(int fd, int file, off_t size)
{
	if (ring.fd == -1)
		make_ring();
	for (off_t done = 0; done < size; calls++) {
		unsigned want = (size_t)(size - done) < buffer_size ? (unsigned)(size - done)
								    : (unsigned)buffer_size;
		struct io_uring_sqe read = {.opcode = IORING_OP_READ,
					    .flags = IOSQE_IO_LINK,
					    .fd = file,
					    .off = (uint64_t)done,
					    .addr = (uintptr_t)buffer,
					    .len = want};
		struct io_uring_sqe send = {.opcode = IORING_OP_SEND,
					    .fd = fd,
					    .addr = (uintptr_t)buffer,
					    .len = want,
					    .msg_flags = MSG_WAITALL};

		submit(&read);
		submit(&send);
		must((int)syscall(SYS_io_uring_enter, ring.fd, 2, 2, IORING_ENTER_GETEVENTS, NULL,
				  0));
		atomic_thread_fence(memory_order_acquire);
		complete_one((int)want);
		complete_one((int)want);
		done += want;
	}
}

static const struct way {
	const char *name;
	void (*send)(int fd, int file, off_t size);
} ways[] = {
	{"copy", copy},        {"mmap", mapped},       {"sendfile", by_sendfile},
	{"splice", by_splice}, {"zerocopy", zerocopy}, {"io_uring", uring},
};
enum { WAYS = sizeof(ways) / sizeof(ways[0]) };

static const struct way *way_named(const char *name)
{
	for (int i = 0; i < WAYS; i++)
		if (strcmp(ways[i].name, name) == 0)
			return &ways[i];
	usage_error("no way '%s', see -h", name);
}

static void receive(int fd, unsigned long long expected)
{
	static char taken[RECEIVE];
	unsigned long long total = 0;

	for (ssize_t got; (got = must_n(recv(fd, taken, sizeof(taken), 0))) > 0;)
		total += (unsigned long long)got;
	if (total != expected)
		die("%llu bytes of %llu came", total, expected);
}

/* What went through lo, as the stack hands it on: data by up to 64 KiB, and ACKs. */
static unsigned long packets_passed(void)
{
	FILE *stats = must_ptr(fopen("/proc/net/dev", "re"));
	unsigned long packets = 0;
	char line[512];

	while (fgets(line, sizeof(line), stats))
		/* NOLINTNEXTLINE(cert-err34-c): the kernel's own numbers fit */
		if (sscanf(line, " lo: %*u %lu", &packets) == 1)
			break;
	fclose(stats);
	return packets;
}

/* High-resolution timers of all processors that expired in a softirq, which is where TCP paces. */
static long timers_expired(void)
{
	FILE *softirqs = fopen("/proc/softirqs", "re");
	char line[8192], *at = NULL, *end;
	long timers = 0;

	while (softirqs && !at && fgets(line, sizeof(line), softirqs))
		at = strstr(line, "HRTIMER:");
	for (at = at ? at + strlen("HRTIMER:") : NULL; at; at = end > at ? end : NULL)
		timers += strtol(at, &end, 10);
	if (softirqs)
		fclose(softirqs);
	return timers;
}

static long switches(const struct rusage *usage)
{
	return usage->ru_nvcsw + usage->ru_nivcsw;
}

static void transfer(const struct way *way, int file, off_t size, long times)
{
	struct rusage before, after, receiver;
	int ends[2], status;

	tcp_pair(ends);
	pid_t pid = must_fork();

	if (pid == 0) {
		must(close(ends[CLIENT]));
		receive(ends[SERVER], (unsigned long long)size * (unsigned long long)times);
		_exit(0);
	}
	must(close(ends[SERVER]));
	unsigned long packets = packets_passed();
	long timers = timers_expired();

	must(getrusage(RUSAGE_SELF, &before));

	double began = bench_now(CLOCK_MONOTONIC);

	for (long i = 0; i < times; i++)
		way->send(ends[CLIENT], file, size);
	must(shutdown(ends[CLIENT], SHUT_WR));
	must(wait4(pid, &status, 0, &receiver));

	double seconds = (bench_now(CLOCK_MONOTONIC) - began) / 1e6;

	must(getrusage(RUSAGE_SELF, &after));
	if (status != 0)
		die("the receiver failed");
	bench_begin();
	printf("\"way\": \"%s\", \"buffer\": %zu, \"size\": %lld, \"bytes\": %lld"
	       ", \"seconds\": %.6f, \"sender_us\": %.0f, \"receiver_us\": %.0f"
	       ", \"calls\": %lu, \"copied\": %lu, \"packets\": %lu, \"timers\": %ld, "
	       "\"switches\": %ld}\n",
	       way->name, buffer_size, (long long)size, (long long)size * times, seconds,
	       bench_us(&after) - bench_us(&before), bench_us(&receiver), calls, copied,
	       packets_passed() - packets, timers_expired() - timers,
	       switches(&after) - switches(&before) + switches(&receiver));
}

static void usage(void)
{
	printf("usage: %s [-c PROCESSOR] [-C ALGORITHM] [-B BUFFER] [-s SIZE] [-t TOTAL]\n"
	       "       [-l KEY=VALUE]... WAY FILE\n"
	       "Send FILE through a TCP connection, and measure both ends.\n\n"
	       "  -c PROCESSOR  where both run (-1: anywhere, the default)\n"
	       "  -C ALGORITHM  of congestion control (reno)\n"
	       "  -B BUFFER     bytes read or sent at once, where there is a choice (65536)\n"
	       "  -s SIZE       bytes of the file (all)\n"
	       "  -t TOTAL      bytes to send at least, the file again and again (SIZE)\n"
	       "  -l KEY=VALUE  to be printed with the rest\n"
	       "  -h            print this\n\n"
	       "WAY:",
	       program_invocation_short_name);
	for (int i = 0; i < WAYS; i++)
		printf(" %s", ways[i].name);
	printf("\n");
	exit(EXIT_SUCCESS);
}

int main(int argc, char **argv)
{
	const char *congestion = NULL;
	int processor = -1;
	off_t size = 0, total = 0;
	struct stat stat;

	opterr = 0;
	for (int option; (option = getopt(argc, argv, ":hc:C:B:s:t:l:")) != -1;) {
		switch (option) {
		case 'h': usage(); break;
		case 'c': processor = (int)parse_number(optarg, -1, 1023, "-c"); break;
		case 'C': congestion = optarg; break;
		case 'B': buffer_size = (size_t)parse_number(optarg, 1, 1 << 30, "-B"); break;
		case 's': size = parse_number(optarg, 1, INT64_MAX / 2, "-s"); break;
		case 't': total = parse_number(optarg, 1, INT64_MAX / 2, "-t"); break;
		case 'l': bench_label(optarg); break;
		case ':': usage_error("-%c needs a value", optopt);
		default: usage_error("no option -%c, see -h", optopt);
		}
	}
	if (optind != argc - 2)
		usage_error("a WAY and a FILE are needed, see -h");
	const struct way *way = way_named(argv[optind]);
	int file = open(argv[optind + 1], O_RDONLY | O_CLOEXEC);

	if (file == -1)
		usage_error("%s: %s", argv[optind + 1], errno_name(errno));
	must(fstat(file, &stat));
	if (size == 0)
		size = stat.st_size;
	if (size == 0 || size > stat.st_size)
		usage_error("-s: the file has %lld bytes", (long long)stat.st_size);

	buffer = must_ptr(malloc(buffer_size));
	memset(buffer, 0, buffer_size);
	for (off_t at = 0; at < size;) /* into the page cache */
		at += must_n(pread(file, buffer, buffer_size, at));
	bench_scene(false, congestion);
	bench_pin(processor);
	transfer(way, file, size, total > size ? (long)((total + size - 1) / size) : 1);
	return 0;
}
