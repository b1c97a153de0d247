#!/usr/bin/env bats
# sigpipe: what a write, or any other call, gets from a connection that is no more; and the signal.
#
# A reset reaches a process twice: once as an error, ECONNRESET, which whoever asks first takes away,
# and from then on as a state, in which there is nothing to read and no use in writing. SIGPIPE belongs
# to the second part. It exists for programs in a pipeline that do not look at what write() returns; in
# a server it ends, without a word, a process that did. `build/bin/sigpipe` shows it. Ignore it in
# main(), or send with MSG_NOSIGNAL, and take ECONNRESET and EPIPE for the same thing: the end of this
# connection.

load lib/behaviour

# source: send(2) ECONNRESET; socket(7) SO_ERROR; RFC 9293 3.10.7.4 (RST); UNP 5.13
@test "sigpipe/first-operation-after-rst: the first call after a reset takes ECONNRESET away, without a signal" {
	observe
	expect gvisor "a reset connection polls ERR for ever (Readiness() in pkg/tcpip/transport/tcp/endpoint.go)" <<-'END'
		send: ECONNRESET
		SIGPIPE by send: 0
		poll after it: IN OUT ERR HUP
		send of 0 bytes: ECONNRESET
		SIGPIPE by send of 0 bytes: 0
		poll after it: IN OUT ERR HUP
		write of 0 bytes: ECONNRESET
		SIGPIPE by write of 0 bytes: 0
		poll after it: IN OUT ERR HUP
		recv: ECONNRESET
		SIGPIPE by recv: 0
		poll after it: IN OUT ERR HUP
		peek: ECONNRESET
		SIGPIPE by peek: 0
		poll after it: IN OUT ERR HUP
		SO_ERROR: ECONNRESET
		SIGPIPE by SO_ERROR: 0
		poll after it: IN OUT ERR HUP
		over IPv6: the same
	END
	expect <<-'END'
		send: ECONNRESET
		SIGPIPE by send: 0
		poll after it: IN OUT HUP
		send of 0 bytes: ECONNRESET
		SIGPIPE by send of 0 bytes: 0
		poll after it: IN OUT HUP
		write of 0 bytes: ECONNRESET
		SIGPIPE by write of 0 bytes: 0
		poll after it: IN OUT HUP
		recv: ECONNRESET
		SIGPIPE by recv: 0
		poll after it: IN OUT HUP
		peek: ECONNRESET
		SIGPIPE by peek: 0
		poll after it: IN OUT HUP
		SO_ERROR: ECONNRESET
		SIGPIPE by SO_ERROR: 0
		poll after it: IN OUT HUP
		over IPv6: the same
	END
}

# source: send(2) EPIPE, MSG_NOSIGNAL; UNP 5.13; TLPI 61.6
@test "sigpipe/second-operation: once a reset was reported a send is EPIPE and SIGPIPE, a recv 0; nothing leaves" {
	observe
	expect gvisor "only pipes raise SIGPIPE (pkg/sentry/kernel/pipe/pipe_util.go, gvisor.dev/issue/161)" <<-'END'
		recv: ECONNRESET
		SIGPIPE by recv: 0
		send: EPIPE
		SIGPIPE by send: 0
		write: EPIPE
		SIGPIPE by write: 0
		write of 0 bytes: EPIPE
		SIGPIPE by write of 0 bytes: 0
		send MSG_NOSIGNAL: EPIPE
		SIGPIPE by send MSG_NOSIGNAL: 0
		recv again: 0
		recv and again: 0
		over IPv6: the same
	END
	expect <<-'END'
		recv: ECONNRESET
		SIGPIPE by recv: 0
		send: EPIPE
		SIGPIPE by send: 1
		write: EPIPE
		SIGPIPE by write: 1
		write of 0 bytes: EPIPE
		SIGPIPE by write of 0 bytes: 1
		send MSG_NOSIGNAL: EPIPE
		SIGPIPE by send MSG_NOSIGNAL: 0
		recv again: 0
		recv and again: 0
		over IPv6: the same
	END
}

