#!/usr/bin/env bats
# tls: TLS in the kernel.
#
# After a handshake in the process the keys can be given to the kernel, which then enciphers what is
# sent and deciphers what comes: kTLS. sendfile() works again, and so does everything that takes a
# descriptor. The module tls has to be there.

load lib/behaviour

# source: kernel: Documentation/networking/tls.rst; socket(7) SO_LINGER
@test "tls/send-and-close: kernel TLS sends, closes and resets as plain TCP does" {
	needs module tls
	observe
	expect <<-'END'
	END
}
