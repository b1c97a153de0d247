#!/usr/bin/env bats
# close: how a connection ends in good order, one direction at a time.

load lib/behaviour

# source: RFC 2525 2.17; RFC 9293 3.6
@test "close/fin-only-no-rst: close() with all data read and only a FIN unread sends FIN, not RST" {
	observe
	expect <<-'END'
		client recv: 0
		kernel TCPAbortOnClose: 0
		kernel OutRsts: 0
	END
}

# source: shutdown(2); RFC 9293 3.6; UNP 6.6
@test "close/half-close-duplex: after SHUT_WR the peer may go on sending; TIME_WAIT is left to the first closer" {
	observe
	expect <<-'END'
		server recv: 0
		client recv 1: 1000
		client recv 2: 1000
		client recv 3: 1000
		client state: FIN_WAIT2
		server state: CLOSE_WAIT
		client send: EPIPE
		client recv after the server's close: 0
		server sockets in TIME_WAIT: 0
		client sockets in TIME_WAIT: 1
	END
}
