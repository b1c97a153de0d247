#!/usr/bin/env bats
# backlog: how many connections wait to be accepted, and what becomes of the next one.
#
# `listen(fd, n)` limits the queue of connections that are established and that nobody has accepted yet. The kernel
# caps n at `net.core.somaxconn` (4096 since Linux 5.4, before that 128). `ss -lt` shows the queue as Recv-Q and the
# limit as Send-Q.

load lib/behaviour

# source: listen(2); tcp_conn_request() in net/ipv4/tcp_input.c; UNP 4.5
@test "backlog/n-plus-one: listen(n) queues n + 1 connections; the next SYN is dropped, counted and not answered" {
	observe
	expect <<-'END'
		client 1 connect: 0
		client 2 connect: 0
		client 3 connect: 0
		listener queue: 3
		listener limit: 2
		client 4 connect: EINPROGRESS
		kernel ListenOverflows: 1
		kernel ListenDrops: 1
		client 4 state: SYN_SENT
		listener queue after accept: 2
		client 5 connect: 0
		listener queue: 3
		over IPv6: the same
	END
}

# source: tcp(7); RFC 6298 2.1; tcp_retransmit_timer() in net/ipv4/tcp_timer.c
@test "backlog/freed-place-at-next-syn: accept() frees a place; a client whose SYN was dropped has it when it repeats that" {
	observe
	expect <<-'END'
		client 1 state: ESTABLISHED
		client 2 state: SYN_SENT
		client 2 state: ESTABLISHED
		client 2 repeated its SYN: yes
		over IPv6: the same
	END
}

# source: listen(2); sk_acceptq_is_full() in include/net/sock.h, inet_csk_reqsk_queue_is_full() in include/net/inet_connection_sock.h
@test "backlog/zero: listen(0) lets in one connection, with and without SYN cookies" {
	observe
	local fix='tcp/dccp: allow a connection when sk_max_ack_backlog is zero'
	fault until-5.10.233 "$fix"
	fault 5.11-5.15.176 "$fix"
	fault 5.16-6.1.124 "$fix"
	fault 6.2-6.6.71 "$fix"
	fault 6.7-6.12.9 "$fix"
	expect <<-'END'
		tcp_syncookies=1, client 1: ESTABLISHED
		cookies sent: 0
		client 2: SYN_SENT
		tcp_syncookies=0, client 1: ESTABLISHED
		cookies sent: 0
		client 2: SYN_SENT
		over IPv6: the same
	END
}

# source: listen(2); __sys_listen() in net/socket.c; Documentation/admin-guide/sysctl/net.rst
@test "backlog/somaxconn-and-negative: a backlog above net.core.somaxconn, or below zero, is that limit" {
	observe
	expect <<-'END'
		listen 100000: limit: 8
		clients connected: 9
		listen INT_MAX: limit: 8
		clients connected: 9
		listen -1: limit: 8
		clients connected: 9
		listen INT_MIN: limit: 8
		clients connected: 9
		listen 7: limit: 7
		clients connected: 8
		somaxconn raised: limit: 8
		listen again: limit: 16
		over IPv6: the same
	END
}

# source: listen(2); inet_listen() in net/ipv4/af_inet.c
@test "backlog/relisten-grows: listen() again with a larger backlog lets in the client that was turned away, when it asks again" {
	observe
	expect <<-'END'
		client 1 state: ESTABLISHED
		client 2 state: SYN_SENT
		listen again with more: 0
		client 2 state: ESTABLISHED
		client 2 repeated its SYN: yes
		client 3 state: ESTABLISHED
		listen again with less: 0
		listener queue: 3
		listener queue when all are accepted: 0
		over IPv6: the same
	END
}

# source: connect(2) EAGAIN; unix(7); unix_stream_connect() in net/unix/af_unix.c
@test "backlog/unix: a Unix-domain listener takes n + 1 connections; then connect() waits, or fails with EAGAIN at once" {
	observe
	expect gvisor "a full queue is EAGAIN for everybody, connect() does not wait (BidirectionalConnect() in pkg/sentry/socket/unix/transport/connectioned.go)" <<-'END'
		clients connected: 4
		another non-blocking connect: EAGAIN
		its poll: none
		another connect with SO_SNDTIMEO: EAGAIN
		another connect: returns
		it returns at once: EAGAIN
		another non-blocking connect: 0
		over SEQPACKET: the same
	END
	expect <<-'END'
		clients connected: 4
		another non-blocking connect: EAGAIN
		its poll: OUT HUP
		another connect with SO_SNDTIMEO: EAGAIN
		another connect: blocks
		it returns after accept: 0
		another non-blocking connect: EAGAIN
		over SEQPACKET: the same
	END
}

# source: tcp(7) TCP_DEFER_ACCEPT; tcp_check_req() in net/ipv4/tcp_minisocks.c
@test "backlog/defer-hidden-until-data: with TCP_DEFER_ACCEPT a connection is to be accepted when its first data comes, or its FIN" {
	observe
	expect <<-'END'
		client 1 state: ESTABLISHED
		server sockets in SYN_RECV: 1
		listener queue: 0
		listener poll: none
		client 1 send: 5
		listener poll: IN
		server recv: 5
		client 2 state: ESTABLISHED
		server sockets in SYN_RECV: 1
		listener queue: 0
		listener poll: none
		client 2 shutdown: 0
		listener poll: IN
		server recv: 0
		over IPv6: the same
	END
}

# source: tcp(7) TCP_DEFER_ACCEPT; syn_ack_recalc() in net/ipv4/inet_connection_sock.c
@test "backlog/defer-timeout-accepts: when TCP_DEFER_ACCEPT runs out the SYN-ACK is repeated and the silent client is accepted" {
	observe
	expect gvisor "the time is kept as it was set, not counted in retransmissions (pkg/tcpip/transport/tcp/endpoint.go); /proc/net/netstat has names and no values (pkg/sentry/fsimpl/proc/task_net.go)" <<-'END'
		TCP_DEFER_ACCEPT set to 1: 1
		TCP_DEFER_ACCEPT set to 2: 2
		TCP_DEFER_ACCEPT set to 3: 3
		TCP_DEFER_ACCEPT set to 4: 4
		TCP_DEFER_ACCEPT set to 5: 5
		TCP_DEFER_ACCEPT set to 7: 7
		TCP_DEFER_ACCEPT set to 8: 8
		TCP_DEFER_ACCEPT set to 100: 100
		client state: ESTABLISHED
		listener poll: IN
		kernel TCPDeferAcceptDrop: not counted
		server recv: EAGAIN
		over IPv6: the same
	END
	expect <<-'END'
		TCP_DEFER_ACCEPT set to 1: 1
		TCP_DEFER_ACCEPT set to 2: 3
		TCP_DEFER_ACCEPT set to 3: 3
		TCP_DEFER_ACCEPT set to 4: 7
		TCP_DEFER_ACCEPT set to 5: 7
		TCP_DEFER_ACCEPT set to 7: 7
		TCP_DEFER_ACCEPT set to 8: 15
		TCP_DEFER_ACCEPT set to 100: 127
		client state: ESTABLISHED
		listener poll: IN
		kernel TCPDeferAcceptDrop: 1
		server recv: EAGAIN
		over IPv6: the same
	END
}