# source: tcp(7) SIOCINQ; UNP 5.12; RFC 9293 3.10.7.4 (RST: has the queues flushed, which Linux does not do)
@test "sigpipe/data-before-error: what arrived before a reset is read first, then ECONNRESET, then 0" {
	observe
	expect gvisor "no RDHUP (pkg/waiter/waiter.go)" <<-'END'
		poll: IN ERR HUP
		SIOCINQ: 5
		recv of 2: 2
		recv of 5: 3
		recv again: ECONNRESET
		recv and again: 0
		over IPv6: the same
	END
	expect <<-'END'
		poll: IN RDHUP ERR HUP
		SIOCINQ: 5
		recv of 2: 2
		recv of 5: 3
		recv again: ECONNRESET
		recv and again: 0
		over IPv6: the same
	END
}

# source: signal(7) (dispositions; execve); execve(2); UNP 5.13; TLPI 27.5
@test "sigpipe/default-and-ignored: SIGPIPE kills by default; execve() keeps it ignored, not caught" {
	observe
	expect gvisor "only pipes raise SIGPIPE (pkg/sentry/kernel/pipe/pipe_util.go, gvisor.dev/issue/161)" <<-'END'
		default write: EPIPE
		default exit: 0
		ignored write: EPIPE
		ignored exit: 0
		caught write: EPIPE
		caught exit: 0
		ignored, executed write: EPIPE
		ignored, executed exit: 0
		caught, executed write: EPIPE
		caught, executed exit: 0
		over IPv6: the same
	END
	expect <<-'END'
		default: killed by SIGPIPE
		ignored write: EPIPE
		ignored exit: 0
		caught write: EPIPE
		caught exit: 0
		ignored, executed write: EPIPE
		ignored, executed exit: 0
		caught, executed: killed by SIGPIPE
		over IPv6: the same
	END
}

# source: shutdown(2); send(2) EPIPE; sendfile(2)
@test "sigpipe/local-shut-wr: after SHUT_WR every own write is EPIPE and SIGPIPE, TCP and AF_UNIX" {
	observe
	expect gvisor "only pipes raise SIGPIPE (pkg/sentry/kernel/pipe/pipe_util.go, gvisor.dev/issue/161)" <<-'END'
		tcp send: EPIPE
		tcp SIGPIPE by send: 0
		tcp write: EPIPE
		tcp SIGPIPE by write: 0
		tcp sendfile: EPIPE
		tcp SIGPIPE by sendfile: 0
		tcp send MSG_NOSIGNAL: EPIPE
		tcp SIGPIPE by send MSG_NOSIGNAL: 0
		unix send: EPIPE
		unix SIGPIPE by send: 0
		unix write: EPIPE
		unix SIGPIPE by write: 0
		unix sendfile: EPIPE
		unix SIGPIPE by sendfile: 0
		unix send MSG_NOSIGNAL: EPIPE
		unix SIGPIPE by send MSG_NOSIGNAL: 0
		over IPv6: the same
	END
	expect <<-'END'
		tcp send: EPIPE
		tcp SIGPIPE by send: 1
		tcp write: EPIPE
		tcp SIGPIPE by write: 1
		tcp sendfile: EPIPE
		tcp SIGPIPE by sendfile: 1
		tcp send MSG_NOSIGNAL: EPIPE
		tcp SIGPIPE by send MSG_NOSIGNAL: 0
		unix send: EPIPE
		unix SIGPIPE by send: 1
		unix write: EPIPE
		unix SIGPIPE by write: 1
		unix sendfile: EPIPE
		unix SIGPIPE by sendfile: 1
		unix send MSG_NOSIGNAL: EPIPE
		unix SIGPIPE by send MSG_NOSIGNAL: 0
		over IPv6: the same
	END
}

# source: socket(7) SO_ERROR; send(2) ECONNRESET; sock_error() in include/net/sock.h
@test "sigpipe/error-consumed-before-data: once SO_ERROR or send() took the error the bytes are still read, then 0: the reset is lost" {
	observe
	expect gvisor "no RDHUP (pkg/waiter/waiter.go); a reset connection polls ERR for ever (Readiness() in pkg/tcpip/transport/tcp/endpoint.go)" <<-'END'
		SO_ERROR: ECONNRESET
		poll: IN OUT ERR HUP
		recv: 5
		recv again: 0
		recv and again: 0
		send: ECONNRESET
		poll: IN OUT ERR HUP
		recv: 5
		recv again: 0
		recv and again: 0
		peek, which takes nothing: 5
		poll: IN OUT ERR HUP
		recv: 5
		recv again: ECONNRESET
		recv and again: 0
		over IPv6: the same
	END
	expect <<-'END'
		SO_ERROR: ECONNRESET
		poll: IN OUT RDHUP HUP
		recv: 5
		recv again: 0
		recv and again: 0
		send: ECONNRESET
		poll: IN OUT RDHUP HUP
		recv: 5
		recv again: 0
		recv and again: 0
		peek, which takes nothing: 5
		poll: IN OUT RDHUP ERR HUP
		recv: 5
		recv again: ECONNRESET
		recv and again: 0
		over IPv6: the same
	END
}

