#!/usr/bin/env bats
# error: where a socket's error shows, who takes it away, and what wakes because of it.
#
# An error that comes from the network waits in the socket until a call takes it: any that reads,
# writes or asks for SO_ERROR. poll() shows that it is there and leaves it. Where several calls could
# take it, what each of them says depends on who came first.

load lib/behaviour

# source: poll(2) POLLERR, POLLHUP, POLLRDHUP; select(2); socket(7) SO_ERROR
@test "error/poll-rst-mask: a reset polls as IN OUT RDHUP ERR HUP; SO_ERROR takes only ERR away" {
	observe
	expect gvisor "no RDHUP (pkg/waiter/waiter.go); a reset connection is ready for all that is asked, ever after (Readiness() in pkg/tcpip/transport/tcp/endpoint.go)" <<-'END'
		poll for all: IN PRI OUT ERR HUP
		poll for nothing: ERR HUP
		select: 3
		select readable: 1
		select writable: 1
		select exceptional: 1
		SO_ERROR: ECONNRESET
		poll for all after it: IN PRI OUT ERR HUP
		poll for nothing after it: ERR HUP
		over IPv6: the same
	END
	expect <<-'END'
		poll for all: IN OUT RDHUP ERR HUP
		poll for nothing: ERR HUP
		select: 2
		select readable: 1
		select writable: 1
		select exceptional: 0
		SO_ERROR: ECONNRESET
		poll for all after it: IN OUT RDHUP HUP
		poll for nothing after it: HUP
		over IPv6: the same
	END
}

# source: recvmmsg(2); do_recvmmsg() in net/socket.c
@test "error/recvmmsg-error-first: with data and a reset pending recvmmsg() is ECONNRESET at once, recvmsg() the data first" {
	observe
	expect gvisor "recvmmsg() asks for no pending error (pkg/sentry/syscalls/linux/sys_socket.go)" <<-'END'
		recvmmsg: 1
		recvmmsg again: messages: 1
		recvmmsg again: bytes: 0
		recvmsg after it: 0
		recvmsg: 5
		recvmsg again: ECONNRESET
		recvmsg and again: 0
		over IPv6: the same
	END
	expect <<-'END'
		recvmmsg: ECONNRESET
		recvmmsg again: messages: 1
		recvmmsg again: bytes: 5
		recvmsg after it: 0
		recvmsg: 5
		recvmsg again: ECONNRESET
		recvmsg and again: 0
		over IPv6: the same
	END
}

# source: unix(7); unix_release_sock(), unix_stream_sendmsg() and unix_dgram_sendmsg() in net/unix/af_unix.c
@test "error/unix-close-unread: an AF_UNIX peer that closes with input unread leaves ECONNRESET, once; not on DGRAM" {
	observe
	expect gvisor "no RDHUP (pkg/waiter/waiter.go); the reset is a state of the queue and told for ever (pkg/sentry/socket/unix/transport/queue.go)" <<-'END'
		poll: IN OUT
		STREAM recv first: 3
		STREAM recv second: ECONNRESET
		STREAM recv third: ECONNRESET
		STREAM recv fourth: ECONNRESET
		poll: IN OUT
		STREAM send first: EPIPE
		STREAM SIGPIPE by it: 0
		SO_ERROR after it: 0
		STREAM recv then: 3
		STREAM recv and then: ECONNRESET
		poll: IN OUT
		SEQPACKET recv first: 3
		SEQPACKET recv second: ECONNRESET
		SEQPACKET recv third: ECONNRESET
		SEQPACKET recv fourth: ECONNRESET
		poll: IN OUT
		SEQPACKET send first: EPIPE
		SEQPACKET SIGPIPE by it: 0
		SO_ERROR after it: 0
		SEQPACKET recv then: 3
		SEQPACKET recv and then: ECONNRESET
		poll: IN OUT
		DGRAM recv first: 3
		DGRAM recv second: ECONNRESET
		DGRAM recv third: ECONNRESET
		DGRAM recv fourth: ECONNRESET
		poll: IN OUT
		DGRAM send first: EPIPE
		DGRAM SIGPIPE by it: 0
		SO_ERROR after it: 0
		DGRAM recv then: 3
		DGRAM recv and then: ECONNRESET
	END
	expect <<-'END'
		poll: IN OUT RDHUP ERR HUP
		STREAM recv first: 3
		STREAM recv second: ECONNRESET
		STREAM recv third: 0
		STREAM recv fourth: 0
		poll: IN OUT RDHUP ERR HUP
		STREAM send first: EPIPE
		STREAM SIGPIPE by it: 1
		SO_ERROR after it: ECONNRESET
		STREAM recv then: 3
		STREAM recv and then: 0
		poll: IN OUT RDHUP ERR HUP
		SEQPACKET recv first: ECONNRESET
		SEQPACKET recv second: 3
		SEQPACKET recv third: 0
		SEQPACKET recv fourth: 0
		poll: IN OUT RDHUP ERR HUP
		SEQPACKET send first: ECONNRESET
		SEQPACKET SIGPIPE by it: 0
		SO_ERROR after it: 0
		SEQPACKET recv then: 3
		SEQPACKET recv and then: 0
		poll: IN OUT
		DGRAM recv first: 3
		DGRAM recv second: EAGAIN
		DGRAM recv third: EAGAIN
		DGRAM recv fourth: EAGAIN
		poll: IN OUT
		DGRAM send first: ECONNREFUSED
		DGRAM SIGPIPE by it: 0
		SO_ERROR after it: 0
		DGRAM recv then: EAGAIN
		DGRAM recv and then: EAGAIN
	END
}

