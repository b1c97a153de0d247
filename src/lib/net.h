/*
 * net: sockets in the state a scene needs. Every function here dies when it cannot do its work,
 * for it only sets scenes; all descriptors are close-on-exec. Where a function says 127.0.0.1 it is
 * ::1 while a scene is played over IPv6 (family.h).
 */
#ifndef CSDESIGN_NET_H
#define CSDESIGN_NET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

/* A numeric or named host and a decimal port as a socket address; returns its length. Usage error
 * where the address or port makes no sense. */
socklen_t resolve(const char *host, const char *port, struct sockaddr_storage *out);

/* "127.0.0.1 port 2000", for a message. The text lives until the thread's next call. */
const char *address_text(const struct sockaddr *address, socklen_t length);

/* A listening TCP socket on 127.0.0.1 and a port of the kernel's choice. */
int listen_loopback(int backlog);

/* The port a socket is bound to, in host order. */
int local_port(int fd);

/* A TCP socket connected to the port that `listener` is bound to, at 127.0.0.1. */
int connect_loopback(int listener);

/* A TCP socket connected to 127.0.0.1 and this decimal port. */
int connect_to_port(const char *port);

/* connect() alone, bare: `fd` to the listener's address; returns what connect() returns. */
int connect_to(int fd, int listener);

/* An established TCP connection over loopback: ends[0] connected, ends[1] was accepted. */
enum { CLIENT, SERVER };
void tcp_pair(int ends[2]);

/* The same with an accepted end that announced `mss` (TCP_MAXSEG), so that segments have a size
 * that is the same over IPv4 and IPv6: `mss` without the 12 bytes of the timestamps option. */
void tcp_pair_of_mss(int mss, int ends[2]);

/* setsockopt() of an int; getsockopt() of one. */
void set_option(int fd, int level, int option, int value);
int get_option(int fd, int level, int option);

/* SO_LINGER {1, seconds} (socket(7)): close() waits so long. With 0 seconds it waits for nothing
 * and aborts the connection (RFC 9293 3.10.5). */
void set_linger(int fd, int seconds);
void set_linger_zero(int fd);

void set_nonblocking(int fd, bool on);

/* All of it, or death. A peer's reset dies here too: use send() bare where that is the subject.
 * SIGPIPE is never raised. */
void send_all(int fd, const void *data, size_t size);
void recv_all(int fd, void *data, size_t size);

/* Wait until `fd` polls any of `events`, ERR or HUP; returns revents. */
int await_poll(int fd, int events);

/* Wait until the peer has ended the connection, which TCP_INFO tells; returns what poll() then says
 * of IN RDHUP ERR HUP: ERR is there after a reset, and not after a FIN. */
int await_hangup(int fd);

/* shutdown(SHUT_WR), and close() when the peer's kernel has acknowledged that: an orphan in
 * FIN_WAIT2, or whatever the kernel makes of one. An acknowledgement that comes while close() has
 * the socket would leave it a socket, with other timers (tcp_rcv_state_process(), "bad case"). */
void close_in_fin_wait2(int fd);

/* The client's end of a TCP connection that its peer has reset: the RST has arrived and been acted
 * on, and nobody has asked for the error yet. */
int reset_by_peer(void);

/* The same, after the peer has sent this text, which lies there unread. */
int reset_after(const char *text);

/* The kernel drops everything this socket would receive (SO_ATTACH_FILTER, socket(7)), as if the
 * segments were lost on the wire; until the filter is taken off. Unprivileged, no netem needed.
 * Impossible where filters are ignored. */
void drop_input(int fd, bool on);

/* The same, but only for segments with one of these bits in the header's byte of flags (TH_SYN and
 * the like, netinet/tcp.h). A listener's filter rules what answers its handshakes, too. */
void drop_flags(int fd, int flags);

/* The same, but only for what comes from this port after its SYN. */
void drop_after_syn(int fd, int port);

/* The state of a TCP socket as TCP_INFO has it: "FIN_WAIT2", ... (tcp(7)). */
const char *tcp_state(int fd);

/* How many TCP sockets of the family of this network namespace are in `state` (TCP_TIME_WAIT and
 * the like, netinet/tcp.h) and bound to the local port `port`, or to any where that is 0. Those
 * that no process has a descriptor of are included (proc(5), /proc/net/tcp and tcp6). Takes
 * milliseconds. */
int tcp_sockets(int port, int state);

/* Impossible where those that no process has a descriptor of are not told of. */
void need_orphans_told(void);

/* Wait until there are `count` of them. */
void await_tcp_sockets(int port, int state, int count);

/* Set what sysctl(8) calls `name`, "net.ipv4.tcp_wmem", in this network namespace. Impossible where
 * it is not there, or only to be read. */
void set_sysctl(const char *name, const char *value);

/* How many connections wait at `listener`, whose backlog is not 0, to be accepted (TCP_INFO has it
 * as tcpi_unacked). Impossible where the kernel does not tell. */
int accept_queue(int listener);

/* Wait until there are `count` of them: a client is connected a moment before its own ACK has put
 * it into that queue. False, at once, where the kernel does not tell: whoever goes on then relies
 * on it for the order on the wire only. */
bool await_accept_queue(int listener, int count);

/* Connect a new socket to `listener`, and wait until it is connected and stands in the queue of
 * those that wait to be accepted, or until the kernel has dropped its SYN, as it counts in
 * ListenDrops. There must be no other client whose SYN was dropped: that repeats it, and is counted
 * again. Non-blocking; ask with is_connected(). */
int knock(int listener);
bool is_connected(int fd);

/* Wait until the peer's kernel has acknowledged all that was sent on `fd` (SIOCOUTQ, which tcp(7)
 * calls unsent data: it counts what is not acknowledged). False, at once, where the kernel does not
 * tell: as above. */
bool await_acked(int fd);

/* Wait until so many bytes have arrived at `fd` and wait to be read (SIOCINQ). */
void await_input(int fd, int bytes);

/* How many bytes of what was written to `fd` have not been sent yet, not even once (SIOCOUTQNSD).
 * Impossible where the kernel does not tell. */
int not_sent(int fd);

/* One counter of this network namespace, as in `net_counter("TcpExt", "ListenOverflows")`, from
 * /proc/net/netstat, snmp or snmp6 (group "Icmp6"). Impossible where the kernel does not count it.
 */
long net_counter(const char *group, const char *name);

/* The same for a counter that only adds to what is claimed: -1 where it is not counted. And a fact,
 * "kernel NAME: ", by how much it has grown since then, or "not counted". */
long counted(const char *group, const char *name);
void fact_counted(const char *group, const char *name, long before);

/* Wait until it reads `value` or more; returns what it reads. */
long await_net_counter(const char *group, const char *name, long value);

#endif
