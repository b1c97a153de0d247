#!/usr/bin/env bats
# rst: what makes a kernel send RST, and what the peer then reads.
#
# A FIN says "I have no more to send" and is a promise that everything before it was sent. A RST
# says "this connection does not exist (any more)" and promises nothing: what was on its way is
# lost, on both sides. A program never sends a RST as such; it closes in a way that leaves the
# kernel no other honest answer. The peer learns of it from its next call: ECONNRESET, once, and
# then end of file.

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
		over IPv6: the same
	END
	expect <<-'END'
		client recv: ECONNRESET
		client recv again: 0
		kernel TCPAbortOnData: 1
		kernel OutRsts: 1
		kernel sockets in TIME_WAIT: 0
		over IPv6: the same
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
		over IPv6: the same
	END
	expect <<-'END'
		client recv: ECONNRESET
		client recv again: 0
		kernel TCPAbortOnClose: 1
		kernel OutRsts: 1
		over IPv6: the same
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
		over IPv6: the same
	END
	expect <<-'END'
		client connect: ECONNREFUSED
		client SO_ERROR: 0
		kernel OutRsts: 1
		client connect again: 0
		over IPv6: the same
	END
}

# source: RFC 9293 3.6.1 (SHLD-3), 3.10.7.1; RFC 1122 4.2.2.13; send(2) EPIPE; UNP 5.13
@test "rst/data-to-closed-peer: send() to a peer that closed succeeds and draws RST; the next is EPIPE and SIGPIPE" {
	observe
	expect gvisor "only pipes raise SIGPIPE (pkg/sentry/kernel/pipe/pipe_util.go, gvisor.dev/issue/161); /proc/net/tcp lists only sockets that have a descriptor" <<-'END'
		client recv: 0
		server sockets in FIN_WAIT2: 0
		client send: 4
		client poll: ERR HUP
		client SIGPIPEs: 0
		server sockets in FIN_WAIT2: 0
		client send again: EPIPE
		client SIGPIPEs: 0
		client recv again: 0
		over IPv6: the same
	END
	expect <<-'END'
		client recv: 0
		server sockets in FIN_WAIT2: 1
		client send: 4
		client poll: ERR HUP
		client SIGPIPEs: 0
		server sockets in FIN_WAIT2: 0
		client send again: EPIPE
		client SIGPIPEs: 1
		client recv again: 0
		over IPv6: the same
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
		over IPv6: the same
	END
	expect <<-'END'
		client 1 recv: ECONNRESET
		client 1 recv again: 0
		client 2 recv: ECONNRESET
		client 2 recv again: 0
		kernel OutRsts: 2
		over IPv6: the same
	END
}

# source: RFC 9293 3.10.5 (ABORT), 3.4 (FIN takes a number); tcp_disconnect() and tcp_need_reset() in net/ipv4/tcp.c
@test "rst/linger-zero-after-shut-wr: close() with a zero linger time after SHUT_WR sends RST numbered after the FIN; the peer's error is EPIPE" {
	observe
	expect gvisor "no RDHUP (pkg/waiter/waiter.go); /proc/net/netstat has names and no values (pkg/sentry/fsimpl/proc/task_net.go)" <<-'END'
		client recv: 0
		server state: FIN_WAIT2
		client poll: IN OUT
		server close: 0
		client state: CLOSE
		client poll: IN OUT ERR HUP
		client recv: 0
		client SO_ERROR: EPIPE
		client SO_ERROR: 0
		client recv: 0
		kernel TCPAbortOnData: not counted
		over IPv6: the same
	END
	expect <<-'END'
		client recv: 0
		server state: FIN_WAIT2
		client poll: IN OUT RDHUP
		server close: 0
		client state: CLOSE
		client poll: IN OUT RDHUP ERR HUP
		client recv: 0
		client SO_ERROR: EPIPE
		client SO_ERROR: 0
		client recv: 0
		kernel TCPAbortOnData: 1
		over IPv6: the same
	END
}

# source: close(2); UNP 4.8; socket(7) SO_LINGER
@test "rst/linger-zero-last-reference: with a zero linger time only the close() of the last descriptor, dup()ed or inherited, sends RST" {
	observe
	expect <<-'END'
		server close: 0
		server send by the copy: 1
		client recv: 1
		server close of the copy: 0
		child send: 1
		client recv: 1
		client recv: EAGAIN
		client state: ESTABLISHED
		kernel OutRsts: 0
		child close: 0
		client recv: ECONNRESET
		kernel OutRsts: 1
		over IPv6: the same
	END
}

