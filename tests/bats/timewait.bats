#!/usr/bin/env bats
# timewait: what is left of a connection after close(), for how long, and whom it hinders.
#
# Whoever ends a connection first keeps it for a minute: in FIN_WAIT2 until the peer has ended its direction too,
# then in TIME_WAIT, in case a segment or the last ACK comes again. No process has a descriptor of it any more, but
# its port is taken, and its memory.

load lib/behaviour

# source: socket(7) SO_REUSEADDR; UNP 7.5; inet_bind_conflict() in net/ipv4/inet_connection_sock.c
@test "timewait/bind-needs-reuseaddr: a port in TIME_WAIT can be bound where both sockets have SO_REUSEADDR" {
	observe
	expect <<-'END'
		SO_REUSEADDR on neither, server bind: EADDRINUSE
		on the first, server bind: EADDRINUSE
		on the second, server bind: EADDRINUSE
		on both, server bind: 0
		on both, server listen: 0
		over IPv6: the same
	END
}

# source: ip-sysctl.rst tcp_fin_timeout; TCP_TIMEWAIT_LEN in include/net/tcp.h; proc(5) /proc/net/tcp
@test "timewait/fixed-60s: TIME_WAIT lasts a minute, whatever tcp_fin_timeout says" {
	observe
	expect <<-'END'
		client in TIME_WAIT, 21 to 60 s left: yes
		client in FIN_WAIT2, 0 to 20 s left: yes
		over IPv6: the same
	END
}

# source: ip-sysctl.rst tcp_max_tw_buckets; tcp_time_wait() in net/ipv4/tcp_minisocks.c
@test "timewait/max-buckets-zero: without room for TIME_WAIT an end is at once, in FIN_WAIT2 before the peer's FIN" {
	observe
	expect <<-'END'
		both ended, client recv: 0
		kernel TCPTimeWaitOverflow: 1
		client sockets left: 0
		kernel OutRsts: 0
		the client alone, server shutdown: 0
		kernel TCPTimeWaitOverflow: 1
		client sockets left: 0
		kernel OutRsts: 1
		over IPv6: the same
	END
}

# source: tcp(7) tcp_fin_timeout; ip-sysctl.rst tcp_fin_timeout; tcp_rcv_state_process() in net/ipv4/tcp_input.c
@test "timewait/finwait2-orphan-timeout: an orphan in FIN_WAIT2 is gone after tcp_fin_timeout, a socket that did shutdown() stays" {
	observe
	expect <<-'END'
		orphan in FIN_WAIT2, at least 900 ms: yes
		orphans in TIME_WAIT: 0
		server state: CLOSE_WAIT
		server send to the orphan: 1
		server SO_ERROR: EPIPE
		kernel OutRsts: 1
		client that did shutdown, state: FIN_WAIT2
		its recv: EAGAIN
		its recv of what the server sent: 1
		over IPv6: the same
	END
}

# source: tcp(7) TCP_LINGER2; __tcp_close() in net/ipv4/tcp.c, tcp_rcv_state_process() in net/ipv4/tcp_input.c
@test "timewait/finwait2-linger2-negative: TCP_LINGER2 -1 sends RST instead of waiting in FIN_WAIT2" {
	observe
	expect <<-'END'
		in ESTABLISHED, client close: 0
		client sockets in FIN_WAIT2: 0
		kernel TCPAbortOnData: 1
		kernel TCPAbortOnLinger: 0
		server recv: 5
		server recv again: 0
		server send: EPIPE
		in FIN_WAIT2, client close: 0
		client sockets in FIN_WAIT2: 0
		kernel TCPAbortOnData: 0
		kernel TCPAbortOnLinger: 1
		server recv: 5
		server recv again: 0
		server send: EPIPE
		over IPv6: the same
	END
}

# source: ip-sysctl.rst tcp_tw_reuse; tcp_twsk_unique() in net/ipv4/tcp_ipv4.c; connect(2) EADDRNOTAVAIL
@test "timewait/finwait2-port-is-not-stolen: connect() may take a port in TIME_WAIT, never one whose peer is still open" {
	observe
	# Mended in 6.12, 6.11.3, 6.1.113 and 5.10.227; 6.6.55 and 5.15.168, of the same week, are derived.
	local fix='tcp: avoid reusing FIN_WAIT2 when trying to find port in connect() process'
	fault until-5.10.226 "$fix"
	fault 5.11-5.15.167 "$fix"
	fault 5.16-6.1.112 "$fix"
	fault 6.2-6.6.54 "$fix"
	fault 6.7-6.11.2 "$fix"
	expect <<-'END'
		client connect: 0
		client connect again: EADDRNOTAVAIL
		kernel OutRsts: 0
		server state: CLOSE_WAIT
		server state: CLOSE_WAIT
		server state: CLOSE_WAIT
		over IPv6: the same
	END
}

# source: RFC 1337; ip-sysctl.rst tcp_rfc1337; tcp_timewait_state_process() in net/ipv4/tcp_minisocks.c
@test "timewait/assassination: an exact RST ends TIME_WAIT, unless tcp_rfc1337 is set" {
	observe
	expect <<-'END'
		tcp_rfc1337=0, in TIME_WAIT: 1
		tcp_rfc1337=0, RST beyond the window draws: nothing
		tcp_rfc1337=0, in TIME_WAIT: 1
		tcp_rfc1337=0, old data draws: . 0 seq 2 ack 2
		tcp_rfc1337=0, in TIME_WAIT: 1
		tcp_rfc1337=0, the exact RST draws: nothing
		tcp_rfc1337=0, in TIME_WAIT: 0
		tcp_rfc1337=1, in TIME_WAIT: 1
		tcp_rfc1337=1, RST beyond the window draws: nothing
		tcp_rfc1337=1, in TIME_WAIT: 1
		tcp_rfc1337=1, old data draws: . 0 seq 2 ack 2
		tcp_rfc1337=1, in TIME_WAIT: 1
		tcp_rfc1337=1, the exact RST draws: nothing
		tcp_rfc1337=1, in TIME_WAIT: 1
		over IPv6: the same
	END
}

# source: RFC 9293 3.6.1 (MAY-2); RFC 6191 2; tcp_timewait_state_process() in net/ipv4/tcp_minisocks.c
@test "timewait/syn-reopens: a SYN that is newer than what is in TIME_WAIT opens another connection" {
	observe
	expect <<-'END'
		server in TIME_WAIT: 1
		no timestamps, SYN with an old number draws: . 0 seq 2 ack 2
		no timestamps, SYN with a new number draws: S. 0 seq 0 ack 1
		server begins beyond its last number: 1
		server state: ESTABLISHED
		server in TIME_WAIT: 0
		server in TIME_WAIT: 1
		timestamps, SYN with an old number and clock draws: . 0 seq 2 ack 2
		timestamps, SYN with an old number and the same clock draws: . 0 seq 2 ack 2
		timestamps, SYN with an old number and a new clock draws: S. 0 seq 0 ack 1
		server begins beyond its last number: 1
		server state: ESTABLISHED
		server in TIME_WAIT: 0
		over IPv6: the same
	END
}
