#!/usr/bin/env bats
# close: how a connection ends in good order, one direction at a time.
#
# A connection is two streams, and each ends by itself with a FIN. shutdown(SHUT_WR) sends it and
# keeps the descriptor; close() sends it, too, but says at the same time that nobody will read any
# more, which is where RST comes in (the area rst). What close() does not say is whether anything
# arrived: that is what SO_LINGER seems to promise, and does not.

load lib/behaviour

# source: RFC 2525 2.17; RFC 9293 3.6
@test "close/fin-only-no-rst: close() with all data read and only a FIN unread sends FIN, not RST" {
	observe
	expect gvisor "/proc/net/netstat has names and no values (pkg/sentry/fsimpl/proc/task_net.go)" <<-'END'
		client recv: 0
		kernel TCPAbortOnClose: not counted
		kernel OutRsts: 0
		over IPv6: the same
	END
	expect <<-'END'
		client recv: 0
		kernel TCPAbortOnClose: 0
		kernel OutRsts: 0
		over IPv6: the same
	END
}

# source: RFC 2525 2.17; RFC 1122 4.2.2.13
@test "close/fin-with-old-data-no-rst: a FIN that arrives with data already read is not unread data: close() sends FIN" {
	# Mended in 6.18, 5.10.246, 6.1.156 and 6.12.53 (Debian's changelogs); 5.15.195, 6.6.112 and 6.17.3
	# are derived: the releases of the same days.
	local fix='tcp: fix __tcp_close() to only send RST when required'
	fault until-5.10.245 "$fix"
	fault 5.11-5.15.194 "$fix"
	fault 5.16-6.1.155 "$fix"
	fault 6.2-6.6.111 "$fix"
	fault 6.7-6.12.52 "$fix"
	fault 6.13-6.17.2 "$fix"
	observe
	expect <<-'END'
		client recv: 0
		kernel TCPAbortOnClose: 0
		over IPv6: the same
	END
}

# source: shutdown(2); RFC 9293 3.6; UNP 6.6
@test "close/half-close-duplex: after SHUT_WR the peer may go on sending; TIME_WAIT is left to the first closer" {
	observe
	expect gvisor "/proc/net/tcp lists only sockets that have a descriptor (pkg/sentry/fsimpl/proc/task_net.go)" <<-'END'
		server recv: 0
		client recv 1: 1000
		client recv 2: 1000
		client recv 3: 1000
		client state: FIN_WAIT2
		server state: CLOSE_WAIT
		client send: EPIPE
		client SIGPIPEs: 0
		client recv after the server's close: 0
		server sockets in TIME_WAIT: 0
		client sockets in TIME_WAIT: 0
		over IPv6: the same
	END
	expect <<-'END'
		server recv: 0
		client recv 1: 1000
		client recv 2: 1000
		client recv 3: 1000
		client state: FIN_WAIT2
		server state: CLOSE_WAIT
		client send: EPIPE
		client SIGPIPEs: 1
		client recv after the server's close: 0
		server sockets in TIME_WAIT: 0
		client sockets in TIME_WAIT: 1
		over IPv6: the same
	END
}

# source: socket(7) SO_LINGER; UNP 7.5; sk_stream_wait_close() in net/core/stream.c
@test "close/linger-wait-timeout: a lingering close() waits for the acknowledgement or its time, returns 0 either way, and the kernel goes on" {
	observe
	expect <<-'END'
		server close with 1 s: 0
		server close, at least 990 ms: yes
		server sockets in FIN_WAIT1: 1
		client recv: 4
		client recv: 0
		server sockets in FIN_WAIT1: 1
		client recv: 4
		client recv: 0
		server close with 3600 s: 0
		server sockets in FIN_WAIT2: 1
		over IPv6: the same
	END
}

# source: UNP 7.5; inet_release() in net/ipv4/af_inet.c; sk_stream_wait_close() in net/core/stream.c
@test "close/linger-ignores-nonblock: O_NONBLOCK does not shorten a lingering close(), which waits for its time and returns 0" {
	observe
	expect <<-'END'
		server close: 0
		server close, at least 990 ms: yes
		server sockets in FIN_WAIT1: 1
		over IPv6: the same
	END
}

# source: close(2); signal(7); sk_stream_wait_close() in net/core/stream.c
@test "close/linger-interrupted: a signal ends a lingering close() early, with 0 and never EINTR, with SA_RESTART or without" {
	observe
	expect <<-'END'
		without SA_RESTART: server close: 0
		without SA_RESTART: server signals: 1
		without SA_RESTART: server sockets in FIN_WAIT1: 1
		with SA_RESTART: server close: 0
		with SA_RESTART: server signals: 1
		with SA_RESTART: server sockets in FIN_WAIT1: 1
		over IPv6: the same
	END
}

