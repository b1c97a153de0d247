#!/usr/bin/env bats
# rst: what makes a kernel send RST, and what the peer then reads.

load lib/behaviour

# source: socket(7) SO_LINGER; RFC 9293 3.10.5 (ABORT); UNP 7.5
@test "rst/linger-zero-close: close() with a zero linger time sends RST, no FIN; the peer reads ECONNRESET once" {
	observe
	expect gvisor "/proc/net/netstat has names and no values (pkg/sentry/fsimpl/proc/task_net.go)" <<-'END'
		client recv: ECONNRESET
		client recv again: 0
		kernel TCPAbortOnData: not counted
		kernel OutRsts: 1
		kernel sockets in TIME_WAIT: 0
	END
	expect <<-'END'
		client recv: ECONNRESET
		client recv again: 0
		kernel TCPAbortOnData: 1
		kernel OutRsts: 1
		kernel sockets in TIME_WAIT: 0
	END
}

# source: RFC 9293 3.6.1 (SHLD-3); RFC 1122 4.2.2.13; RFC 2525 2.17
@test "rst/close-unread: close() with unread input sends RST instead of FIN; the peer reads ECONNRESET once" {
	observe
	expect gvisor "/proc/net/netstat has names and no values (pkg/sentry/fsimpl/proc/task_net.go)" <<-'END'
		client recv: ECONNRESET
		client recv again: 0
		kernel TCPAbortOnClose: not counted
		kernel OutRsts: 1
	END
	expect <<-'END'
		client recv: ECONNRESET
		client recv again: 0
		kernel TCPAbortOnClose: 1
		kernel OutRsts: 1
	END
}

# source: RFC 9293 3.10.7.1; connect(2) ECONNREFUSED; UNP 4.3
@test "rst/connect-closed-port: a SYN to a closed port draws RST, connect() is ECONNREFUSED and may be tried again" {
	observe
	expect gvisor "a refused connect() leaves its error behind and ends the socket (StateError in connect() in pkg/tcpip/transport/tcp/endpoint.go)" <<-'END'
		client connect: ECONNREFUSED
		client SO_ERROR: ECONNREFUSED
		kernel OutRsts: 1
		client connect again: ECONNABORTED
	END
	expect <<-'END'
		client connect: ECONNREFUSED
		client SO_ERROR: 0
		kernel OutRsts: 1
		client connect again: 0
	END
}

# source: RFC 9293 3.6.1 (SHLD-3), 3.10.7.1; RFC 1122 4.2.2.13; send(2) EPIPE; UNP 5.13
@test "rst/data-to-closed-peer: send() to a peer that closed succeeds and draws RST; the next is EPIPE and SIGPIPE" {
	observe
	expect gvisor "only pipes raise SIGPIPE (pkg/sentry/kernel/pipe/pipe_util.go, gvisor.dev/issue/161)" <<-'END'
		client recv: 0
		client send: 4
		client poll: ERR HUP
		client SIGPIPEs: 0
		client send again: EPIPE
		client SIGPIPEs: 0
		client recv again: 0
	END
	expect <<-'END'
		client recv: 0
		client send: 4
		client poll: ERR HUP
		client SIGPIPEs: 0
		client send again: EPIPE
		client SIGPIPEs: 1
		client recv again: 0
	END
}

# source: RFC 9293 3.10.5 (ABORT); inet_csk_listen_stop() in net/ipv4/inet_connection_sock.c
@test "rst/listener-close-flushes-queue: close() of a listener sends RST to every connection that nobody accepted" {
	observe
	expect gvisor "it does not tell when a handshake is through: what is still on its way draws RST, too (TCP_INFO in pkg/sentry/socket/netstack/netstack.go)" <<-'END'
		client 1 recv: ECONNRESET
		client 1 recv again: 0
		client 2 recv: ECONNRESET
		client 2 recv again: 0
		kernel OutRsts: *
	END
	expect <<-'END'
		client 1 recv: ECONNRESET
		client 1 recv again: 0
		client 2 recv: ECONNRESET
		client 2 recv again: 0
		kernel OutRsts: 2
	END
}
