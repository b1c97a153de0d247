/*
 * cred: credentials in messages over a Unix-domain socket (unix(7) SCM_CREDENTIALS; UNP 15.8).
 *
 * Both functions return what sendmsg(2) and recvmsg(2) return, with their errno, and do not die.
 */
#ifndef CSDESIGN_CRED_H
#define CSDESIGN_CRED_H

#include <stddef.h>
#include <sys/socket.h>
#include <sys/types.h>

/* Send `size` bytes of `data` and state these credentials with them. SIGPIPE is never raised. */
ssize_t send_cred(int via, const void *data, size_t size, const struct ucred *stated);

/* Receive data, and the credentials that came with it; without any their pid is -1. */
ssize_t recv_cred(int via, void *data, size_t size, struct ucred *came);

/* SO_PEERCRED of a socket, or death. */
struct ucred peer_cred(int fd);

#endif
