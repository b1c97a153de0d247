/*
 * cargo: descriptors to be passed that tell where they went, and messages told in one fact.
 *
 * Scenes around SCM_RIGHTS ask two things: which files came, in which order, and whether the kernel
 * still keeps those that did not. A numbered file answers the first, a witness the second.
 */
#ifndef CSDESIGN_CARGO_H
#define CSDESIGN_CARGO_H

#include <stddef.h>

/* A file that holds its own number; and the numbers of such files, "3 1 2", or "none"; a pipe is
 * "pipe". The text lives until the next call. */
int numbered_file(int number);
const char *numbers_of(const int *fds, size_t count);

/* A numbered file sent with `data`, a text, and closed: only the message has it now. */
void send_numbered(int via, const char *data, int number);

/* A pipe, whose writing end becomes `*writer`. The reading end, which is returned, is the witness:
 * it tells whether anybody, a message in flight included, still has the writing end: "held" or
 * "released". */
int witness(int *writer);
const char *witness_says(int reader);

/* The witness of a writing end that was sent with `data`, a text, and closed. */
int send_witnessed(int via, const char *data);

/* Impossible where the queue of a closed socket, with all that lies in it, lives on as long as the
 * sender has its end. */
void need_queue_released(void);

void close_all(const int *fds, size_t count);

/* Receive at most `size` bytes of text and as many descriptors as there are, with `flags` and
 * MSG_DONTWAIT, and state it in a fact: "NAME: AABB with 1 2" for numbered files, "nothing with
 * none" at the end of file, "EAGAIN"; MSG_TRUNC and MSG_CTRUNC are told. They are closed again. */
void fact_received(int via, size_t size, int flags, const char *name);

#endif
