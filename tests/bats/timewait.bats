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
