#!/usr/bin/env bats
# rst: what makes a kernel send RST, and what the peer then reads.

load lib/behaviour

# source: socket(7) SO_LINGER; RFC 9293 3.10.5 (ABORT); UNP 7.5
@test "rst/linger-zero-close: close() with a zero linger time sends RST, no FIN; the peer reads ECONNRESET once" {
	observe
	expect <<-'END'
		client recv: ECONNRESET
		client recv again: 0
		kernel TCPAbortOnData: 1
		kernel OutRsts: 1
	END
}