# source: socket(7) SO_LINGER; RFC 2525 2.17; UNP 5.12
@test "rst/linger-zero-sigkill: SIGKILL sends RST where the linger time is zero or input is unread, and FIN otherwise" {
	observe
	expect <<-'END'
		linger time zero: client recv: ECONNRESET
		kernel OutRsts: 1
		nothing set: client recv: 0
		kernel OutRsts: 0
		nothing set, input unread: client recv: ECONNRESET
		kernel OutRsts: 1
		over IPv6: the same
	END
}

# source: RFC 9293 3.10.5 (ABORT); socket(7) SO_LINGER; UNP 7.5
@test "rst/linger-zero-discards-sendq: close() with a zero linger time returns and throws away what was not sent; RST follows what was" {
	observe
	expect <<-'END'
		server send: 100000
		server SIOCOUTQ: 100000
		server close: 0
		client recv in all: 9880
		client recv at last: ECONNRESET
		client recv again: 0
		kernel TCPAbortOnData: 1
		kernel OutRsts: 1
		over IPv6: the same
	END
}

# source: RFC 1122 4.2.2.13; RFC 9293 3.6.1 (SHLD-3); RFC 2525 2.17
@test "rst/close-unread-reply-still-readable: one unread byte draws RST, and an answer sent before it can be read before ECONNRESET" {
	observe
	expect gvisor "no RDHUP (pkg/waiter/waiter.go)" <<-'END'
		server send: 5
		server close: 0
		client poll: IN ERR HUP
		client recv: 5
		client has: sorry
		client recv: ECONNRESET
		client recv: 0
		kernel OutRsts: 1
		over IPv6: the same
	END
	expect <<-'END'
		server send: 5
		server close: 0
		client poll: IN RDHUP ERR HUP
		client recv: 5
		client has: sorry
		client recv: ECONNRESET
		client recv: 0
		kernel OutRsts: 1
		over IPv6: the same
	END
}

# source: RFC 2525 2.17; RFC 1122 4.2.2.13; RFC 9293 3.6.1 (SHLD-3)
@test "rst/close-unread-in-close-wait: close() with unread input sends RST even after the peer's FIN; it reads ECONNRESET once" {
	observe
	expect gvisor "/proc/net/netstat has names and no values (pkg/sentry/fsimpl/proc/task_net.go)" <<-'END'
		server state: CLOSE_WAIT
		client state: FIN_WAIT2
		server close: 0
		client recv: ECONNRESET
		client recv again: 0
		kernel TCPAbortOnClose: not counted
		kernel OutRsts: 1
		over IPv6: the same
	END
	expect <<-'END'
		server state: CLOSE_WAIT
		client state: FIN_WAIT2
		server close: 0
		client recv: ECONNRESET
		client recv again: 0
		kernel TCPAbortOnClose: 1
		kernel OutRsts: 1
		over IPv6: the same
	END
}

# source: RFC 2525 2.17; RFC 1122 4.2.2.13; tcp_close() in net/ipv4/tcp.c
@test "rst/close-unread-drops-sendq: close() with one unread byte throws away the unsent output; the peer reads a part, then ECONNRESET" {
	observe
	expect gvisor "/proc/net/netstat has names and no values (pkg/sentry/fsimpl/proc/task_net.go)" <<-'END'
		server send: 1048576
		server close: 0
		client recv at last: ECONNRESET
		client received all: no
		client received some: yes
		client recv again: 0
		kernel TCPAbortOnClose: not counted
		over IPv6: the same
	END
	expect <<-'END'
		server send: 1048576
		server close: 0
		client recv at last: ECONNRESET
		client received all: no
		client received some: yes
		client recv again: 0
		kernel TCPAbortOnClose: 1
		over IPv6: the same
	END
}

