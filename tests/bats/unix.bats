#!/usr/bin/env bats
# unix: Unix-domain sockets, where they are not like TCP and where they are.
#
# A Unix-domain socket hands a message from one process to another inside one kernel: there is no
# network in between that could lose, delay or repeat it, and no timer. What is left is queues: the
# sender puts into the receiver's, and what is full, read in part, urgent or dissolved is told here.
# STREAM keeps bytes in their order, SEQPACKET records in theirs on a connection, DGRAM records
# without one.

load lib/behaviour

# source: listen(2); unix(7); unix_listen() in net/unix/af_unix.c
@test "unix/listen-on-connected: listen() on a connected socket with a name is EINVAL, and the connection goes on" {
	observe
	# 7.1.7 is wrong, 7.1.8 right. 6.18.44 is right, 6.18.15 is not: what lies between is not known.
	fault 6.16-6.18.43 'af_unix: fix listen() succeeding on sockets in the wrong state'
	fault 6.19-7.1.7 'af_unix: fix listen() succeeding on sockets in the wrong state'
	expect gvisor "a connected socket may listen (pkg/sentry/socket/unix/transport/connectioned.go)" <<-'END'
		STREAM pathname client listen: 0
		STREAM pathname server listen: 0
		STREAM pathname client SO_ACCEPTCONN: 0
		STREAM pathname client send: 1
		STREAM pathname server recv: 1
		STREAM pathname server send: 1
		STREAM pathname client recv: 1
		SEQPACKET pathname client listen: 0
		SEQPACKET pathname server listen: 0
		SEQPACKET pathname client SO_ACCEPTCONN: 0
		SEQPACKET pathname client send: 1
		SEQPACKET pathname server recv: 1
		SEQPACKET pathname server send: 1
		SEQPACKET pathname client recv: 1
		STREAM abstract client listen: 0
		STREAM abstract server listen: 0
		STREAM abstract client SO_ACCEPTCONN: 0
		STREAM abstract client send: 1
		STREAM abstract server recv: 1
		STREAM abstract server send: 1
		STREAM abstract client recv: 1
		SEQPACKET abstract client listen: 0
		SEQPACKET abstract server listen: 0
		SEQPACKET abstract client SO_ACCEPTCONN: 0
		SEQPACKET abstract client send: 1
		SEQPACKET abstract server recv: 1
		SEQPACKET abstract server send: 1
		SEQPACKET abstract client recv: 1
		DGRAM listen: EOPNOTSUPP
	END
	expect <<-'END'
		STREAM pathname client listen: EINVAL
		STREAM pathname server listen: EINVAL
		STREAM pathname client SO_ACCEPTCONN: 0
		STREAM pathname client send: 1
		STREAM pathname server recv: 1
		STREAM pathname server send: 1
		STREAM pathname client recv: 1
		SEQPACKET pathname client listen: EINVAL
		SEQPACKET pathname server listen: EINVAL
		SEQPACKET pathname client SO_ACCEPTCONN: 0
		SEQPACKET pathname client send: 1
		SEQPACKET pathname server recv: 1
		SEQPACKET pathname server send: 1
		SEQPACKET pathname client recv: 1
		STREAM abstract client listen: EINVAL
		STREAM abstract server listen: EINVAL
		STREAM abstract client SO_ACCEPTCONN: 0
		STREAM abstract client send: 1
		STREAM abstract server recv: 1
		STREAM abstract server send: 1
		STREAM abstract client recv: 1
		SEQPACKET abstract client listen: EINVAL
		SEQPACKET abstract server listen: EINVAL
		SEQPACKET abstract client SO_ACCEPTCONN: 0
		SEQPACKET abstract client send: 1
		SEQPACKET abstract server recv: 1
		SEQPACKET abstract server send: 1
		SEQPACKET abstract client recv: 1
		DGRAM listen: EOPNOTSUPP
	END
}

