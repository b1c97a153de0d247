#!/usr/bin/env bats
# close: how a connection ends in good order, one direction at a time.

load lib/behaviour

# source: RFC 2525 2.17; RFC 9293 3.6
@test "close/fin-only-no-rst: close() with all data read and only a FIN unread sends FIN, not RST" {
	observe
	expect gvisor "/proc/net/netstat has names and no values (pkg/sentry/fsimpl/proc/task_net.go)" <<-'END'
		client recv: 0
		kernel TCPAbortOnClose: not counted
		kernel OutRsts: 0
	END
	expect <<-'END'
		client recv: 0
		kernel TCPAbortOnClose: 0
		kernel OutRsts: 0
	END
}

# source: RFC 2525 2.17; RFC 1122 4.2.2.13
@test "close/fin-with-old-data-no-rst: a FIN that arrives with data already read is not unread data: close() sends FIN" {
	# Mended in 6.18 and, on 2025-10-15 and later, in the stable series.
	local fix='tcp: fix __tcp_close() to only send RST when required'
	fault until-5.10.223 "$fix"
	fault 5.11-5.15.194 "$fix"
	fault 5.16-6.1.155 "$fix"
	fault 6.2-6.6.111 "$fix"
	fault 6.7-6.12.52 "$fix"
	fault 6.13-6.17.2 "$fix"
	observe
	expect <<-'END'
		client recv: 0
		kernel TCPAbortOnClose: 0
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
		client recv after the server's close: 0
		server sockets in TIME_WAIT: 0
		client sockets in TIME_WAIT: 0
	END
	expect <<-'END'
		server recv: 0
		client recv 1: 1000
		client recv 2: 1000
		client recv 3: 1000
		client state: FIN_WAIT2
		server state: CLOSE_WAIT
		client send: EPIPE
		client recv after the server's close: 0
		server sockets in TIME_WAIT: 0
		client sockets in TIME_WAIT: 1
	END
}
