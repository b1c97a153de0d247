#include "uring.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "must.h"

enum { ENTRIES = 16, OPERATIONS = 256 };

static char *map(int fd, size_t size, off_t what)
{
	void *at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, what);

	if (at == MAP_FAILED)
		die("mmap of a ring: %s", errno_name(errno));
	return at;
}

/* gVisor makes a ring, but has next to nothing that could be asked by it. */
static void need_operations(const struct uring *ring)
{
	union {
		struct io_uring_probe probe; /* which ends in an array without a length */
		char room[sizeof(struct io_uring_probe) +
			  OPERATIONS * sizeof(struct io_uring_probe_op)];
	} known = {.room = {0}};

	if (syscall(SYS_io_uring_register, ring->fd, IORING_REGISTER_PROBE, &known, OPERATIONS) ==
	    -1)
		impossible("io_uring_register, IORING_REGISTER_PROBE: %s", errno_name(errno));
	if (known.probe.last_op < IORING_OP_SPLICE)
		impossible("io_uring knows %d operations", known.probe.last_op + 1);
}

void uring_make(struct uring *ring)
{
	struct io_uring_params p = {0};

	*ring = (struct uring){.fd = (int)syscall(SYS_io_uring_setup, ENTRIES, &p)};
	if (ring->fd == -1)
		impossible("io_uring_setup: %s", errno_name(errno));
	need_operations(ring);

	char *sq =
		map(ring->fd, p.sq_off.array + p.sq_entries * sizeof(unsigned), IORING_OFF_SQ_RING);
	char *cq = map(ring->fd, p.cq_off.cqes + p.cq_entries * sizeof(struct io_uring_cqe),
		       IORING_OFF_CQ_RING);

	ring->sq_tail = (unsigned *)(void *)(sq + p.sq_off.tail);
	ring->sq_array = (unsigned *)(void *)(sq + p.sq_off.array);
	ring->sq_mask = *(unsigned *)(void *)(sq + p.sq_off.ring_mask);
	ring->cq_head = (unsigned *)(void *)(cq + p.cq_off.head);
	ring->cq_tail = (unsigned *)(void *)(cq + p.cq_off.tail);
	ring->cq_mask = *(unsigned *)(void *)(cq + p.cq_off.ring_mask);
	ring->cqes = (struct io_uring_cqe *)(void *)(cq + p.cq_off.cqes);
	ring->sqes = (struct io_uring_sqe *)(void *)map(
		ring->fd, p.sq_entries * sizeof(struct io_uring_sqe), IORING_OFF_SQES);
}

struct io_uring_sqe *uring_ask(struct uring *ring, int operation, int fd, const void *address,
			       unsigned length, uint64_t number)
{
	unsigned slot = (*ring->sq_tail + ring->queued) & ring->sq_mask;
	struct io_uring_sqe *sqe = &ring->sqes[slot];

	*sqe = (struct io_uring_sqe){.opcode = (uint8_t)operation,
				     .fd = fd,
				     .addr = (uint64_t)(uintptr_t)address,
				     .len = length,
				     .user_data = number};
	ring->sq_array[slot] = slot;
	ring->queued++;
	return sqe;
}

static int enter(struct uring *ring, unsigned submit, unsigned wait)
{
	return (int)syscall(SYS_io_uring_enter, ring->fd, submit, wait, IORING_ENTER_GETEVENTS,
			    NULL, 0);
}

void uring_submit(struct uring *ring)
{
	unsigned count = ring->queued;

	__atomic_store_n(ring->sq_tail, *ring->sq_tail + count, __ATOMIC_RELEASE);
	ring->queued = 0;
	/* A request of a chain that fails ends the batch on older kernels: the rest is asked again.
	 */
	while (count > 0)
		count -= (unsigned)must(enter(ring, count, 0));
}

static bool any(const struct uring *ring)
{
	return *ring->cq_head != __atomic_load_n(ring->cq_tail, __ATOMIC_ACQUIRE);
}

bool uring_answered(struct uring *ring)
{
	if (!any(ring))
		must(enter(ring, 0, 0));
	return any(ring);
}

struct uring_answer uring_answer(struct uring *ring)
{
	while (!any(ring))
		if (enter(ring, 0, 1) == -1 && errno != EINTR)
			die("io_uring_enter: %s", errno_name(errno));

	const struct io_uring_cqe *cqe = &ring->cqes[*ring->cq_head & ring->cq_mask];
	struct uring_answer answer = {cqe->user_data, cqe->res, cqe->flags};

	__atomic_store_n(ring->cq_head, *ring->cq_head + 1, __ATOMIC_RELEASE);
	return answer;
}

long uring_result(struct uring *ring)
{
	struct uring_answer answer = uring_answer(ring);

	if (answer.res >= 0)
		return answer.res;
	errno = -answer.res;
	return -1;
}

long uring_call(struct uring *ring)
{
	uring_submit(ring);
	return uring_result(ring);
}
