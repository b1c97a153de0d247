/*
 * scm: open files sent to another process over a Unix-domain socket (unix(7) SCM_RIGHTS; UNP 15.7).
 *
 * What travels is a reference to the open file description, as dup(2) makes one, not a number.
 * Both functions return what sendmsg(2) and recvmsg(2) return, with their errno, and do not die.
 */
#ifndef CSDESIGN_SCM_H
#define CSDESIGN_SCM_H

#include <stddef.h>
#include <sys/types.h>

/* How many descriptors one message holds (SCM_MAX_FD in the kernel, unix(7)), and how many may be
 * asked of the functions here: more than the kernel takes, so that its refusal can be seen. */
enum { SCM_FDS = 253, SCM_ROOM = 256 };

/* Send `size` bytes of `data` and with them `count` descriptors, at most SCM_ROOM. On a stream
 * `size` must be at least 1, or nothing is sent and the descriptors with it. SIGPIPE is never
 * raised. The caller's own descriptors stay open. */
ssize_t send_fds(int via, const void *data, size_t size, const int *fds, size_t count);

/* Receive data and at most `*count` descriptors (up to SCM_ROOM); `*count` becomes the number that
 * came. 0 is end of file, on a stream. `*flags` goes in as recvmsg()'s flags, MSG_CMSG_CLOEXEC as a
 * rule, and comes out as msg_flags: MSG_CTRUNC tells that descriptors were lost. `flags` may be
 * NULL: then what comes is close-on-exec, and a loss is an error (EMSGSIZE) that leaves nothing
 * open. */
ssize_t recv_fds(int via, void *data, size_t size, int *fds, size_t *count, int *flags);

#endif