# source: send(2); tcp_sendmsg_locked() and sk_stream_error() in net/ipv4/tcp.c, net/core/stream.c
@test "sigpipe/partial-send-keeps-error: a blocked send() cut by a reset returns a count; then ECONNRESET, then EPIPE and SIGPIPE" {
	observe
	expect gvisor "only pipes raise SIGPIPE (pkg/sentry/kernel/pipe/pipe_util.go, gvisor.dev/issue/161); the part that was sent takes the error along" <<-'END'
		blocked send: a part
		SIGPIPE by it: 0
		poll: IN OUT ERR HUP
		next send: EPIPE
		SIGPIPE by it: 0
		send after that: EPIPE
		SIGPIPE by it: 0
		over IPv6: the same
	END
	expect <<-'END'
		blocked send: a part
		SIGPIPE by it: 0
		poll: IN OUT ERR HUP
		next send: ECONNRESET
		SIGPIPE by it: 0
		send after that: EPIPE
		SIGPIPE by it: 1
		over IPv6: the same
	END
}

# source: sendfile(2); splice_direct_to_actor() in fs/splice.c
@test "sigpipe/partial-sendfile-loses-error: a blocked sendfile() cut by a reset returns a count; the next send is EPIPE and SIGPIPE" {
	observe
	expect gvisor "only pipes raise SIGPIPE (pkg/sentry/kernel/pipe/pipe_util.go, gvisor.dev/issue/161); a reset connection polls ERR for ever (Readiness() in pkg/tcpip/transport/tcp/endpoint.go)" <<-'END'
		blocked sendfile: a part
		SIGPIPE by it: 0
		poll: IN OUT ERR HUP
		SO_ERROR: 0
		next send: EPIPE
		SIGPIPE by it: 0
		over IPv6: the same
	END
	expect <<-'END'
		blocked sendfile: a part
		SIGPIPE by it: 0
		poll: IN OUT HUP
		SO_ERROR: 0
		next send: EPIPE
		SIGPIPE by it: 1
		over IPv6: the same
	END
}

# source: signal(7) (thread-directed); sigaction(2) SI_USER; sk_stream_error() in net/core/stream.c; TLPI 33.2
@test "sigpipe/thread-directed: SIGPIPE is pending for the thread that wrote, with si_code SI_USER and the own pid" {
	observe
	expect gvisor "only pipes raise SIGPIPE (pkg/sentry/kernel/pipe/pipe_util.go, gvisor.dev/issue/161)" <<-'END'
		writer send: EPIPE
		SIGPIPE in writer's SigPnd: 0
		SIGPIPE in process's ShdPnd: 0
		SIGPIPE in other thread's SigPnd: 0
		other thread sigtimedwait: EAGAIN
		writer sigtimedwait: EAGAIN
		over IPv6: the same
	END
	expect <<-'END'
		writer send: EPIPE
		SIGPIPE in writer's SigPnd: 1
		SIGPIPE in process's ShdPnd: 0
		SIGPIPE in other thread's SigPnd: 0
		other thread sigtimedwait: EAGAIN
		writer: sigtimedwait took SIGPIPE
		its si_code is SI_USER: 1
		its si_pid is the own: 1
		over IPv6: the same
	END
}