# source: socket(7) SO_LINGER; inet_release() in net/ipv4/af_inet.c (PF_EXITING)
@test "close/linger-not-at-exit: a process that ends does not wait for its linger time; what was sent arrives all the same" {
	observe
	expect <<-'END'
		server ended: by _exit()
		exit: server sockets in FIN_WAIT1: 1
		exit: client recv: 4
		exit: client recv: 0
		server ended: by SIGKILL
		kill: server sockets in FIN_WAIT1: 1
		kill: client recv: 4
		kill: client recv: 0
		over IPv6: the same
	END
}

# source: RFC 9293 3.10.4; UNP 7.5; socket(7) SO_LINGER
@test "close/background-delivery: close() with a megabyte queued returns before anybody reads; every byte arrives, then end of file" {
	observe
	expect gvisor "/proc/net/tcp lists only sockets that have a descriptor (pkg/sentry/fsimpl/proc/task_net.go)" <<-'END'
		server send: 1048576
		server close: 0
		server sockets in FIN_WAIT1: 0
		client reads to the end: as the file
		over IPv6: the same
	END
	expect <<-'END'
		server send: 1048576
		server close: 0
		server sockets in FIN_WAIT1: 1
		client reads to the end: as the file
		over IPv6: the same
	END
}

# source: shutdown(2); RFC 9293 3.6; UNP 6.6
@test "close/shutdown-wr-unread-fin: SHUT_WR with unread input sends FIN, not RST; the input, and what comes later, is readable" {
	observe
	expect <<-'END'
		server shutdown(SHUT_WR): 0
		client recv: 0
		server recv: 5
		client send: 4
		server recv: 4
		server recv: 0
		kernel OutRsts: 0
		over IPv6: the same
	END
}

# source: shutdown(2); UNP 6.6; tcp_poll() and tcp_recvmsg() in net/ipv4/tcp.c
@test "close/shut-rd-is-local: SHUT_RD sends nothing and makes recv() 0; later bytes are acknowledged and readable; unread they draw RST" {
	observe
	expect <<-'END'
		server shutdown(SHUT_RD): 0
		server recv: 0
		server poll: IN OUT RDHUP
		kernel OutSegs: 0
		client state: ESTABLISHED
		client send: 5
		server recv: 5
		server recv: 0
		client send: 4
		server close: 0
		client recv: ECONNRESET
		client recv: 0
		over IPv6: the same
	END
}

# source: connect(2) AF_UNSPEC; tcp_disconnect() in net/ipv4/tcp.c; sk_wait_event() in include/net/sock.h
@test "close/disconnect-while-blocked: connect() to AF_UNSPEC resets the peer and ends a recv() that blocks in another thread" {
	# EBUSY since "tcp: deny tcp_disconnect() when threads are waiting" (6.4, 5.10.183, 6.1.33); mended in
	# 6.6, 6.5.9 and 6.1.60, and never in 5.10. Of 5.15 nothing could be tried, and its bound is not known.
	local fix='tcp: allow again tcp_disconnect() when threads are waiting'
	fault 5.10.183-5.15 "$fix"
	fault 6.1.33-6.1.59 "$fix"
	fault 6.2-6.5.8 "$fix"
	observe
	expect gvisor "connect() to AF_UNSPEC is for datagram sockets only (Disconnect() in pkg/tcpip/transport/tcp/endpoint.go)" <<-'END'
		server connect to AF_UNSPEC: EAFNOSUPPORT
		server recv that blocked: 0
		server state: FIN_WAIT2
		client recv: 0
		client recv again: 0
		over IPv6: the same
	END
	expect <<-'END'
		server connect to AF_UNSPEC: 0
		server recv that blocked: EPIPE
		server state: CLOSE
		client recv: ECONNRESET
		client recv again: 0
		over IPv6: the same
	END
}

# source: RFC 9293 3.6 (figure 13), 3.10.7.4; tcp_fin() in net/ipv4/tcp_input.c
@test "close/simultaneous: FINs that cross take both ends through CLOSING, and both into TIME_WAIT" {
	observe
	expect <<-'END'
		client state: FIN_WAIT1
		server state: FIN_WAIT1
		server state: CLOSING
		client state: CLOSING
		client sockets in TIME_WAIT: 1
		server sockets in TIME_WAIT: 1
		over IPv6: the same
	END
}

