#!/usr/bin/env bats
# mptcp: Multipath TCP.
#
# One stream over several TCP connections, which may take different ways. To the program it is a TCP
# socket made with IPPROTO_MPTCP, and it behaves as one.

load lib/behaviour

# source: RFC 8684 3.5 (Fast Close); socket(7) SO_LINGER; kernel: mptcp_do_fastclose() in net/mptcp/protocol.c
@test "mptcp/linger-zero: SO_LINGER with zero time resets an MPTCP connection: the peer reads ECONNRESET" {
	# 6.12.85 and 7.0.4 are wrong, 6.12.88, 6.18.44 and 7.0.13 are right, as 6.1.192 is.
	local fix='fix not identified: MPTCP ignored a linger time of zero, as its maintainer reproduced in April 2026 (github.com/lance0/xfr/issues/54)'
	fault 6.12-6.12.86 "$fix"
	fault 6.13-6.18.43 "$fix"
	fault 6.19-7.0.12 "$fix"
	observe
	expect <<-'END'
		client recv: ECONNRESET
		client recv again: 0
		client send: EPIPE
		client SIGPIPE: 1
		over IPv6: the same
	END
}