# source: send(2) EPIPE, ENOTCONN; POSIX.1-2017 send() (ENOTCONN); tcp_sendmsg_locked() in net/ipv4/tcp.c
@test "sigpipe/unconnected-tcp: send() on a TCP socket without a connection is EPIPE and SIGPIPE; AF_UNIX says ENOTCONN" {
	observe
	expect gvisor "only pipes raise SIGPIPE (pkg/sentry/kernel/pipe/pipe_util.go, gvisor.dev/issue/161); Unix-domain sockets have errors of their own (pkg/sentry/socket/unix/transport/)" <<-'END'
		STREAM send: ENOTCONN
		STREAM SIGPIPE by send: 0
		STREAM write: ENOTCONN
		STREAM SIGPIPE by write: 0
		STREAM send MSG_NOSIGNAL: ENOTCONN
		STREAM SIGPIPE by send MSG_NOSIGNAL: 0
		STREAM recv: ENOTCONN
		SEQPACKET send: ENOTCONN
		SEQPACKET SIGPIPE by send: 0
		SEQPACKET write: ENOTCONN
		SEQPACKET SIGPIPE by write: 0
		SEQPACKET send MSG_NOSIGNAL: ENOTCONN
		SEQPACKET SIGPIPE by send MSG_NOSIGNAL: 0
		SEQPACKET recv: ENOTCONN
		DGRAM send: ENOTCONN
		DGRAM SIGPIPE by send: 0
		DGRAM write: ENOTCONN
		DGRAM SIGPIPE by write: 0
		DGRAM send MSG_NOSIGNAL: ENOTCONN
		DGRAM SIGPIPE by send MSG_NOSIGNAL: 0
		DGRAM recv: EAGAIN
		STREAM listening send: ENOTCONN
		STREAM listening SIGPIPE by send: 0
		STREAM listening write: ENOTCONN
		STREAM listening SIGPIPE by write: 0
		STREAM listening send MSG_NOSIGNAL: ENOTCONN
		STREAM listening SIGPIPE by send MSG_NOSIGNAL: 0
		STREAM listening recv: ENOTCONN
		SEQPACKET listening send: ENOTCONN
		SEQPACKET listening SIGPIPE by send: 0
		SEQPACKET listening write: ENOTCONN
		SEQPACKET listening SIGPIPE by write: 0
		SEQPACKET listening send MSG_NOSIGNAL: ENOTCONN
		SEQPACKET listening SIGPIPE by send MSG_NOSIGNAL: 0
		SEQPACKET listening recv: ENOTCONN
		TCP new send: EPIPE
		TCP new SIGPIPE by send: 0
		TCP new write: EPIPE
		TCP new SIGPIPE by write: 0
		TCP new send MSG_NOSIGNAL: EPIPE
		TCP new SIGPIPE by send MSG_NOSIGNAL: 0
		TCP new recv: ENOTCONN
		TCP listening send: EPIPE
		TCP listening SIGPIPE by send: 0
		TCP listening write: EPIPE
		TCP listening SIGPIPE by write: 0
		TCP listening send MSG_NOSIGNAL: EPIPE
		TCP listening SIGPIPE by send MSG_NOSIGNAL: 0
		TCP listening recv: ENOTCONN
		over IPv6: the same
	END
	expect <<-'END'
		STREAM send: ENOTCONN
		STREAM SIGPIPE by send: 0
		STREAM write: ENOTCONN
		STREAM SIGPIPE by write: 0
		STREAM send MSG_NOSIGNAL: ENOTCONN
		STREAM SIGPIPE by send MSG_NOSIGNAL: 0
		STREAM recv: EINVAL
		SEQPACKET send: ENOTCONN
		SEQPACKET SIGPIPE by send: 0
		SEQPACKET write: ENOTCONN
		SEQPACKET SIGPIPE by write: 0
		SEQPACKET send MSG_NOSIGNAL: ENOTCONN
		SEQPACKET SIGPIPE by send MSG_NOSIGNAL: 0
		SEQPACKET recv: ENOTCONN
		DGRAM send: ENOTCONN
		DGRAM SIGPIPE by send: 0
		DGRAM write: ENOTCONN
		DGRAM SIGPIPE by write: 0
		DGRAM send MSG_NOSIGNAL: ENOTCONN
		DGRAM SIGPIPE by send MSG_NOSIGNAL: 0
		DGRAM recv: EAGAIN
		STREAM listening send: ENOTCONN
		STREAM listening SIGPIPE by send: 0
		STREAM listening write: ENOTCONN
		STREAM listening SIGPIPE by write: 0
		STREAM listening send MSG_NOSIGNAL: ENOTCONN
		STREAM listening SIGPIPE by send MSG_NOSIGNAL: 0
		STREAM listening recv: EINVAL
		SEQPACKET listening send: ENOTCONN
		SEQPACKET listening SIGPIPE by send: 0
		SEQPACKET listening write: ENOTCONN
		SEQPACKET listening SIGPIPE by write: 0
		SEQPACKET listening send MSG_NOSIGNAL: ENOTCONN
		SEQPACKET listening SIGPIPE by send MSG_NOSIGNAL: 0
		SEQPACKET listening recv: ENOTCONN
		TCP new send: EPIPE
		TCP new SIGPIPE by send: 1
		TCP new write: EPIPE
		TCP new SIGPIPE by write: 1
		TCP new send MSG_NOSIGNAL: EPIPE
		TCP new SIGPIPE by send MSG_NOSIGNAL: 0
		TCP new recv: ENOTCONN
		TCP listening send: EPIPE
		TCP listening SIGPIPE by send: 1
		TCP listening write: EPIPE
		TCP listening SIGPIPE by write: 1
		TCP listening send MSG_NOSIGNAL: EPIPE
		TCP listening SIGPIPE by send MSG_NOSIGNAL: 0
		TCP listening recv: ENOTCONN
		over IPv6: the same
	END
}

