#!/usr/bin/env bats
# uring: sockets asked through an io_uring, against the plain calls.
#
# A request in a ring ends in the same functions of the socket as the call whose name it has. So what
# is told is the same; what is different is who waits, who holds the file, and what ends a wait. The
# probes speak to the ring by its three system calls, without a library.

load lib/behaviour

# source: io_uring_enter(2), IORING_OP_RECV to IORING_OP_CLOSE; io_recv() and io_accept() in io_uring/net.c
@test "uring/calls-agree: recv, send, accept, connect, splice and close answer by a ring as by the call" {
	observe
	expect <<-'END'
		nothing there: recv with MSG_DONTWAIT: EAGAIN
		established: send: 1
		a byte there: recv: 1
		5 bytes there: splice to a pipe: 5
		5 bytes in a pipe: splice to the socket: 5
		close: 0
		after FIN: recv: 0
		after FIN: splice to a pipe: 0
		after FIN: send: 1
		reset after FIN: recv: 0
		reset after FIN: recv again: 0
		after RST: recv: ECONNRESET
		after RST: recv again: 0
		after RST: send then: EPIPE
		after RST: send first: ECONNRESET
		after RST: send again: EPIPE
		after RST: splice to a pipe: ECONNRESET
		after RST: splice again: 0
		not connected: recv: ENOTCONN
		not connected: send: EPIPE
		not listening: accept: EINVAL
		connect: 0
		connect again: EISCONN
		one waits: accept: 0
		nobody listens: connect: ECONNREFUSED
		no descriptor: recv: EBADF
		no descriptor: accept: EBADF
		no descriptor: close: EBADF
		by the ring: the same
		over IPv6 by the call: the same
		over IPv6 by the ring: the same
	END
}

# source: io_uring_enter(2); io_accept() in io_uring/net.c, io_rw_init_file() in io_uring/rw.c
@test "uring/nonblock-ignored: O_NONBLOCK does not keep a request from waiting in a ring, MSG_DONTWAIT does" {
	observe
	expect <<-'END'
		recv, MSG_DONTWAIT: EAGAIN
		recv: waits
		read: waits
		accept: waits
		over IPv6: the same
	END
}

# source: io_uring_enter(2), IORING_OP_SEND; send(2) MSG_NOSIGNAL; io_sendmsg_prep() in io_uring/net.c
@test "uring/sigpipe: IORING_OP_SEND never raises SIGPIPE, IORING_OP_WRITE does on sockets and pipes" {
	observe
	expect until-6.3 'a pipe is written by a worker of the ring, whose signal it is (kernel: "pipe: set FMODE_NOWAIT on pipes", 6.4)' <<-'END'
		TCP, send: EPIPE
		SIGPIPE by it: 0
		TCP, write: EPIPE
		SIGPIPE by it: 1
		AF_UNIX STREAM, send: EPIPE
		SIGPIPE by it: 0
		AF_UNIX STREAM, write: EPIPE
		SIGPIPE by it: 1
		pipe, write: EPIPE
		SIGPIPE by it: 0
	END
	expect <<-'END'
		TCP, send: EPIPE
		SIGPIPE by it: 0
		TCP, write: EPIPE
		SIGPIPE by it: 1
		AF_UNIX STREAM, send: EPIPE
		SIGPIPE by it: 0
		AF_UNIX STREAM, write: EPIPE
		SIGPIPE by it: 1
		pipe, write: EPIPE
		SIGPIPE by it: 1
	END
}

# source: io_uring_enter(2), IORING_OP_POLL_ADD; poll(2)
@test "uring/poll-agrees: a poll by the ring answers the mask of poll() in every state of a connection" {
	observe
	expect <<-'END'
		fresh: OUT HUP
		idle: OUT
		data: IN OUT
		own SHUT_WR: OUT
		FIN: IN OUT RDHUP
		both: IN OUT RDHUP HUP
		RST: IN OUT RDHUP ERR HUP
		RST, error taken: IN OUT RDHUP HUP
		over IPv6: the same
	END
}

# source: io_uring_enter(2), IORING_OP_ASYNC_CANCEL
@test "uring/cancel-pending: a cancelled accept or recv is ECANCELED and has taken nothing" {
	observe
	expect <<-'END'
		accept, answers before: 0
		accept: ECANCELED
		cancelling it: 0
		cancelling it again: ENOENT
		plain accept then: 0
		recv, answers before: 0
		recv: ECANCELED
		cancelling it: 0
		cancelling it again: ENOENT
		plain recv then: 1
		answers more: 0
		over IPv6: the same
	END
}

# source: io_uring_enter(2); close(2); shutdown(2); inet_shutdown() in net/ipv4/af_inet.c
@test "uring/close-keeps-pending: close() does not end a recv or accept that waits in a ring; shutdown() does" {
	observe
	expect <<-'END'
		close: 0
		answers: 0
		client recv: EAGAIN
		client state: ESTABLISHED
		client send: 1
		recv in the ring: 1
		client recv then: ECONNRESET
		shutdown: 0
		recv in the ring: 0
		listener close: 0
		client connect: 0
		accept in the ring: 0
		over IPv6: the same
	END
}

# source: io_uring_enter(2), IORING_ACCEPT_MULTISHOT (Linux 5.19); io_accept_prep() in io_uring/net.c
@test "uring/multishot-accept: a multishot accept answers for each connection until EMFILE, by the limit of when it was asked" {
	observe
	expect <<-'END'
		first: accepted
		more will come: yes
		second: accepted
		more will come: yes
		no descriptor left: EMFILE
		more will come: no
		answers with room again: 0
		asked again: accepted
		more will come: yes
		no descriptor left since: accepted
		more will come: yes
		plain accept: EMFILE
		over IPv6: the same
	END
}

# source: io_uring_enter(2), IORING_OP_LINK_TIMEOUT, IOSQE_IO_LINK
@test "uring/linked-timeout: a linked timeout ends a recv with ECANCELED and takes no byte; SO_RCVTIMEO has no say" {
	observe
	expect <<-'END'
		nothing comes: recv ECANCELED
		timeout: ETIME
		with SO_RCVTIMEO 1 ms, too, at least 150 ms: yes
		a byte comes: recv 1
		timeout: ECANCELED
		a byte is there: recv 1
		timeout: ECANCELED
		answers more: 0
		over IPv6: the same
	END
}

# source: io_uring_enter(2), IORING_OP_ACCEPT; __io_arm_poll_handler() in io_uring/poll.c (EPOLLEXCLUSIVE)
@test "uring/accept-in-turn: of accepts that wait in rings a connection completes one, the oldest" {
	observe
	expect until-5.17 'all accepts that wait are woken (kernel: "io_uring: enable EPOLLEXCLUSIVE for accept poll")' <<-'END'
		connection 0, request: *
		answers more: 0
		connection 1, request: *
		answers more: 0
		connection 2, request: *
		answers more: 0
		connection 3, request: *
		answers more: 0
		over IPv6: the same
	END
	expect <<-'END'
		connection 0, request: 0
		answers more: 0
		connection 1, request: 1
		answers more: 0
		connection 2, request: 2
		answers more: 0
		connection 3, request: 3
		answers more: 0
		over IPv6: the same
	END
}

# source: io_uring_enter(2); io_uring_try_cancel_requests() in io_uring
@test "uring/kill-ends-pending: killed with requests in a ring, a process ends its connections as without" {
	observe
	expect <<-'END'
		recv waits: client recv: 0
		recv waits, linger time zero: client recv: ECONNRESET
		poll waits, input unread: client recv: ECONNRESET
		over IPv6: the same
	END
}
