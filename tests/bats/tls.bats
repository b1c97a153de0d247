#!/usr/bin/env bats
# tls: TLS in the kernel.
#
# After a handshake in the process the keys can be given to the kernel, which then enciphers what is
# sent and deciphers what comes: kTLS. sendfile() works again, and so does everything that takes a
# descriptor. The module tls has to be there.

load lib/behaviour

# source: kernel: Documentation/networking/tls.rst; socket(7) SO_LINGER; tls_sw_sendmsg_locked() in net/tls/tls_sw.c
@test "tls/send-and-close: kernel TLS sends, ends and resets as plain TCP does, but counts a byte that a reset connection cannot take" {
	needs module tls
	observe
	expect <<-'END'
		server send with MSG_MORE: 3
		server send: 2
		client recv: 5
		client recv: hello
		server sendfile: 20000
		client recv to the end: as the file
		client recv after RST: ECONNRESET
		client recv again: 0
		client send: 1
		client SIGPIPE: 1
		client recv after close() with unread input: ECONNRESET
		over IPv6: the same
	END
}