# source: unix(7) EPIPE; unix_stream_sendmsg() in net/unix/af_unix.c; UNP 5.13
@test "sigpipe/unix-stream-immediate: on an AF_UNIX stream the first write after the peer's close() or SHUT_RD is EPIPE and SIGPIPE" {
	observe
	expect gvisor "only pipes raise SIGPIPE (pkg/sentry/kernel/pipe/pipe_util.go, gvisor.dev/issue/161)" <<-'END'
		unix, peer closed, send: EPIPE
		unix, peer closed, SIGPIPE by it: 0
		unix, peer closed, send: EPIPE
		unix, peer closed, SIGPIPE by it: 0
		unix, peer closed, SO_ERROR: 0
		unix, peer SHUT_RD, send: EPIPE
		unix, peer SHUT_RD, SIGPIPE by it: 0
		unix, peer SHUT_RD, send: EPIPE
		unix, peer SHUT_RD, SIGPIPE by it: 0
		tcp, peer closed, send: 1
		tcp, peer closed, SIGPIPE by it: 0
		tcp, peer closed, RST came, send: EPIPE
		tcp, peer closed, RST came, SIGPIPE by it: 0
		tcp, peer SHUT_RD, send: 1
		tcp, peer SHUT_RD, SIGPIPE by it: 0
		tcp, peer SHUT_RD, send: 1
		tcp, peer SHUT_RD, SIGPIPE by it: 0
		over IPv6: the same
	END
	expect <<-'END'
		unix, peer closed, send: EPIPE
		unix, peer closed, SIGPIPE by it: 1
		unix, peer closed, send: EPIPE
		unix, peer closed, SIGPIPE by it: 1
		unix, peer closed, SO_ERROR: 0
		unix, peer SHUT_RD, send: EPIPE
		unix, peer SHUT_RD, SIGPIPE by it: 1
		unix, peer SHUT_RD, send: EPIPE
		unix, peer SHUT_RD, SIGPIPE by it: 1
		tcp, peer closed, send: 1
		tcp, peer closed, SIGPIPE by it: 0
		tcp, peer closed, RST came, send: EPIPE
		tcp, peer closed, RST came, SIGPIPE by it: 1
		tcp, peer SHUT_RD, send: 1
		tcp, peer SHUT_RD, SIGPIPE by it: 0
		tcp, peer SHUT_RD, send: 1
		tcp, peer SHUT_RD, SIGPIPE by it: 0
		over IPv6: the same
	END
}

