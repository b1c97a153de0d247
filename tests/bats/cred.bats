#!/usr/bin/env bats
# cred: who is at the other end of a Unix-domain socket.
#
# The kernel knows which process calls, and over a Unix-domain socket it can tell the peer: once for
# the connection (SO_PEERCRED, SO_PEERPIDFD), or message by message (SO_PASSCRED,
# SCM_CREDENTIALS). Neither can be forged. What each of them stands for, the process that
# connected, listened or wrote, is told here.

load lib/behaviour

# source: unix(7) SO_PASSCRED, SCM_CREDENTIALS; maybe_add_creds() and scm_recv_unix() (net/unix/af_unix.c, include/net/scm.h); UNP 15.8; TLPI 61.13.4
@test "cred/passcred-values: SO_PASSCRED at the receiver brings the sender's pid, uid, gid; set too late, those of nobody" {
	observe
	expect gvisor "the pid of a sender is looked for when the message is received, and is 0 once that was reaped (Credentials() in pkg/sentry/socket/control/control.go); what is accepted has not the SO_PASSCRED of its listener (BidirectionalConnect() in pkg/sentry/socket/unix/transport/connectioned.go)" <<-'END'
		STREAM credentials, option never set: none
		STREAM credentials, set after the send: pid 0, uid 65534, gid 65534
		STREAM credentials, set before the send: others
		STREAM credentials, set at the sender only: none
		SEQPACKET credentials, option never set: none
		SEQPACKET credentials, set after the send: pid 0, uid 65534, gid 65534
		SEQPACKET credentials, set before the send: others
		SEQPACKET credentials, set at the sender only: none
		DGRAM credentials, option never set: none
		DGRAM credentials, set after the send: pid 0, uid 65534, gid 65534
		DGRAM credentials, set before the send: others
		DGRAM credentials, set at the sender only: none
		STREAM credentials, set on the listener, sent before accept: none
		STREAM accepted SO_PASSCRED: 0
		SEQPACKET credentials, set on the listener, sent before accept: none
		SEQPACKET accepted SO_PASSCRED: 0
	END
	expect <<-'END'
		STREAM credentials, option never set: none
		STREAM credentials, set after the send: pid 0, uid 65534, gid 65534
		STREAM credentials, set before the send: the sender's pid, uid, gid
		STREAM credentials, set at the sender only: none
		SEQPACKET credentials, option never set: none
		SEQPACKET credentials, set after the send: pid 0, uid 65534, gid 65534
		SEQPACKET credentials, set before the send: the sender's pid, uid, gid
		SEQPACKET credentials, set at the sender only: none
		DGRAM credentials, option never set: none
		DGRAM credentials, set after the send: pid 0, uid 65534, gid 65534
		DGRAM credentials, set before the send: the sender's pid, uid, gid
		DGRAM credentials, set at the sender only: none
		STREAM credentials, set on the listener, sent before accept: the sender's pid, uid, gid
		STREAM accepted SO_PASSCRED: 1
		SEQPACKET credentials, set on the listener, sent before accept: the sender's pid, uid, gid
		SEQPACKET accepted SO_PASSCRED: 1
	END
}

# source: unix(7) SCM_CREDENTIALS; scm_check_creds() in net/core/scm.c; credentials(7)
@test "cred/forgery-refused: a forged pid is EPERM, an id that is not mapped EINVAL, and nothing is sent" {
	observe
	expect <<-'END'
		socket: STREAM
		sendmsg with the parent's pid: EPERM
		sendmsg with a uid that is not mapped: EINVAL
		sendmsg with a gid that is not mapped: EINVAL
		sendmsg with its own pid, uid, gid: 1
		receiver recvmsg: 1
		receiver credentials: the sender's
		receiver recv again: EAGAIN
		socket: SEQPACKET
		sendmsg with the parent's pid: EPERM
		sendmsg with a uid that is not mapped: EINVAL
		sendmsg with a gid that is not mapped: EINVAL
		sendmsg with its own pid, uid, gid: 1
		receiver recvmsg: 1
		receiver credentials: the sender's
		receiver recv again: EAGAIN
		socket: DGRAM
		sendmsg with the parent's pid: EPERM
		sendmsg with a uid that is not mapped: EINVAL
		sendmsg with a gid that is not mapped: EINVAL
		sendmsg with its own pid, uid, gid: 1
		receiver recvmsg: 1
		receiver credentials: the sender's
		receiver recv again: EAGAIN
	END
}

# source: unix(7) SCM_CREDENTIALS; scm_check_creds() in net/core/scm.c; capabilities(7) CAP_SETUID
@test "cred/foreign-uid-refused: real, effective and saved ids may be stated, a foreign one is EPERM; the default is the real one" {
	observe
	expect gvisor "the default are the effective ids (pkg/sentry/socket/control/control.go)" <<-'END'
		sendmsg with the real ids: 1
		sendmsg with the effective ids: 1
		sendmsg with the saved ids: 1
		sendmsg with a foreign uid: EPERM
		sendmsg with a foreign gid: EPERM
		real: uid is the real, gid the real
		effective: uid is the effective, gid the effective
		saved: uid is the other, gid the other
		none: uid is the effective, gid the effective
	END
	expect <<-'END'
		sendmsg with the real ids: 1
		sendmsg with the effective ids: 1
		sendmsg with the saved ids: 1
		sendmsg with a foreign uid: EPERM
		sendmsg with a foreign gid: EPERM
		real: uid is the real, gid the real
		effective: uid is the effective, gid the effective
		saved: uid is the other, gid the other
		none: uid is the real, gid the real
	END
}

