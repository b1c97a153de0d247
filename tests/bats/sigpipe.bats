#!/usr/bin/env bats
# sigpipe: what a write, or any other call, gets from a connection that is no more; and the signal.

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
