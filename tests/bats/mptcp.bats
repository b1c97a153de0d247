#!/usr/bin/env bats
# mptcp: Multipath TCP.
#
# One stream over several TCP connections, which may take different ways. To the program it is a TCP
# socket made with IPPROTO_MPTCP, and it behaves as one.

load lib/behaviour

# source: RFC 8684 3.5 (Fast Close); socket(7) SO_LINGER; kernel: mptcp_do_fastclose() in net/mptcp/protocol.c
@test "mptcp/linger-zero: SO_LINGER with zero time resets an MPTCP connection: the peer reads ECONNRESET" {
	observe
	expect <<-'END'
		client recv: ECONNRESET
		client recv again: 0
		client send: EPIPE
		client SIGPIPE: 1
		over IPv6: the same
	END
}