# source: unix(7) SO_PASSCRED; unix_stream_read_generic() in net/unix/af_unix.c; put_cmsg() in net/core/scm.c
@test "cred/no-merge-across-senders: with SO_PASSCRED a read of a stream joins no bytes of two processes; credentials come before rights" {
	observe
	expect gvisor "whose the bytes are is asked only for a recvmsg() with room for credentials (RecvMsg() in pkg/sentry/socket/unix/unix.go)" <<-'END'
		recv: abcdefgh
		SO_PASSCRED recv: abcdefgh
		SO_PASSCRED recv MSG_WAITALL: abcdefgh
		control messages, room for both: SCM_CREDENTIALS, then SCM_RIGHTS
		msg_flags: none
		descriptors received: 1
		control messages, room for one: SCM_CREDENTIALS, then none
		msg_flags: MSG_CTRUNC
		descriptors received: 0
	END
	expect <<-'END'
		recv: abcdefgh
		SO_PASSCRED recv: ab
		SO_PASSCRED recv: cd
		SO_PASSCRED recv: efgh
		SO_PASSCRED recv MSG_WAITALL: ab
		SO_PASSCRED recv MSG_WAITALL: cd
		SO_PASSCRED recv MSG_WAITALL: efgh
		control messages, room for both: SCM_CREDENTIALS, then SCM_RIGHTS
		msg_flags: none
		descriptors received: 1
		control messages, room for one: SCM_CREDENTIALS, then none
		msg_flags: MSG_CTRUNC
		descriptors received: 0
	END
}

# source: unix(7) SO_PEERCRED; unix_listen() and unix_stream_connect() in net/unix/af_unix.c; TLPI 61.13.4
@test "cred/peercred-moment: SO_PEERCRED is who called connect() or, for the client, listen() last; a pair's is its creator" {
	observe
	expect gvisor "SO_PEERCRED tells the credentials of whoever asks (pkg/sentry/socket/netstack/netstack.go)" <<-'END'
		STREAM listener: parent
		STREAM client that connected before the child's listen: parent
		STREAM client that connected after it: parent
		STREAM client that the child connected: parent
		STREAM server of the parent's client: parent
		STREAM server of the child's client: parent
		SEQPACKET listener: parent
		SEQPACKET client that connected before the child's listen: parent
		SEQPACKET client that connected after it: parent
		SEQPACKET client that the child connected: parent
		SEQPACKET server of the parent's client: parent
		SEQPACKET server of the child's client: parent
		STREAM pair: parent
		STREAM pair, asked in a child: another
		SEQPACKET pair: parent
		SEQPACKET pair, asked in a child: another
		DGRAM pair: parent
		DGRAM pair, asked in a child: another
		not connected: parent
	END
	expect <<-'END'
		STREAM listener: child
		STREAM client that connected before the child's listen: parent
		STREAM client that connected after it: child
		STREAM client that the child connected: child
		STREAM server of the parent's client: parent
		STREAM server of the child's client: child
		SEQPACKET listener: child
		SEQPACKET client that connected before the child's listen: parent
		SEQPACKET client that connected after it: child
		SEQPACKET client that the child connected: child
		SEQPACKET server of the parent's client: parent
		SEQPACKET server of the child's client: child
		STREAM pair: parent
		STREAM pair, asked in a child: parent
		SEQPACKET pair: parent
		SEQPACKET pair, asked in a child: parent
		DGRAM pair: parent
		DGRAM pair, asked in a child: parent
		not connected: pid 0, uid -1, gid -1
	END
}

# source: unix(7) SO_PEERCRED; sk_getsockopt() in net/core/sock.c; pidfd_open(2)
@test "cred/peerpidfd-after-reap: SO_PEERPIDFD names the peer also after it was reaped; SO_PEERCRED keeps its pid" {
	observe
	expect until-6.15 'commit fd0a109a0f6b (net, pidfs: prepare for handing out pidfds for reaped sk->sk_peer_pid)' <<-'END'
		SO_PEERCRED: the peer's pid
		SO_PEERPIDFD while it lives: a pidfd
		its poll: none
		SO_PEERCRED, reaped: the peer's pid
		SO_PEERPIDFD reaped: EINVAL
		waitid of its pid: ECHILD
	END
	expect <<-'END'
		SO_PEERCRED: the peer's pid
		SO_PEERPIDFD while it lives: a pidfd
		its poll: none
		SO_PEERCRED, reaped: the peer's pid
		SO_PEERPIDFD reaped: a pidfd
		its poll: IN HUP
		waitid of its pid: ECHILD
	END
}

# source: pidfd_getfd(2); __pidfd_fget() in kernel/pid.c
@test "cred/pidfd-getfd: pidfd_getfd() shares the description and sets FD_CLOEXEC; EBADF, EINVAL, ESRCH" {
	observe
	# Seen by nobody yet, as it shows only while the task exits; what stable series have is not known.
	fault until-6.8 'pidfd: getfd should always report ESRCH if a task is exiting'
	expect <<-'END'
		pidfd_getfd: a descriptor
		its FD_CLOEXEC: 1
		fcntl of the child's number: EBADF
		pidfd_getfd of a number not open: EBADF
		pidfd_getfd with flags: EINVAL
		pidfd_getfd of no pidfd: EBADF
		child's offset, moved by the parent: 7
		pidfd_getfd, child has ended: ESRCH
		pidfd_getfd, child is reaped: ESRCH
		offset of what was taken: 7
	END
}
