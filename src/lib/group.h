/*
 * group: listeners that share one port (SO_REUSEPORT), and which of them gets the next connection.
 *
 * The kernel picks by a hash nobody can foresee; a scene that needs to know says it by a socket
 * filter, which sees to it without privileges (socket(7) SO_ATTACH_REUSEPORT_CBPF).
 */
#ifndef CSDESIGN_GROUP_H
#define CSDESIGN_GROUP_H

/* Make `count` listeners of one port of the loopback address. Their index is their number. */
void group_listen(int members[], int count, int backlog);

/* From now on all connections go to the member of this index; when one leaves the group the last
 * takes its index. `member` is any of them. */
void group_steer(int member, unsigned index);

/* The same, but to the index 0 where the SYN is handled on this CPU, and 1 elsewhere. */
void group_steer_by_cpu(int member, int cpu);

/* Connect a new client; it stands in the queue of `member`, to which connections are steered. */
int group_connect(int member);

#endif