# source: connect(2) EINPROGRESS, ECONNREFUSED; UNP 16.3; sock_error() in include/net/sock.h
@test "rst/connect-closed-nonblock: a refused nonblocking connect() tells ECONNREFUSED once, to the first call; then recv is 0 and send EPIPE" {
	observe
	expect gvisor "who asks for the error does not take it away, and the socket is ended (StateError in pkg/tcpip/transport/tcp/endpoint.go); only pipes raise SIGPIPE (gvisor.dev/issue/161)" <<-'END'
		client connect, then SO_ERROR first: EINPROGRESS
		client poll: IN OUT ERR HUP
		client SO_ERROR: ECONNREFUSED
		client poll: IN OUT ERR HUP
		client SO_ERROR: ECONNREFUSED
		client recv: 0
		client send: EPIPE
		client SIGPIPEs: 0
		client connect, then recv first: EINPROGRESS
		client recv: ECONNREFUSED
		client poll: IN OUT ERR HUP
		client SO_ERROR: ECONNREFUSED
		client recv: 0
		client send: EPIPE
		client SIGPIPEs: 0
		client connect, then send first: EINPROGRESS
		client send: ECONNREFUSED
		client SIGPIPEs: 0
		client poll: IN OUT ERR HUP
		client SO_ERROR: ECONNREFUSED
		client recv: 0
		client send: EPIPE
		client SIGPIPEs: 0
		client connect, then connect first: EINPROGRESS
		client connect again: ECONNREFUSED
		client poll: IN OUT ERR HUP
		client SO_ERROR: ECONNREFUSED
		client recv: 0
		client send: EPIPE
		client SIGPIPEs: 0
		over IPv6: the same
	END
	expect <<-'END'
		client connect, then SO_ERROR first: EINPROGRESS
		client poll: IN OUT RDHUP ERR HUP
		client SO_ERROR: ECONNREFUSED
		client poll: IN OUT RDHUP HUP
		client SO_ERROR: 0
		client recv: 0
		client send: EPIPE
		client SIGPIPEs: 1
		client connect, then recv first: EINPROGRESS
		client recv: ECONNREFUSED
		client poll: IN OUT RDHUP HUP
		client SO_ERROR: 0
		client recv: 0
		client send: EPIPE
		client SIGPIPEs: 1
		client connect, then send first: EINPROGRESS
		client send: ECONNREFUSED
		client SIGPIPEs: 0
		client poll: IN OUT RDHUP HUP
		client SO_ERROR: 0
		client recv: 0
		client send: EPIPE
		client SIGPIPEs: 1
		client connect, then connect first: EINPROGRESS
		client connect again: ECONNREFUSED
		client poll: OUT HUP
		client SO_ERROR: 0
		client recv: ENOTCONN
		client send: EPIPE
		client SIGPIPEs: 1
		over IPv6: the same
	END
}

# source: tcp_reset() in net/ipv4/tcp_input.c; send(2) EPIPE; UNP 5.13
@test "rst/close-wait-maps-to-epipe: a RST in CLOSE_WAIT is EPIPE, with SIGPIPE at the first send; recv goes on with 0" {
	observe
	expect gvisor "a reset connection polls ERR for ever (Readiness() in pkg/tcpip/transport/tcp/endpoint.go); only pipes raise SIGPIPE (gvisor.dev/issue/161)" <<-'END'
		client state: CLOSE_WAIT
		client state: CLOSE
		client poll: IN OUT ERR HUP
		client recv: 0
		client recv again: 0
		client SO_ERROR: EPIPE
		client SO_ERROR again: 0
		client poll: IN OUT ERR HUP
		client recv: 0
		client state: CLOSE_WAIT
		client state: CLOSE
		client send: EPIPE
		client SIGPIPEs: 0
		client SO_ERROR: EPIPE
		client send again: EPIPE
		client SIGPIPEs: 0
		over IPv6: the same
	END
	expect <<-'END'
		client state: CLOSE_WAIT
		client state: CLOSE
		client poll: IN OUT RDHUP ERR HUP
		client recv: 0
		client recv again: 0
		client SO_ERROR: EPIPE
		client SO_ERROR again: 0
		client poll: IN OUT RDHUP HUP
		client recv: 0
		client state: CLOSE_WAIT
		client state: CLOSE
		client send: EPIPE
		client SIGPIPEs: 1
		client SO_ERROR: 0
		client send again: EPIPE
		client SIGPIPEs: 1
		over IPv6: the same
	END
}