# source: unix(7) SIOCINQ; unix_inq_len() in net/unix/af_unix.c
@test "unix/fionread-after-partial-read: SIOCINQ tells what is left after a read in part, and a peek changes nothing" {
	observe
	# 7.0.12 is wrong, 7.0.13 right. 6.18.44 is right, 6.18.15 is not: what lies between is not known.
	fault 6.17-6.18.43 'af_unix: Fix inq_len update problem in partial read'
	fault 6.19-7.0.12 'af_unix: Fix inq_len update problem in partial read'
	expect gvisor "all that is queued counts, on DGRAM too (pkg/sentry/socket/unix/transport/queue.go)" <<-'END'
		STREAM SIOCINQ at first: 0
		STREAM SIOCINQ after sends of 100 and 10: 110
		STREAM SIOCINQ after a peek at 30: 110
		STREAM SIOCINQ after a recv of 30: 80
		STREAM SIOCINQ when all is read: 0
		SEQPACKET SIOCINQ at first: 0
		SEQPACKET SIOCINQ after sends of 100 and 10: 110
		SEQPACKET SIOCINQ after a peek at 30: 110
		SEQPACKET SIOCINQ after a recv of 30: 10
		SEQPACKET SIOCINQ when all is read: 0
		DGRAM SIOCINQ at first: 0
		DGRAM SIOCINQ after sends of 100 and 10: 110
		DGRAM SIOCINQ after a peek at 30: 110
		DGRAM SIOCINQ after a recv of 30: 10
		DGRAM SIOCINQ when all is read: 0
	END
	expect <<-'END'
		STREAM SIOCINQ at first: 0
		STREAM SIOCINQ after sends of 100 and 10: 110
		STREAM SIOCINQ after a peek at 30: 110
		STREAM SIOCINQ after a recv of 30: 80
		STREAM SIOCINQ when all is read: 0
		SEQPACKET SIOCINQ at first: 0
		SEQPACKET SIOCINQ after sends of 100 and 10: 110
		SEQPACKET SIOCINQ after a peek at 30: 110
		SEQPACKET SIOCINQ after a recv of 30: 10
		SEQPACKET SIOCINQ when all is read: 0
		DGRAM SIOCINQ at first: 0
		DGRAM SIOCINQ after sends of 100 and 10: 100
		DGRAM SIOCINQ after a peek at 30: 100
		DGRAM SIOCINQ after a recv of 30: 10
		DGRAM SIOCINQ when all is read: 0
	END
}

# source: unix_stream_read_generic() in net/unix/af_unix.c, SO_INQ (Linux 6.17)
@test "unix/inq-control-message: with SO_INQ on a stream recvmsg() also tells what it left" {
	observe
	fault 6.17-6.18.43 'af_unix: Fix inq_len update problem in partial read'
	fault 6.19-7.0.12 'af_unix: Fix inq_len update problem in partial read'
	expect gvisor "options that it does not know are taken and do nothing (pkg/sentry/socket/netstack/netstack.go)" <<-'END'
		peek at 30: 30
		SCM_INQ: none
		recv of 30 of 110: 30
		SCM_INQ: none
		recv of 75: 75
		SCM_INQ: none
		recv of the rest: 5
		SCM_INQ: none
		recv of 5, SO_INQ off: 5
		SCM_INQ: none
		SEQPACKET SO_INQ: 0
		DGRAM SO_INQ: 0
	END
	expect <<-'END'
		peek at 30: 30
		SCM_INQ: 110
		SIOCINQ after it: 110
		recv of 30 of 110: 30
		SCM_INQ: 80
		SIOCINQ after it: 80
		recv of 75: 75
		SCM_INQ: 5
		SIOCINQ after it: 5
		recv of the rest: 5
		SCM_INQ: 0
		SIOCINQ after it: 0
		recv of 5, SO_INQ off: 5
		SCM_INQ: none
		SEQPACKET SO_INQ: ENOPROTOOPT
		DGRAM SO_INQ: ENOPROTOOPT
	END
}