# source: unix(7); unix_release_sock() in net/unix/af_unix.c (embryos)
@test "error/unix-embryo-close: closing an AF_UNIX listener resets who was not accepted: ERR, ECONNRESET, then 0" {
	observe
	expect gvisor "no RDHUP (pkg/waiter/waiter.go); who was not accepted is closed, not reset (pkg/sentry/socket/unix/transport/connectioned.go)" <<-'END'
		poll: OUT
		poll of one that sent nothing: IN OUT
		recv: 0
		poll: IN OUT
		recv again: 0
		poll of one that had sent: IN OUT
		recv: ECONNRESET
		poll: IN OUT
		recv again: ECONNRESET
		send of a third: EPIPE
		SIGPIPE by it: 0
		its SO_ERROR: 0
		over SEQPACKET: the same
	END
	expect <<-'END'
		poll: OUT
		poll of one that sent nothing: IN OUT RDHUP ERR HUP
		recv: ECONNRESET
		poll: IN OUT RDHUP HUP
		recv again: 0
		poll of one that had sent: IN OUT RDHUP ERR HUP
		recv: ECONNRESET
		poll: IN OUT RDHUP HUP
		recv again: 0
		send of a third: EPIPE
		SIGPIPE by it: 1
		its SO_ERROR: ECONNRESET
		over SEQPACKET not: send of a third: EPIPE
		over SEQPACKET: send of a third: ECONNRESET
		over SEQPACKET not: SIGPIPE by it: 1
		over SEQPACKET: SIGPIPE by it: 0
		over SEQPACKET not: its SO_ERROR: ECONNRESET
		over SEQPACKET: its SO_ERROR: 0
	END
}

# source: poll(2); tcp_poll() in net/ipv4/tcp.c; unix_poll() in net/unix/af_unix.c; UNP 6.10
@test "error/poll-mask-lifecycle: what poll() says of a stream socket from its birth to its end, TCP and AF_UNIX" {
	observe
	expect gvisor "no RDHUP (pkg/waiter/waiter.go); HUP and ERR go by state: fresh, reset and in TIME_WAIT a TCP socket has them, AF_UNIX has none (Readiness() in pkg/tcpip/transport/tcp/endpoint.go, pkg/sentry/socket/unix/transport/connectioned.go)" <<-'END'
		fresh: HUP
		listener, nobody waits: none
		listener, one waits: IN
		idle: OUT
		the same, asked for nothing: none
		peer SHUT_WR: IN OUT
		the same, asked for nothing: none
		own SHUT_WR: OUT
		the same, asked for nothing: none
		both SHUT_WR: IN OUT ERR HUP
		the same, asked for nothing: ERR HUP
		own SHUT_RD: IN OUT
		the same, asked for nothing: none
		own SHUT_RDWR: IN OUT
		the same, asked for nothing: none
		peer close: IN OUT
		recv: 0
		peer close, 0 was read: IN OUT
		over IPv6: the same
		AF_UNIX STREAM not: fresh: HUP
		AF_UNIX STREAM: fresh: none
		AF_UNIX STREAM not: both SHUT_WR: IN OUT ERR HUP
		AF_UNIX STREAM: both SHUT_WR: IN OUT
		AF_UNIX STREAM not: the same, asked for nothing: ERR HUP
		AF_UNIX STREAM: the same, asked for nothing: none
		AF_UNIX SEQPACKET not: fresh: HUP
		AF_UNIX SEQPACKET: fresh: none
		AF_UNIX SEQPACKET not: both SHUT_WR: IN OUT ERR HUP
		AF_UNIX SEQPACKET: both SHUT_WR: IN OUT
		AF_UNIX SEQPACKET not: the same, asked for nothing: ERR HUP
		AF_UNIX SEQPACKET: the same, asked for nothing: none
	END
	expect <<-'END'
		fresh: OUT HUP
		listener, nobody waits: none
		listener, one waits: IN
		idle: OUT
		the same, asked for nothing: none
		peer SHUT_WR: IN OUT RDHUP
		the same, asked for nothing: none
		own SHUT_WR: OUT
		the same, asked for nothing: none
		both SHUT_WR: IN OUT RDHUP HUP
		the same, asked for nothing: HUP
		own SHUT_RD: IN OUT RDHUP
		the same, asked for nothing: none
		own SHUT_RDWR: IN OUT RDHUP HUP
		the same, asked for nothing: HUP
		peer close: IN OUT RDHUP
		recv: 0
		peer close, 0 was read: IN OUT RDHUP
		over IPv6: the same
		AF_UNIX STREAM not: peer close: IN OUT RDHUP
		AF_UNIX STREAM: peer close: IN OUT RDHUP HUP
		AF_UNIX STREAM not: peer close, 0 was read: IN OUT RDHUP
		AF_UNIX STREAM: peer close, 0 was read: IN OUT RDHUP HUP
		AF_UNIX SEQPACKET not: peer close: IN OUT RDHUP
		AF_UNIX SEQPACKET: peer close: IN OUT RDHUP HUP
		AF_UNIX SEQPACKET not: peer close, 0 was read: IN OUT RDHUP
		AF_UNIX SEQPACKET: peer close, 0 was read: IN OUT RDHUP HUP
	END
}