# source: shutdown(2); tcp_rcv_state_process() in net/ipv4/tcp_input.c, unix_shutdown() in net/unix/af_unix.c, __skb_wait_for_more_packets() in net/core/datagram.c
@test "close/half-close-matrix: what poll(), recv() and send() say at both ends after SHUT_RD, SHUT_WR and SHUT_RDWR, over TCP, AF_UNIX and datagrams" {
	observe
	expect <<-'END'
		TCP SHUT_RD: IN OUT RDHUP, recv 0, send 1
		its peer: IN OUT, recv 1 EAGAIN, send 1
		TCP SHUT_RD: IN OUT RDHUP, recv 1 0, send 1
		its peer: IN OUT, recv 1 EAGAIN, send 1
		a byte was queued before: IN OUT RDHUP, recv 1 0
		TCP SHUT_WR: OUT, recv EAGAIN, send EPIPE
		its peer: IN OUT RDHUP, recv 0, send 1
		TCP SHUT_WR: IN OUT, recv 1 EAGAIN, send EPIPE
		its peer: IN OUT RDHUP, recv 0, send 1
		a byte was queued before: IN OUT, recv 1 EAGAIN
		TCP SHUT_RDWR: IN OUT RDHUP HUP, recv 0, send EPIPE
		its peer: IN OUT RDHUP, recv 0, send 1
		TCP SHUT_RDWR: IN OUT RDHUP ERR HUP, recv ECONNRESET, send EPIPE
		its peer: IN OUT RDHUP ERR HUP, recv 0, send EPIPE
		a byte was queued before: IN OUT RDHUP HUP, recv 1 0
		over IPv6: the same
		AF_UNIX SHUT_RD: IN OUT RDHUP, recv 0, send 1
		its peer: IN OUT, recv 1 EAGAIN, send EPIPE
		AF_UNIX SHUT_RD: IN OUT RDHUP, recv 0, send 1
		its peer: IN OUT, recv 1 EAGAIN, send EPIPE
		a byte was queued before: IN OUT RDHUP, recv 1 0
		AF_UNIX SHUT_WR: OUT, recv EAGAIN, send EPIPE
		its peer: IN OUT RDHUP, recv 0, send 1
		AF_UNIX SHUT_WR: IN OUT, recv 1 EAGAIN, send EPIPE
		its peer: IN OUT RDHUP, recv 0, send 1
		a byte was queued before: IN OUT, recv 1 EAGAIN
		AF_UNIX SHUT_RDWR: IN OUT RDHUP HUP, recv 0, send EPIPE
		its peer: IN OUT RDHUP HUP, recv 0, send EPIPE
		AF_UNIX SHUT_RDWR: IN OUT RDHUP HUP, recv 0, send EPIPE
		its peer: IN OUT RDHUP HUP, recv 0, send EPIPE
		a byte was queued before: IN OUT RDHUP HUP, recv 1 0
		over SEQPACKET: the same
		datagrams SHUT_RD: IN OUT RDHUP, recv EAGAIN, that may wait 0, send 1
		its peer: IN OUT, recv 1 EAGAIN, send 1
		datagrams SHUT_RD: IN OUT RDHUP, recv 1 EAGAIN, that may wait 0, send 1
		its peer: IN OUT, recv 1 EAGAIN, send 1
		a byte was queued before: IN OUT RDHUP, recv 1 EAGAIN, that may wait 0
		datagrams SHUT_WR: OUT, recv EAGAIN, send EPIPE
		its peer: OUT, recv EAGAIN, send 1
		datagrams SHUT_WR: IN OUT, recv 1 EAGAIN, send EPIPE
		its peer: OUT, recv EAGAIN, send 1
		a byte was queued before: IN OUT, recv 1 EAGAIN
		datagrams SHUT_RDWR: IN OUT RDHUP HUP, recv EAGAIN, that may wait 0, send EPIPE
		its peer: OUT, recv EAGAIN, send 1
		datagrams SHUT_RDWR: IN OUT RDHUP HUP, recv 1 EAGAIN, that may wait 0, send EPIPE
		its peer: OUT, recv EAGAIN, send 1
		a byte was queued before: IN OUT RDHUP HUP, recv 1 EAGAIN, that may wait 0
		over IPv6: the same
		over AF_UNIX DGRAM not: its peer: IN OUT, recv 1 EAGAIN, send 1
		over AF_UNIX DGRAM: its peer: IN OUT, recv 1 EAGAIN, send EPIPE
		over AF_UNIX DGRAM not: datagrams SHUT_RD: IN OUT RDHUP, recv 1 EAGAIN, that may wait 0, send 1
		over AF_UNIX DGRAM: datagrams SHUT_RD: IN OUT RDHUP, recv EAGAIN, that may wait 0, send 1
		over AF_UNIX DGRAM not: its peer: IN OUT, recv 1 EAGAIN, send 1
		over AF_UNIX DGRAM: its peer: IN OUT, recv 1 EAGAIN, send EPIPE
		over AF_UNIX DGRAM not: its peer: OUT, recv EAGAIN, send 1
		over AF_UNIX DGRAM: its peer: OUT, recv EAGAIN, send EPIPE
		over AF_UNIX DGRAM not: datagrams SHUT_RDWR: IN OUT RDHUP HUP, recv 1 EAGAIN, that may wait 0, send EPIPE
		over AF_UNIX DGRAM: datagrams SHUT_RDWR: IN OUT RDHUP HUP, recv EAGAIN, that may wait 0, send EPIPE
		over AF_UNIX DGRAM not: its peer: OUT, recv EAGAIN, send 1
		over AF_UNIX DGRAM: its peer: OUT, recv EAGAIN, send EPIPE
	END
}