# source: unix(7); send(2) EPIPE (stream-oriented); unix_dgram_sendmsg() in net/unix/af_unix.c
@test "sigpipe/seqpacket-no-signal: SEQPACKET says EPIPE and DGRAM ECONNREFUSED, then ENOTCONN, without SIGPIPE" {
	observe
	expect gvisor "no RDHUP (pkg/waiter/waiter.go); both ends of a datagram pair are a connection (pkg/sentry/socket/unix/transport/connectioned.go)" <<-'END'
		poll: IN OUT
		SEQPACKET, peer closed, send: EPIPE
		SEQPACKET, peer closed, write: EPIPE
		SEQPACKET, peer closed, send again: EPIPE
		SEQPACKET, peer closed, SIGPIPE: 0
		SO_ERROR: 0
		SEQPACKET, peer SHUT_RD, send: EPIPE
		SEQPACKET, peer SHUT_RD, write: EPIPE
		SEQPACKET, peer SHUT_RD, send again: EPIPE
		SEQPACKET, peer SHUT_RD, SIGPIPE: 0
		SO_ERROR: 0
		SEQPACKET, own SHUT_WR, send: EPIPE
		SEQPACKET, own SHUT_WR, write: EPIPE
		SEQPACKET, own SHUT_WR, send again: EPIPE
		SEQPACKET, own SHUT_WR, SIGPIPE: 0
		SO_ERROR: 0
		poll: IN OUT
		DGRAM, peer closed, send: EPIPE
		DGRAM, peer closed, write: EPIPE
		DGRAM, peer closed, send again: EPIPE
		DGRAM, peer closed, SIGPIPE: 0
		SO_ERROR: 0
		DGRAM, peer SHUT_RD, send: EPIPE
		DGRAM, peer SHUT_RD, write: EPIPE
		DGRAM, peer SHUT_RD, send again: EPIPE
		DGRAM, peer SHUT_RD, SIGPIPE: 0
		SO_ERROR: 0
		DGRAM, own SHUT_WR, send: EPIPE
		DGRAM, own SHUT_WR, write: EPIPE
		DGRAM, own SHUT_WR, send again: EPIPE
		DGRAM, own SHUT_WR, SIGPIPE: 0
		SO_ERROR: 0
	END
	expect <<-'END'
		poll: IN OUT RDHUP HUP
		SEQPACKET, peer closed, send: EPIPE
		SEQPACKET, peer closed, write: EPIPE
		SEQPACKET, peer closed, send again: EPIPE
		SEQPACKET, peer closed, SIGPIPE: 0
		SO_ERROR: 0
		SEQPACKET, peer SHUT_RD, send: EPIPE
		SEQPACKET, peer SHUT_RD, write: EPIPE
		SEQPACKET, peer SHUT_RD, send again: EPIPE
		SEQPACKET, peer SHUT_RD, SIGPIPE: 0
		SO_ERROR: 0
		SEQPACKET, own SHUT_WR, send: EPIPE
		SEQPACKET, own SHUT_WR, write: EPIPE
		SEQPACKET, own SHUT_WR, send again: EPIPE
		SEQPACKET, own SHUT_WR, SIGPIPE: 0
		SO_ERROR: 0
		poll: OUT
		DGRAM, peer closed, send: ECONNREFUSED
		DGRAM, peer closed, write: ENOTCONN
		DGRAM, peer closed, send again: ENOTCONN
		DGRAM, peer closed, SIGPIPE: 0
		SO_ERROR: 0
		DGRAM, peer SHUT_RD, send: EPIPE
		DGRAM, peer SHUT_RD, write: EPIPE
		DGRAM, peer SHUT_RD, send again: EPIPE
		DGRAM, peer SHUT_RD, SIGPIPE: 0
		SO_ERROR: 0
		DGRAM, own SHUT_WR, send: EPIPE
		DGRAM, own SHUT_WR, write: EPIPE
		DGRAM, own SHUT_WR, send again: EPIPE
		DGRAM, own SHUT_WR, SIGPIPE: 0
		SO_ERROR: 0
	END
}

# source: send(2) EPIPE, MSG_NOSIGNAL; pipe(7); sendfile(2); splice(2)
@test "sigpipe/call-matrix: every call that writes is EPIPE, with SIGPIPE on streams and pipes, in a process and in a thread" {
	observe
	expect gvisor "only pipes raise SIGPIPE, by write() and writev() (pkg/sentry/kernel/pipe/pipe_util.go, gvisor.dev/issue/161)" <<-'END'
		TCP: SIGPIPE by none
		STREAM: SIGPIPE by none
		SEQPACKET: SIGPIPE by none
		pipe: SIGPIPE by write writev
		in a thread: the same
	END
	expect <<-'END'
		TCP: SIGPIPE by write writev send sendmsg sendmmsg sendfile splice
		STREAM: SIGPIPE by write writev send sendmsg sendmmsg sendfile splice
		SEQPACKET: SIGPIPE by none
		pipe: SIGPIPE by write writev sendfile splice
		in a thread: the same
	END
}
