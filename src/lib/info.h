/*
 * info: what the kernel counts of one connection (TCP_INFO, tcp(7)), beyond what the C library's
 * header knows. For what timing may repeat, and so cannot be pinned on the wire.
 */
#ifndef CSDESIGN_INFO_H
#define CSDESIGN_INFO_H

struct counts {
	long segments_out, segments_in; /* all of them, also without data */
	long data_out;                  /* segments with data */
	long repeated;                  /* segments retransmitted, SYN among them */
	long window;                    /* what the peer said that it can take, in bytes */
};

/* Of a TCP socket, also when its connection has ended. Impossible where the kernel does not say. */
struct counts tcp_counts(int fd);

/* Wait until the connection has received `count` segments; returns at once when it has ended. */
void await_segments_in(int fd, long count);

#endif
