#!/usr/bin/env bats
# error: where a socket's error shows, who takes it away, and what wakes because of it.

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
