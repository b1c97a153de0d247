/*
 * signal/eventfd-counter: an eventfd is a counter: read() takes all of it, or 1 with EFD_SEMAPHORE;
 * it is never more than 2^64 - 2.
 *
 * What is written is added, what is read is the sum, and then the counter is 0 and read() would
 * block. The greatest number of all is refused: it means that something is wrong. What would lift
 * the counter above 2^64 - 2 has to wait until somebody reads; poll() says by OUT whether 1 would
 * still fit.
 *
 * So an eventfd tells that something happened and how often, and forgets neither: a self-pipe with
 * no buffer to fill. As a semaphore it lets as many readers through as were let in.
 */
#include <poll.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "lib/fact.h"
#include "lib/must.h"

static const uint64_t most = UINT64_MAX - 1;

static void fact_read(int fd, const char *name)
{
	uint64_t value;

	if (read(fd, &value, sizeof(value)) == -1)
		fact(-1, "%s", name);
	else
		fact_text(name, "%s%llu", value == most ? "the most, " : "",
			  (unsigned long long)value);
}

static void fact_write(int fd, uint64_t value, const char *name)
{
	fact(write(fd, &value, sizeof(value)), "%s", name);
}

static void fact_poll(int fd)
{
	struct pollfd entry = {.fd = fd, .events = POLLIN | POLLOUT};

	must(poll(&entry, 1, 0));
	fact_text("poll", "%s", poll_mask(entry.revents));
}

int main(void)
{
	int fd = must(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
	uint32_t half;

	fact_poll(fd);
	fact_read(fd, "read of 0");
	fact_write(fd, 3, "write of 3");
	fact_write(fd, 4, "write of 4");
	fact_poll(fd);
	fact_read(fd, "read");
	fact_read(fd, "read again");
	fact(read(fd, &half, sizeof(half)), "read into 4 bytes");
	fact_write(fd, UINT64_MAX, "write of 2^64 - 1");
	fact_write(fd, most, "write of 2^64 - 2");
	fact_poll(fd);
	fact_write(fd, 1, "write of 1 more");
	fact_write(fd, 0, "write of 0");
	fact_read(fd, "read");

	int semaphore = must(eventfd(2, EFD_SEMAPHORE | EFD_NONBLOCK | EFD_CLOEXEC));

	fact_read(semaphore, "EFD_SEMAPHORE of 2, read");
	fact_read(semaphore, "read");
	fact_read(semaphore, "read");
	return 0;
}
