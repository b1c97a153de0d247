#!/usr/bin/env bats
# zerocopy: MSG_ZEROCOPY, memory lent to the kernel instead of copied.
#
# A send() with MSG_ZEROCOPY on a socket with SO_ZEROCOPY returns before the kernel is done with the
# memory; a notification in the socket's error queue tells when it is. It pays for large writes over
# a real network, from 10 KB or so, and costs two calls more; over loopback it copies after all.

load lib/behaviour

# source: kernel: Documentation/networking/msg_zerocopy.rst (4.14)
@test "zerocopy/opt-in-and-ranges: without SO_ZEROCOPY the flag is ignored; with it calls are numbered and named in ranges" {
	observe
	expect <<-'END'
		send without SO_ZEROCOPY: 100
		error queue: EAGAIN
		send with MSG_ZEROCOPY: 100
		send with MSG_ZEROCOPY: 100
		send with MSG_ZEROCOPY: 100
		notification: 0 to 2
		ee_origin: 5
		ee_errno: 0
		error queue: EAGAIN
		send with MSG_ZEROCOPY: 100
		send without: 100
		send of nothing with MSG_ZEROCOPY: 0
		send with MSG_ZEROCOPY: 100
		notification: 3 to 4
		ee_origin: 5
		ee_errno: 0
		error queue: EAGAIN
		over IPv6: the same
	END
}

# source: kernel: Documentation/networking/msg_zerocopy.rst (Loopback); skb_orphan_frags_rx() in include/linux/skbuff.h
@test "zerocopy/loopback-copied: over loopback the notification says copied, and a changed buffer does not change what the peer reads" {
	observe
	expect <<-'END'
		client send: 4096
		notification before the peer reads, ee_code: 1
		bytes that the server gets from before the change: 4096
		over IPv6: the same
	END
}

# source: kernel: Documentation/networking/msg_zerocopy.rst (Notification Reception); poll(2) POLLERR
@test "zerocopy/pollerr-is-not-error: a pending notification raises POLLERR while SO_ERROR is 0 and send() and recv() work" {
	observe
	expect <<-'END'
		poll: before, nothing asked for: none
		epoll: none
		client send: 1
		poll: notification pending, nothing asked for: ERR
		epoll: ERR
		poll: notification pending, IN: ERR
		epoll: ERR
		client SO_ERROR: 0
		client send: 1
		client recv: 1
		poll: still pending, nothing asked for: ERR
		epoll: ERR
		notifications read: 1
		poll: after that, nothing asked for: none
		epoll: none
		notifications read: 0
		over IPv6: the same
	END
}

# source: kernel: Documentation/networking/msg_zerocopy.rst (Transmission); socket(7) optmem_max; kernel: sock_omalloc() in net/core/sock.c
@test "zerocopy/limits: notes of calls under way are limited by optmem_max: ENOBUFS, until they are done" {
	observe
	expect <<-'END'
		client sends with the flag: some
		then: ENOBUFS
		client send without the flag: 100
		calls that succeeded and were not named: 0
		client send with the flag, after the ACKs: 100
		its number, after the last before: 1
		over IPv6: the same
	END
}

# source: kernel: Documentation/networking/msg_zerocopy.rst; kernel: sock_setsockopt() in net/core/sock.c
@test "zerocopy/unix-refused: on AF_UNIX SO_ZEROCOPY is EOPNOTSUPP, and the flag is ignored" {
	observe
	expect gvisor "options that it does not know are taken and do nothing (pkg/sentry/socket/netstack/netstack.go)" <<-'END'
		STREAM setsockopt(SO_ZEROCOPY): 0
		STREAM send with MSG_ZEROCOPY: 1
		STREAM recv: 1
		SEQPACKET setsockopt(SO_ZEROCOPY): 0
		SEQPACKET send with MSG_ZEROCOPY: 1
		SEQPACKET recv: 1
		DGRAM setsockopt(SO_ZEROCOPY): 0
		DGRAM send with MSG_ZEROCOPY: 1
		DGRAM recv: 1
	END
	expect until-5.10 'the ENOTSUPP of the kernel itself, which is no errno for programs' <<-'END'
		STREAM setsockopt(SO_ZEROCOPY): errno 524
		STREAM send with MSG_ZEROCOPY: 1
		STREAM recv: 1
		SEQPACKET setsockopt(SO_ZEROCOPY): errno 524
		SEQPACKET send with MSG_ZEROCOPY: 1
		SEQPACKET recv: 1
		DGRAM setsockopt(SO_ZEROCOPY): errno 524
		DGRAM send with MSG_ZEROCOPY: 1
		DGRAM recv: 1
	END
	expect <<-'END'
		STREAM setsockopt(SO_ZEROCOPY): EOPNOTSUPP
		STREAM send with MSG_ZEROCOPY: 1
		STREAM recv: 1
		SEQPACKET setsockopt(SO_ZEROCOPY): EOPNOTSUPP
		SEQPACKET send with MSG_ZEROCOPY: 1
		SEQPACKET recv: 1
		DGRAM setsockopt(SO_ZEROCOPY): EOPNOTSUPP
		DGRAM send with MSG_ZEROCOPY: 1
		DGRAM recv: 1
	END
}

# source: kernel: Documentation/networking/msg_zerocopy.rst (Notification Parsing)
@test "zerocopy/failed-send-takes-no-id: a send() that failed after a reset takes no number" {
	observe
	expect <<-'END'
		client send: 100
		client send after RST: ECONNRESET
		client send again: EPIPE
		notification: 0 to 0
		error queue: EAGAIN
		over IPv6: the same
	END
}
