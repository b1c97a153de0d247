#!/usr/bin/env bats
# vsock: sockets between a virtual machine and its host.
#
# AF_VSOCK has addresses of a machine and a port, and needs no network. Streams are meant to behave as
# those of TCP do.

load lib/behaviour

# source: vsock(7); socket(7); kernel: net/vmw_vsock/virtio_transport_common.c
@test "vsock/stream-basics: a stream over vsock peeks, shuts down, closes and refuses as TCP does, but for the errno of a refused connect()" {
	needs module vsock_loopback
	observe
	expect <<-'END'
	END
}
