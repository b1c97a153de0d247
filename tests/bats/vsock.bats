#!/usr/bin/env bats
# vsock: sockets between a virtual machine and its host.
#
# AF_VSOCK has addresses of a machine and a port, and needs no network. Streams are meant to behave as
# those of TCP do.

load lib/behaviour

# source: vsock(7); socket(7); kernel: "vsock: send SIGPIPE on write to shutdowned socket" (6.7); kernel: net/vmw_vsock/virtio_transport_common.c
@test "vsock/stream-basics: a stream over vsock peeks, shuts down, closes and refuses as TCP does, but for the errno of a refused connect()" {
	needs module vsock_loopback
	observe
	# A peek after a read in part, for more than is there: EFAULT. Mended in 7.1 and 6.12.90; 6.18 and 7.0,
	# where 6.18.15 is wrong, are derived from the reviews of 2026-05-15 and later.
	local fix='vsock/virtio: fix MSG_PEEK ignoring skb offset when calculating bytes to copy'
	fault 6.7-6.12.89 "$fix"
	fault 6.13-6.18.32 "$fix"
	fault 6.19-7.0.9 "$fix"
	expect until-6.6 'no SIGPIPE before "vsock: send SIGPIPE on write to shutdowned socket" (6.7)' <<-'END'
		server peek after reading 3 of 8: 5
		server peek again: 5
		server recv: 5
		server recv: defgh
		server recv after the client's SHUT_WR: 0
		client recv after its own SHUT_WR: 6
		client send after its own SHUT_WR: EPIPE
		client SIGPIPE: 0
		client recv after the server's close(): 0
		client send after the server's close(): EPIPE
		client SIGPIPE: 0
		connect to a port that nobody listens on: ECONNRESET
	END
	expect <<-'END'
		server peek after reading 3 of 8: 5
		server peek again: 5
		server recv: 5
		server recv: defgh
		server recv after the client's SHUT_WR: 0
		client recv after its own SHUT_WR: 6
		client send after its own SHUT_WR: EPIPE
		client SIGPIPE: 1
		client recv after the server's close(): 0
		client send after the server's close(): EPIPE
		client SIGPIPE: 1
		connect to a port that nobody listens on: ECONNRESET
	END
}