# source: send(2) MSG_OOB; sockatmark(3); tcp(7) (out-of-band data); manage_oob() in net/unix/af_unix.c; UNP 24.2, 24.3
@test "unix/oob-order-and-mark: MSG_OOB on a stream is a mark and one byte, read by the rules of TCP" {
	observe
	# The last of four of 6.10 and 6.9.8; 6.1.192 has none of them. Of 5.15 and 6.6 nothing could be tried.
	fault 5.15-6.9.7 'af_unix: Fix wrong ioctl(SIOCATMARK) when consumed OOB skb is at the head.'
	expect <<-'END'
		sent abCde: 5
		SIOCATMARK: 0
		poll: IN PRI
		peek: ab
		recv: ab
		SIOCATMARK: 1
		poll: IN PRI
		peek MSG_OOB: C
		recv MSG_OOB: C
		recv MSG_OOB again: EINVAL
		SIOCATMARK: 1
		poll: IN
		recv: de
		SIOCATMARK: 0
		poll: none
		sent abCde: 5
		recv MSG_OOB: C
		peek: ab
		recv: ab
		SIOCATMARK: 1
		poll: IN
		peek: de
		recv: de
		sent abCde: 5
		recv: ab
		recv, C not taken: de
		recv MSG_OOB, too late: EINVAL
		sent aBCd: 4
		recv: aB
		recv MSG_OOB: C
		recv: d
		sent abCde: 5
		recv: ab
		SIOCATMARK: 1
		poll: IN PRI
		recv, SO_OOBINLINE: Cde
		on TCP: the same
	END
}

# source: recv(2); manage_oob() in net/unix/af_unix.c; tcp_recvmsg_locked() in net/ipv4/tcp.c
@test "unix/oob-zero-length-read: a read of no bytes at the urgent mark returns 0 at once, but drops the byte, unlike on TCP" {
	observe
	# Mended in 7.3, 7.2.7 and 6.12.111; not in 6.1.192.
	local fix='af_unix: Return immediately when manage_oob() returns NULL for 0-length buffer.'
	fault 5.15-6.12.110 "$fix"
	fault 6.13-7.2.6 "$fix"
	expect <<-'END'
		alone recv of 0 bytes: 0
		alone SIOCATMARK: 0
		alone recv MSG_OOB: EINVAL
		alone recv: EAGAIN
		alone, taken recv of 0 bytes: 0
		alone, taken SIOCATMARK: 0
		alone, taken recv MSG_OOB: EINVAL
		alone, taken recv: EAGAIN
		before data recv of 0 bytes: 0
		before data SIOCATMARK: 0
		before data recv MSG_OOB: EINVAL
		before data recv: 1
		before data, taken recv of 0 bytes: 0
		before data, taken SIOCATMARK: 0
		before data, taken recv MSG_OOB: EINVAL
		before data, taken recv: 1
		on TCP not: alone SIOCATMARK: 0
		on TCP: alone SIOCATMARK: 1
		on TCP not: alone recv MSG_OOB: EINVAL
		on TCP: alone recv MSG_OOB: 1
		on TCP not: alone, taken SIOCATMARK: 0
		on TCP: alone, taken SIOCATMARK: 1
		on TCP not: before data SIOCATMARK: 0
		on TCP: before data SIOCATMARK: 1
		on TCP not: before data recv MSG_OOB: EINVAL
		on TCP: before data recv MSG_OOB: 1
		on TCP not: before data, taken SIOCATMARK: 0
		on TCP: before data, taken SIOCATMARK: 1
	END
}

