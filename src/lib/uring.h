/*
 * uring: an io_uring by its three system calls (io_uring(7)), for scenes that ask the kernel
 * through a ring what others ask it by a call. No liburing: what is seen is what the kernel does.
 */
#ifndef CSDESIGN_URING_H
#define CSDESIGN_URING_H

#include <linux/io_uring.h>
#include <stdbool.h>
#include <stdint.h>

struct uring {
	int fd;
	unsigned *sq_tail, *sq_array, *cq_head, *cq_tail;
	unsigned sq_mask, cq_mask, queued;
	struct io_uring_sqe *sqes;
	struct io_uring_cqe *cqes;
};

/* A ring of 16 entries. Impossible, with the errno, where the kernel has none or forbids it
 * (sysctl kernel.io_uring_disabled, seccomp), or it knows none of the operations on sockets. */
void uring_make(struct uring *ring);

/* The next request, to be completed by the caller: an IORING_OP_..., its descriptor, buffer and
 * length; the rest is 0. `number` comes back with its answer. uring_submit() hands over all that
 * was asked. */
struct io_uring_sqe *uring_ask(struct uring *ring, int operation, int fd, const void *address,
			       unsigned length, uint64_t number);
void uring_submit(struct uring *ring);

/* Whether there is an answer that nobody has taken. Those that are due are made to show first. */
bool uring_answered(struct uring *ring);

/* Wait for an answer and take it. */
struct uring_answer {
	uint64_t user_data; /* the request's number */
	int32_t res;        /* what the call would return, or minus an errno */
	uint32_t flags;     /* IORING_CQE_F_... */
};
struct uring_answer uring_answer(struct uring *ring);

/* The same, as a system call would have put it: -1 and an errno, or the result. */
long uring_result(struct uring *ring);

/* Submit what was asked, one request, and wait for its answer. */
long uring_call(struct uring *ring);

#endif