# source: connect(2) AF_UNSPEC; tcp_disconnect() in net/ipv4/tcp.c
@test "rst/connect-unspec-aborts: connect() to AF_UNSPEC sends RST and leaves a socket that can connect again" {
	observe
	expect gvisor "connect() to AF_UNSPEC is for datagram sockets only (Disconnect() in pkg/tcpip/transport/tcp/endpoint.go)" <<-'END'
		client connect to AF_UNSPEC: EAFNOSUPPORT
		over IPv6: the same
	END
	expect <<-'END'
		client connect to AF_UNSPEC: 0
		client state: CLOSE
		client SO_ERROR: ECONNRESET
		client SO_ERROR again: 0
		client recv: ENOTCONN
		server recv: ECONNRESET
		server recv again: 0
		kernel OutRsts: 1
		client connect: 0
		client send: 1
		server recv: 1
		over IPv6: the same
	END
}

# source: shutdown(2); inet_shutdown() in net/ipv4/af_inet.c; inet_csk_listen_stop() in net/ipv4/inet_connection_sock.c
@test "rst/listener-shutdown-flushes-queue: SHUT_RD of a listener resets its queue, accept() is EINVAL, and listen() begins anew; SHUT_WR does nothing" {
	observe
	expect gvisor "a listener that was shut down still says LISTEN, but accepts nobody (Shutdown() in pkg/tcpip/transport/tcp/endpoint.go)" <<-'END'
		server shutdown(SHUT_WR): 0
		server state: LISTEN
		client recv: EAGAIN
		server shutdown(SHUT_RD): 0
		server state: LISTEN
		client recv: ECONNRESET
		client recv again: 0
		kernel OutRsts: 1
		server accept: EINVAL
		server listen: 0
		server port: the same
		client send: 1
		server recv: 1
		over IPv6: the same
	END
	expect <<-'END'
		server shutdown(SHUT_WR): 0
		server state: LISTEN
		client recv: EAGAIN
		server shutdown(SHUT_RD): 0
		server state: CLOSE
		client recv: ECONNRESET
		client recv again: 0
		kernel OutRsts: 1
		server accept: EINVAL
		server listen: 0
		server port: the same
		client send: 1
		server recv: 1
		over IPv6: the same
	END
}

# source: RFC 9293 3.10.7.1; inet_csk_listen_stop() in net/ipv4/inet_connection_sock.c
@test "rst/listener-close-half-open: a listener that closes sends nothing to a half-open handshake; the SYN repeated is refused" {
	observe
	expect <<-'END'
		client connect: EINPROGRESS
		server close: 0
		client refused, at least 990 ms: yes
		client poll: IN OUT RDHUP ERR HUP
		client SO_ERROR: ECONNREFUSED
		kernel OutRsts: 1
		client SYN again: yes
		over IPv6: the same
	END
}

# source: ip-sysctl.rst tcp_abort_on_overflow; tcp_check_req() in net/ipv4/tcp_minisocks.c; UNP 4.5
@test "rst/abort-on-overflow: with tcp_abort_on_overflow=1 the ACK that ends a handshake draws RST when the queue is full" {
	observe
	expect <<-'END'
		client connect: 0
		client state: ESTABLISHED
		client send: 5
		client recv: ECONNRESET
		client recv again: 0
		kernel EmbryonicRsts: 1
		kernel ListenOverflows: 1
		kernel OutRsts: 1
		server connections to accept: 3
		over IPv6: the same
	END
}

# source: ip-sysctl.rst tcp_abort_on_overflow; tcp_check_req() in net/ipv4/tcp_minisocks.c; UNP 4.5
@test "rst/overflow-ignores-ack: a full queue ignores the last ACK and the data, repeats the SYN-ACK, and takes both once there is room" {
	observe
	expect <<-'END'
		client connect: 0
		client send: 5
		kernel SYN-ACK again, at least 990 ms: yes
		client state: ESTABLISHED
		server sockets in SYN_RECV: 1
		server connections to accept: 3
		kernel OutRsts: 0
		server recv: 5
		over IPv6: the same
	END
}

# source: RFC 9293 3.5.1, 3.10.7.1; UNP 5.14, 5.15; tcp(7) TCP_KEEPIDLE; tcp_close() in repair mode in net/ipv4/tcp.c
@test "rst/peer-vanished: a peer that forgot the connection answers data and keepalive probes with RST: ECONNRESET" {
	observe
	expect <<-'END'
		server close in repair mode: 0
		kernel OutSegs: 0
		client state: ESTABLISHED
		client send: 4
		client recv: ECONNRESET
		client recv again: 0
		server close in repair mode: 0
		kernel OutSegs: 0
		client state: ESTABLISHED
		client recv with SO_KEEPALIVE: ECONNRESET
		client recv again: 0
		over IPv6: the same
	END
}