# source: send(2) EOPNOTSUPP; unix_ioctl() in net/unix/af_unix.c
@test "unix/oob-not-on-records: MSG_OOB and SIOCATMARK are EOPNOTSUPP on DGRAM and SEQPACKET" {
	observe
	# 6.1.177 and 6.12.88 are in Debian's changelogs. 6.18.44 is right, 6.18.15 is not; 7.0.10 is right, 7.0.4
	# is not: what lies between is not known.
	local fix='af_unix: Reject SIOCATMARK on non-stream sockets'
	fault 5.15-6.1.176 "$fix"
	fault 6.2-6.12.87 "$fix"
	fault 6.13-6.18.43 "$fix"
	fault 6.19-7.0.9 "$fix"
	expect until-5.14 'no urgent bytes on any AF_UNIX socket: commit 314001f0bf92 (af_unix: Add OOB support)' <<-'END'
		SEQPACKET send MSG_OOB: EOPNOTSUPP
		SEQPACKET recv MSG_OOB: EOPNOTSUPP
		SEQPACKET SIOCATMARK: ENOTTY
		SEQPACKET recv: 6
		SEQPACKET recv again: EAGAIN
		DGRAM send MSG_OOB: EOPNOTSUPP
		DGRAM recv MSG_OOB: EOPNOTSUPP
		DGRAM SIOCATMARK: ENOTTY
		DGRAM recv: 6
		DGRAM recv again: EAGAIN
	END
	expect gvisor "MSG_OOB is taken (pkg/sentry/syscalls/linux/sys_socket.go) and not looked at (pkg/sentry/socket/unix/unix.go)" <<-'END'
		SEQPACKET send MSG_OOB: 1
		SEQPACKET recv MSG_OOB: 6
		SEQPACKET SIOCATMARK: ENOTTY
		SEQPACKET recv: 1
		SEQPACKET recv again: EAGAIN
		DGRAM send MSG_OOB: 1
		DGRAM recv MSG_OOB: 6
		DGRAM SIOCATMARK: ENOTTY
		DGRAM recv: 1
		DGRAM recv again: EAGAIN
	END
	expect <<-'END'
		SEQPACKET send MSG_OOB: EOPNOTSUPP
		SEQPACKET recv MSG_OOB: EOPNOTSUPP
		SEQPACKET SIOCATMARK: EOPNOTSUPP
		SEQPACKET recv: 6
		SEQPACKET recv again: EAGAIN
		DGRAM send MSG_OOB: EOPNOTSUPP
		DGRAM recv MSG_OOB: EOPNOTSUPP
		DGRAM SIOCATMARK: EOPNOTSUPP
		DGRAM recv: 6
		DGRAM recv again: EAGAIN
	END
}

# source: connect(2); unix_dgram_connect() in net/unix/af_unix.c
@test "unix/connect-unspec: AF_UNSPEC dissolves a datagram association with all that was unread, and no connection" {
	observe
	expect gvisor "no AF_UNSPEC on Unix-domain sockets (pkg/sentry/socket/unix/unix.go)" <<-'END'
		DGRAM stranger connect: 0
		DGRAM connect AF_UNSPEC: EINVAL
		DGRAM recv of what was unread: 6
		DGRAM send: 1
		DGRAM getpeername: 0
		DGRAM peer send: 1
		DGRAM peer send again: 4
		DGRAM stranger connect again: 0
		DGRAM stranger send: 8
		DGRAM recv: 1
		DGRAM recv again: 4
		DGRAM connect AF_UNSPEC again: EINVAL
		STREAM connect AF_UNSPEC: EINVAL
		STREAM send: 1
		STREAM peer recv: 1
		SEQPACKET connect AF_UNSPEC: EINVAL
		SEQPACKET send: 1
		SEQPACKET peer recv: 1
	END
	expect <<-'END'
		DGRAM stranger connect: EPERM
		DGRAM connect AF_UNSPEC: 0
		DGRAM recv of what was unread: EAGAIN
		DGRAM send: ENOTCONN
		DGRAM getpeername: ENOTCONN
		DGRAM peer send: ECONNRESET
		DGRAM peer send again: 4
		DGRAM stranger connect again: 0
		DGRAM stranger send: 8
		DGRAM recv: 4
		DGRAM recv again: 8
		DGRAM connect AF_UNSPEC again: 0
		STREAM connect AF_UNSPEC: EINVAL
		STREAM send: 1
		STREAM peer recv: 1
		SEQPACKET connect AF_UNSPEC: EINVAL
		SEQPACKET send: 1
		SEQPACKET peer recv: 1
	END
}

# source: unix(7) max_dgram_qlen; unix_dgram_sendmsg() and unix_dgram_poll() in net/unix/af_unix.c; TLPI 57.3
@test "unix/dgram-queue-limit: at max_dgram_qlen a sender waits or gets EAGAIN until there is room, and poll() agrees" {
	observe
	expect <<-'END'
		sender poll, empty: OUT
		sender messages that fit: 4
		sender send MSG_DONTWAIT, full: EAGAIN
		sender poll, full: none
		unconnected sendto MSG_DONTWAIT, full: EAGAIN
		unconnected poll, full: OUT
		poller woken by room: OUT
		sender blocked in send, woken by room: 1
		sender poll, full again: none
		pair messages that fit of 100: 100
	END
}