# source: recv(2); send(2); shutdown(2); poll(2); UNP 5.12, 6.6
@test "error/blocked-calls-woken: a reset wakes recv(), send() and poll(); one's own SHUT_RD wakes recv() with 0" {
	observe
	expect gvisor "no RDHUP (pkg/waiter/waiter.go)" <<-'END'
		reset: recv: ECONNRESET
		reset: send: a part
		reset: poll: IN ERR HUP
		send afterwards: 1
		own SHUT_RD: recv: 0
		send afterwards: 1
		own SHUT_RD: poll: IN
		over IPv6: the same
	END
	expect <<-'END'
		reset: recv: ECONNRESET
		reset: send: a part
		reset: poll: IN RDHUP ERR HUP
		send afterwards: 1
		own SHUT_RD: recv: 0
		send afterwards: 1
		own SHUT_RD: poll: IN RDHUP
		over IPv6: the same
	END
}

# source: close(2) NOTES (multithreaded processes)
@test "error/close-does-not-wake-recv: close() under a recv() in another thread wakes nobody and sends FIN only when that returns" {
	observe
	expect <<-'END'
		client descriptor after close: EBADF
		client thread woken by close: 0
		server's state: ESTABLISHED
		client recv, of data sent after close: 5
		server recv: 0
		over IPv6: the same
	END
}

# source: udp(7); ip(7) ECONNREFUSED; RFC 1122 4.1.3.3; UNP 8.9, 8.11
@test "error/udp-async-refused: a refused datagram is told to a connected UDP socket, once, by its next call; to no other" {
	observe
	expect <<-'END'
		connected send: 1
		connected poll: OUT ERR
		connected next send: ECONNREFUSED
		connected poll: OUT
		connected send after that: 2
		connected send: 1
		connected poll: OUT ERR
		connected recv: ECONNREFUSED
		connected next recv: EAGAIN
		unconnected sendto: 1
		unconnected poll: OUT
		unconnected SO_ERROR: 0
		unconnected recv: EAGAIN
		over IPv6: the same
	END
}

# source: connect(2) EINTR, EALREADY, EISCONN; POSIX.1-2017 connect(); UNP 5.9, 16.4
@test "error/connect-interrupted: after EINTR the handshake goes on: EALREADY, then 0 once, then EISCONN; a blocking retry waits" {
	observe
	expect <<-'END'
		connect, interrupted: EINTR
		connect, interrupted: EINTR
		connect again, not blocking: EALREADY
		poll: OUT
		SO_ERROR: 0
		connect: 0
		connect and again: EISCONN
		connect again, blocking: 0
		connections at the listener: 2
		over IPv6: the same
	END
}

# source: socket(7) SO_RCVTIMEO and SO_SNDTIMEO; sk_stream_wait_memory() in net/core/stream.c
@test "error/sndtimeo-partial: a send() ended by SO_SNDTIMEO returns a count, and EAGAIN only where it queued nothing" {
	observe
	expect <<-'END'
		send: a part
		at least 100 ms: yes
		next send: EAGAIN
		at least 100 ms: yes
		over IPv6: the same
		AF_UNIX STREAM: the same
	END
}

# source: RFC 2525 2.17; unix(7); __tcp_close() in net/ipv4/tcp.c, unix_release_sock() in net/unix/af_unix.c
@test "error/close-unread-matrix: unread input makes close, exit and SIGKILL a reset on TCP, STREAM and SEQPACKET, read input none" {
	observe
	expect <<-'END'
		close, unread: peer recv: ECONNRESET
		_exit, unread: peer recv: ECONNRESET
		SIGKILL, unread: peer recv: ECONNRESET
		close, read: peer recv: 0
		_exit, read: peer recv: 0
		SIGKILL, read: peer recv: 0
		over IPv6: the same
		STREAM pair: the same
		STREAM by name: the same
		SEQPACKET pair: the same
		SEQPACKET by name: the same
	END
}