# source: sock_diag(7); ss(8) -K; tcp_abort() in net/ipv4/tcp.c
@test "rst/sock-destroy: SOCK_DESTROY sends RST to the peer and leaves ECONNABORTED to the owner" {
	observe
	expect <<-'END'
		kernel SOCK_DESTROY: 0
		server state: CLOSE
		server poll: IN OUT RDHUP ERR HUP
		server recv: ECONNABORTED
		server recv again: 0
		client recv: ECONNRESET
		client recv again: 0
		over IPv6: the same
	END
}

# source: RFC 5961 3.2; RFC 9293 3.10.7.4; tcp_validate_incoming() in net/ipv4/tcp_input.c
@test "rst/rfc5961-inexact-rst: only the RST with the next number resets; near it one draws an ACK, far off nothing" {
	observe
	expect <<-'END'
		RST before the window draws: nothing
		RST beyond the window draws: nothing
		RST one too far draws: . 0 seq 1 ack 1
		RST at the last byte of the window draws: . 0 seq 1 ack 1
		kernel TCPChallengeACK: 2
		kernel recv: 5
		data draws: . 0 seq 1 ack 6
		RST at the next byte draws: nothing
		kernel recv: ECONNRESET
		kernel state: CLOSE
		over IPv6: the same
	END
}

# source: RFC 9293 3.5.2, 3.10.7.1, 3.10.7.2; tcp_v4_send_reset() in net/ipv4/tcp_ipv4.c
@test "rst/segment-to-closed-or-listen: a stray ACK draws RST with its number; a RST draws nothing" {
	observe
	expect <<-'END'
		closed: SYN draws: R. 0 seq 0 ack 101
		closed: ACK and data draws: R 0 seq 500
		closed: data without ACK draws: R. 0 seq 0 ack 105
		closed: FIN draws: R. 0 seq 0 ack 101
		closed: FIN and ACK draws: R 0 seq 500
		closed: RST draws: nothing
		closed: RST and ACK draws: nothing
		listener: ACK draws: R 0 seq 500
		listener: SYN and ACK draws: R 0 seq 500
		listener: FIN draws: nothing
		listener: FIN and ACK draws: R 0 seq 500
		listener: RST draws: nothing
		kernel OutRsts: 8
		listener: SYN with a wrong checksum draws: nothing
		closed: SYN with a wrong checksum draws: nothing
		kernel InCsumErrors: 2
		over IPv6: the same
	END
}

# source: RFC 5961 3.2; RFC 9293 3.10.7.4; tcp_acceptable_seq() in net/ipv4/tcp_output.c
@test "rst/linger-zero-full-window: a RST after dropped data has the number of what is missing; before 6.6 it took two" {
	observe
	expect until-6.5 'no zero window said for lack of memory: "net: tcp: send zero-window ACK when no memory" (6.6)' <<-'END'
		server segments sent: 10
		client dropped some: yes
		server close: 0
		client received: what its kernel had
		client recv at last: ECONNRESET
		client recv again: 0
		kernel TCPChallengeACK: 1
		kernel OutRsts: 2
		over IPv6: the same
	END
	expect <<-'END'
		server segments sent: 10
		client dropped some: yes
		server close: 0
		client received: what its kernel had
		client recv at last: ECONNRESET
		client recv again: 0
		kernel TCPChallengeACK: 0
		kernel OutRsts: 1
		over IPv6: the same
	END
}

# source: socket(7) SO_LINGER; inet_release() in net/ipv4/af_inet.c, __tcp_close() in net/ipv4/tcp.c
@test "rst/linger-zero-matrix: close, exit, SIGKILL or execve, blocking or not, whatever the peer does: a zero linger time resets" {
	observe
	expect <<-'END'
		close: resets, of 8: 8
		close of the last copy: resets, of 8: 8
		_exit: resets, of 8: 8
		SIGKILL: resets, of 8: 8
		execve: resets, of 8: 8
		over IPv6: the same
		IPv4 at an IPv6 listener: the same
	END
}
