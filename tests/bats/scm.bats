#!/usr/bin/env bats
# scm: open files sent from process to process over Unix-domain sockets.
#
# A message on a Unix-domain socket may carry descriptors (`SCM_RIGHTS`). What travels is not a number
# but a reference to the open file, as dup() would make one: the receiver gets the lowest free number
# of its own, and both then have the same file. That is how a server can accept in one process and
# serve in another (`serv-prefork-pass`), or hand its listener to its successor.
#
# What a program should do: send at least one byte of data with the descriptors; receive with
# MSG_CMSG_CLOEXEC, in a control buffer of exactly the size that is meant, and treat MSG_CTRUNC as an
# error; close the sender's copy as soon as sendmsg() has returned. `src/lib/scm.c` sends and receives
# in one page.

load lib/behaviour

# source: unix(7) SCM_RIGHTS; recvmsg(2) MSG_CMSG_CLOEXEC; fcntl(2); kcmp(2); UNP 15.7
@test "scm/shared-description: a received descriptor shares position and status flags, but not FD_CLOEXEC" {
	observe
	expect <<-'END'
		kernel kcmp: 0
		receiver position after the sender's lseek to 4: 4
		receiver read: 45
		sender position after it: 6
		receiver flags after the sender's F_SETFL: O_NONBLOCK
		sender flags after the receiver's F_SETFL: none
		sender, opened close-on-exec: close-on-exec
		receiver, without MSG_CMSG_CLOEXEC: stays open
		sender, FD_CLOEXEC cleared: stays open
		receiver, with MSG_CMSG_CLOEXEC: close-on-exec
		over SEQPACKET: the same
		over DGRAM: the same
	END
}

# source: unix(7) SCM_RIGHTS
@test "scm/order-bulk: a hundred files in ten messages arrive in order after the sender closed them" {
	observe
	expect <<-'END'
		sender descriptors left, all in flight: 0
		receiver message: 0 1 2 3 4 5 6 7 8 9
		receiver message: 10 11 12 13 14 15 16 17 18 19
		receiver message: 20 21 22 23 24 25 26 27 28 29
		receiver message: 30 31 32 33 34 35 36 37 38 39
		receiver message: 40 41 42 43 44 45 46 47 48 49
		receiver message: 50 51 52 53 54 55 56 57 58 59
		receiver message: 60 61 62 63 64 65 66 67 68 69
		receiver message: 70 71 72 73 74 75 76 77 78 79
		receiver message: 80 81 82 83 84 85 86 87 88 89
		receiver message: 90 91 92 93 94 95 96 97 98 99
		receiver descriptors: 100
		over SEQPACKET: the same
		over DGRAM: the same
	END
}

# source: unix(7) SCM_RIGHTS (MSG_CTRUNC); recvmsg(2) MSG_CTRUNC; cmsg(3)
@test "scm/ctrunc-partial: a short control buffer gets the descriptors that fit, and the rest are closed" {
	observe
	expect <<-'END'
		receiver with room for none: 0
		receiver msg_flags: MSG_CTRUNC
		receiver descriptors opened: 0
		files released: 5
		receiver again: EAGAIN
		receiver with room for 1: 1
		receiver msg_flags: MSG_CTRUNC
		receiver descriptors opened: 1
		files released: 4
		receiver again: EAGAIN
		receiver with room for 1, padded: 2
		receiver msg_flags: MSG_CTRUNC
		receiver descriptors opened: 2
		files released: 3
		receiver again: EAGAIN
		receiver with room for 3: 3
		receiver msg_flags: MSG_CTRUNC
		receiver descriptors opened: 3
		files released: 2
		receiver again: EAGAIN
		receiver with room for 5: 5
		receiver msg_flags: none
		receiver descriptors opened: 5
		files released: 0
		receiver again: EAGAIN
		over SEQPACKET: the same
		over DGRAM: the same
	END
}

# source: unix(7) SCM_RIGHTS (SCM_MAX_FD)
@test "scm/max-253: 253 descriptors pass in one message, 254 are EINVAL, an empty list passes as none" {
	observe
	expect <<-'END'
		sender 254: EINVAL
		receiver: EAGAIN
		sender 253: 1
		receiver: 1
		receiver descriptors in the message: 253
		receiver descriptors opened: 253
		receiver MSG_CTRUNC: 0
		sender 0: 1
		receiver: 1
		receiver bytes of control messages: 0
		over SEQPACKET: the same
		over DGRAM: the same
	END
}

# source: unix(7) SCM_RIGHTS; listen(2); UNP 15.7, 30.9
@test "scm/listener-pass: a passed listener keeps its queue and accepts in the other process" {
	observe
	expect <<-'END'
		late client connect: 0
		receiver accept: early
		receiver accept: late
		early client recv: 5
		late client recv: 4
		tardy client connect: ECONNREFUSED
		over IPv6: the same
	END
}

# source: unix(7) SCM_RIGHTS; close(2); UNP 15.7, 30.9
@test "scm/tcp-in-flight-no-fin: passing a connection and closing the sender's copy sends nothing; FIN comes from the receiver's close()" {
	observe
	expect <<-'END'
		sender close: 0
		client recv: EAGAIN
		client send: 5
		receiver recv: 5
		receiver send: 8
		client recv: 8
		client recv: EAGAIN
		receiver close: 0
		client recv: 0
		over IPv6: the same
	END
}

# source: unix(7) SCM_RIGHTS; cmsg(3); __scm_send() in net/core/scm.c
@test "scm/two-cmsgs-merge: two lists of descriptors in one message arrive as one, in order; the limit of 253 is that of both" {
	observe
	expect <<-'END'
		sender sendmsg of 2 and 1: 1
		receiver files: 0 1 2
		receiver control messages: 1
		sender sendmsg of 200 and 54: EINVAL
		sender sendmsg of 200 and 53: 1
		receiver descriptors: 253
		receiver control messages: 1
		over SEQPACKET: the same
		over DGRAM: the same
	END
}

# source: unix(7) SCM_RIGHTS; getrlimit(2) RLIMIT_NOFILE; scm_detach_fds() in net/core/scm.c
@test "scm/receiver-nofile-limit: a receiver at RLIMIT_NOFILE gets the descriptors that it has numbers for, MSG_CTRUNC, and all data" {
	observe
	expect gvisor "no MSG_CTRUNC for want of a number, and the references to what was not installed leak (rightsFDs() in pkg/sentry/socket/control/control.go)" <<-'END'
		receiver with 1 free, recvmsg: 1
		receiver errno: 0
		receiver data: x
		receiver descriptors: 1
		receiver msg_flags: none
		files still held: 2
		the first: held
		receiver recv again: EAGAIN
		receiver with 0 free, recvmsg: 1
		receiver errno: 0
		receiver data: x
		receiver descriptors: 0
		receiver msg_flags: none
		files still held: 2
		receiver recv again: EAGAIN
		over SEQPACKET: the same
		over DGRAM: the same
	END
	expect <<-'END'
		receiver with 1 free, recvmsg: 1
		receiver errno: 0
		receiver data: x
		receiver descriptors: 1
		receiver msg_flags: MSG_CTRUNC
		files still held: 1
		the first: held
		receiver recv again: EAGAIN
		receiver with 0 free, recvmsg: 1
		receiver errno: 0
		receiver data: x
		receiver descriptors: 0
		receiver msg_flags: MSG_CTRUNC
		files still held: 0
		receiver recv again: EAGAIN
		over SEQPACKET: the same
		over DGRAM: the same
	END
}

# source: unix(7) SCM_RIGHTS; recvmsg(2) MSG_CTRUNC; scm_recv_unix() in net/core/scm.c
@test "scm/no-control-drops: who reads without a control buffer gets the data, and the descriptors are closed at once" {
	observe
	expect <<-'END'
		witness before: held
		receiver read: 4
		receiver descriptors more: 0
		witness after: released
		receiver recvmsg afterwards: EAGAIN
		witness before: held
		receiver recv: 4
		receiver descriptors more: 0
		witness after: released
		receiver recvmsg afterwards: EAGAIN
		witness before: held
		recvmsg msg_flags: MSG_CTRUNC
		receiver recvmsg: 4
		receiver descriptors more: 0
		witness after: released
		receiver recvmsg afterwards: EAGAIN
		over SEQPACKET: the same
		over DGRAM: the same
	END
}

# source: recvmsg(2); cmsg(3); scm_detach_fds() in net/core/scm.c
@test "scm/efault-control-buffer: a control buffer that cannot be written costs the descriptors, not the data; they leak if its header alone cannot be" {
	observe
	expect gvisor "descriptors are installed before the buffer is written, and that is EFAULT (recvSingleMsg() in pkg/sentry/syscalls/linux/sys_socket.go)" <<-'END'
		recvmsg, nothing writable: EFAULT
		msg_flags: none
		descriptors announced: 0
		descriptors opened: 4
		files released: 0
		recvmsg, writable up to the third descriptor: EFAULT
		msg_flags: none
		descriptors announced: 0
		descriptors opened: 4
		files released: 0
		recvmsg, all writable but the header: EFAULT
		msg_flags: none
		descriptors announced: 0
		descriptors opened: 4
		files released: 0
		over SEQPACKET: the same
		over DGRAM: the same
	END
	expect <<-'END'
		recvmsg, nothing writable: 1
		msg_flags: MSG_CTRUNC
		descriptors announced: 0
		descriptors opened: 0
		files released: 4
		recvmsg, writable up to the third descriptor: 1
		msg_flags: MSG_CTRUNC
		descriptors announced: 2
		descriptors opened: 2
		files released: 2
		recvmsg, all writable but the header: 1
		msg_flags: none
		descriptors announced: 0
		descriptors opened: 4
		files released: 0
		over SEQPACKET: the same
		over DGRAM: the same
	END
}

# source: unix(7) SCM_RIGHTS; open(2) O_PATH; scm_fp_copy() in net/core/scm.c
@test "scm/bad-fd-atomic: one bad descriptor in the list is EBADF and nothing is sent; an O_PATH descriptor passes" {
	observe
	expect <<-'END'
		sender, the second closed: EBADF
		sender, the second -1: EBADF
		receiver recv: EAGAIN
		descriptors more: 0
		witness, the sender's closed: released
		sender, O_PATH: 1
		receiver descriptors: 1
		receiver F_GETFL: O_PATH
		receiver read: EBADF
		over SEQPACKET: the same
		over DGRAM: the same
	END
}

# source: io_uring_setup(2); scm_fp_copy() in net/core/scm.c; kernel: "io_uring/af_unix: disable sending io_uring over sockets" (6.7)
@test "scm/io-uring-refused: an io_uring cannot be passed: EINVAL, and nothing is sent" {
	observe
	# 5.10.204 and 6.1.68 are in Debian's changelogs; 5.15.143 and 6.6.7 are derived. Debian has none of
	# those that are wrong any more.
	local fix='io_uring/af_unix: disable sending io_uring over sockets'
	fault until-5.10.203 "$fix"
	fault 5.11-5.15.142 "$fix"
	fault 5.16-6.1.67 "$fix"
	fault 6.2-6.6.6 "$fix"
	expect gvisor "any file can be sent (NewSCMRights() in pkg/sentry/socket/control/control.go)" <<-'END'
		sender, a ring: 1
		sender, a pipe and a ring: 1
		receiver recv: 1
		witness, the sender's closed: held
		over SEQPACKET: the same
		over DGRAM: the same
	END
	expect <<-'END'
		sender, a ring: EINVAL
		sender, a pipe and a ring: EINVAL
		receiver recv: EAGAIN
		witness, the sender's closed: released
		over SEQPACKET: the same
		over DGRAM: the same
	END
}

# source: unix(7) SCM_RIGHTS; unix_stream_sendmsg() and unix_dgram_sendmsg() in net/unix/af_unix.c
@test "scm/zero-length-data: a descriptor sent with no data is lost on a stream, and arrives as an empty record" {
	observe
	expect gvisor "a message without data is not sent, whatever the type (SendMsg() in pkg/sentry/socket/unix/unix.go)" <<-'END'
		STREAM sender sendmsg of a pipe, no data: 0
		witness, the sender's closed: released
		receiver: EAGAIN
		sender sendmsg of file 7, no data: 0
		receiver: A with 8
		receiver: EAGAIN
		SEQPACKET sender sendmsg of a pipe, no data: 0
		witness, the sender's closed: released
		receiver: EAGAIN
		sender sendmsg of file 7, no data: 0
		receiver: A with 8
		receiver: EAGAIN
		over DGRAM: the same
	END
	expect <<-'END'
		STREAM sender sendmsg of a pipe, no data: 0
		witness, the sender's closed: released
		receiver: EAGAIN
		sender sendmsg of file 7, no data: 0
		receiver: A with 8
		receiver: EAGAIN
		SEQPACKET sender sendmsg of a pipe, no data: 0
		witness, the sender's closed: held
		receiver: nothing with pipe
		sender sendmsg of file 7, no data: 0
		receiver: nothing with 7
		receiver: A with 8
		over DGRAM: the same
	END
}

# source: unix(7) SCM_RIGHTS (ancillary data forms a barrier); recv(2) MSG_WAITALL
@test "scm/stream-barrier: a read that takes descriptors ends where the send ends that brought them, MSG_WAITALL or not" {
	observe
	expect <<-'END'
		receiver: AABB with 1
		receiver: CCDD with 2
		receiver: EE with none
		receiver: EAGAIN
		receiver with MSG_WAITALL: AABB with 1
		receiver with MSG_WAITALL: CCDD with 2
		receiver with MSG_WAITALL: EE with none
		receiver: FF with 3
		receiver: GG with 4
		receiver of 2: HH with 5
		receiver: HHII with 6
	END
}

# source: unix(7) SCM_RIGHTS; unix_stream_sendmsg() in net/unix/af_unix.c
@test "scm/rides-first-byte: the descriptor of a send that was cut short comes once, with its first byte" {
	observe
	expect <<-'END'
		sender sendmsg of 1048576: a part
		receiver of the first byte: A with 1
		receiver descriptors with the rest: 0
		receiver bytes: all that were sent
		sender send of more: a part
		receiver descriptors with the rest: 0
	END
}

# source: recv(2) MSG_PEEK; kcmp(2); unix_peek_fds() in net/unix/af_unix.c
@test "scm/peek-duplicates: each MSG_PEEK delivers the descriptors anew, and the call that takes the message once more" {
	observe
	expect <<-'END'
		receiver recv with MSG_PEEK: 1
		descriptors opened: 0
		receiver recvmsg with MSG_PEEK: 1
		descriptors opened: 1
		receiver recvmsg with MSG_PEEK again: 1
		descriptors opened: 2
		receiver recvmsg with 0: 1
		descriptors opened: 3
		kernel kcmp: 0
		kernel kcmp: 0
		witness: held
		witness: held
		witness: released
		over SEQPACKET: the same
		over DGRAM: the same
	END
}

# source: unix(7) SCM_RIGHTS; recv(2) MSG_TRUNC; unix_dgram_recvmsg() in net/unix/af_unix.c
@test "scm/dgram-truncation-keeps-fd: a datagram or record cut short delivers its descriptors all the same, and no other's" {
	observe
	expect gvisor "a recvmsg() with no room for data looks at no message (RecvMsg() in pkg/sentry/socket/unix/unix.go)" <<-'END'
		receiver of 4: 0123 with 1, MSG_TRUNC
		receiver of 100: plain with none
		receiver of 0: nothing with none
		receiver of 100: second with 2
		receiver of 100: third with 3
		over DGRAM: the same
		stream receiver of 4: 0123 with 1
		stream receiver of 100: 456789 with none
	END
	expect <<-'END'
		receiver of 4: 0123 with 1, MSG_TRUNC
		receiver of 100: plain with none
		receiver of 0: nothing with 2, MSG_TRUNC
		receiver of 100: third with 3
		receiver of 100: EAGAIN
		over DGRAM: the same
		stream receiver of 4: 0123 with 1
		stream receiver of 100: 456789 with none
	END
}

# source: unix(7) SCM_RIGHTS; close(2); unix_release_sock() in net/unix/af_unix.c
@test "scm/tcp-released-with-queue: a connection in flight is closed with the queue it waits in, or when recv() drops it; a failed send keeps none" {
	observe
	expect <<-'END'
		client recv, in flight: EAGAIN
		client recv, receiver closes: 0
		client recv, in flight: EAGAIN
		client recv, receiver killed: 0
		client recv, in flight: EAGAIN
		client recv, receiver recv: 0
		sender sendmsg, receiver closed: EPIPE
		client recv: EAGAIN
		client recv, sender closes: 0
		over IPv6: the same
		witness, in flight: held
		witness: receiver closes, released
		witness, in flight: held
		witness: receiver killed, released
		witness, in flight: held
		witness: receiver recv, released
		sender sendmsg, receiver closed: EPIPE
		witness: sender closes, released
		over SEQPACKET: the same
		over DGRAM not: sender sendmsg, receiver closed: EPIPE
		over DGRAM: sender sendmsg, receiver closed: ECONNREFUSED
	END
}

# source: shutdown(2); unix_shutdown() in net/unix/af_unix.c
@test "scm/shut-rd-keeps-queued: after shutdown(SHUT_RD) what is queued can still be received, a connection in flight lives, and new sends are EPIPE" {
	observe
	expect gvisor "what is shut for reading ends, whatever its type (Dequeue() in pkg/sentry/socket/unix/transport/queue.go)" <<-'END'
		receiver shutdown: 0
		client recv: EAGAIN
		receiver recvmsg: 1
		receiver descriptors: 1
		receiver send: 5
		client recv: 5
		client recv, receiver closes: 0
		over IPv6: the same
		sender sendmsg: EPIPE
		receiver: queued with 1
		receiver: nothing with none
		over SEQPACKET: the same
		over DGRAM: the same
	END
	expect <<-'END'
		receiver shutdown: 0
		client recv: EAGAIN
		receiver recvmsg: 1
		receiver descriptors: 1
		receiver send: 5
		client recv: 5
		client recv, receiver closes: 0
		over IPv6: the same
		sender sendmsg: EPIPE
		receiver: queued with 1
		receiver: nothing with none
		over SEQPACKET: the same
		over DGRAM not: receiver: nothing with none
		over DGRAM: receiver: EAGAIN
	END
}

# source: unix(7); unix_release_sock() in net/unix/af_unix.c
@test "scm/embryo-release: a connection sent to a server that has not accepted ends when the listener is closed" {
	observe
	expect <<-'END'
		STREAM client sendmsg: 1
		TCP client recv: EAGAIN
		STREAM client recv: EAGAIN
		TCP client recv, listener closed: 0
		STREAM client recv: ECONNRESET
		STREAM client recv again: 0
		SEQPACKET client sendmsg: 1
		TCP client recv: EAGAIN
		SEQPACKET client recv: EAGAIN
		TCP client recv, listener closed: 0
		SEQPACKET client recv: ECONNRESET
		SEQPACKET client recv again: 0
		over IPv6: the same
	END
}

# source: sendmsg(2); unix(7) SCM_RIGHTS; __sock_cmsg_send() in net/core/sock.c
@test "scm/inet-ignores-rights: TCP and UDP take SCM_RIGHTS without an error, and the descriptors vanish" {
	observe
	expect gvisor "control messages of AF_UNIX are refused (SendMsg() in pkg/sentry/socket/netstack/netstack.go)" <<-'END'
		TCP sendmsg with a pipe: EINVAL
		witness: released
		UDP sendmsg with a pipe: EINVAL
		witness: released
		over IPv6: the same
	END
	expect <<-'END'
		TCP sendmsg with a pipe: 4
		witness: released
		TCP recvmsg: 4
		TCP descriptors: 0
		msg_flags: none
		TCP sendmsg with -1: 2
		TCP recv: 2
		UDP sendmsg with a pipe: 4
		witness: released
		UDP recvmsg: 4
		UDP descriptors: 0
		msg_flags: none
		UDP sendmsg with -1: 2
		UDP recv: 2
		over IPv6: the same
	END
}

# source: unix(7) SCM_RIGHTS; unix_gc() in net/unix/garbage.c
@test "scm/gc-cycles: sockets that only hold each other are freed, and a connection among them is closed; one that can be reached is not" {
	observe
	expect <<-'END'
		sockets left of 50 pairs in a ring: 0
		receiver of itself: 4
		sender send: 5
		receiver by what it received: 5
		over SEQPACKET: the same
		over DGRAM: the same
		client recv, its connection in a ring: 0
		over IPv6: the same
	END
}

# source: unix(7) SCM_RIGHTS; unix_gc() in net/unix/garbage.c
@test "scm/gc-under-load: while rings are collected every descriptor on its way arrives, and nothing is left in the end" {
	observe
	expect <<-'END'
		files that came, in order: 100
		sender exit status: 0
		maker of rings exit status, every pipe released: 0
		sockets left: 0
		over SEQPACKET: the same
		over DGRAM: the same
	END
}

# source: unix(7) ETOOMANYREFS; getrlimit(2) RLIMIT_NOFILE; too_many_unix_fds() in net/unix
@test "scm/in-flight-limit: a user with more descriptors in flight than RLIMIT_NOFILE gets ETOOMANYREFS until some are received" {
	observe
	expect gvisor "descriptors in flight are not counted (pkg/sentry/socket/control/control.go)" <<-'END'
		sender messages of 10 that pass: 14
		sender, the next: 0
		another process of the user, messages that pass: 14
		sender, after one was received: 14
		sender, after all were received: 14
		sender, plain data: 1
		over SEQPACKET: the same
		over DGRAM: the same
	END
	expect <<-'END'
		sender messages of 10 that pass: 7
		sender, the next: ETOOMANYREFS
		another process of the user, messages that pass: 0
		sender, after one was received: 1
		sender, after all were received: 7
		sender, plain data: 1
		over SEQPACKET: the same
		over DGRAM: the same
	END
}

# source: kernel: "af_unix: Introduce SO_PASSRIGHTS" (6.16)
@test "scm/passrights-off: with SO_PASSRIGHTS off at the receiver sending a descriptor is EPERM, and plain data passes" {
	observe
	expect <<-'END'
		receiver SO_PASSRIGHTS: 1
		sender with a descriptor: EPERM
		sender without: 1
		receiver: x with none
		receiver again: EAGAIN
		sender, it is off at its own end only: 1
		receiver: f with 1
		over SEQPACKET: the same
		over DGRAM: the same
		client of a listener with it off: EPERM
		accepted SO_PASSRIGHTS: 0
		client, accepted: EPERM
		over SEQPACKET: the same
		TCP setsockopt: EOPNOTSUPP
	END
}

# source: unix(7) SO_PASSPIDFD; pidfd_open(2); kernel: "scm: add SO_PASSPIDFD and SCM_PIDFD" (6.5)
@test "scm/pidfd: with SO_PASSPIDFD each message brings a descriptor of the process that sent it" {
	observe
	expect 6.5-6.15 'EINVAL in place of a pidfd before "af_unix: enable handing out pidfds for reaped tasks in SCM_PIDFD" (6.17)' <<-'END'
		receiver recvmsg: 1
		another control message: no
		SCM_PIDFD is: the child's
		descriptor flags: FD_CLOEXEC
		fdinfo Pid once it is reaped: -1
		receiver recvmsg: 1
		another control message: no
		SCM_PIDFD of a sender that was reaped: EINVAL
		over SEQPACKET: the same
		over DGRAM: the same
	END
	expect 6.16-6.16 "ESRCH since 8cf4b738f6d8 (pidfd: improve uapi when task isn't found, 6.16), and no pidfd before c679d17d3f2d (af_unix: enable handing out pidfds for reaped tasks in SCM_PIDFD, 6.17)" <<-'END'
		receiver recvmsg: 1
		another control message: no
		SCM_PIDFD is: the child's
		descriptor flags: FD_CLOEXEC
		fdinfo Pid once it is reaped: -1
		receiver recvmsg: 1
		another control message: no
		SCM_PIDFD of a sender that was reaped: ESRCH
		over SEQPACKET: the same
		over DGRAM: the same
	END
	expect <<-'END'
		receiver recvmsg: 1
		another control message: no
		SCM_PIDFD is: the child's
		descriptor flags: FD_CLOEXEC
		fdinfo Pid once it is reaped: -1
		receiver recvmsg: 1
		another control message: no
		SCM_PIDFD of a sender that was reaped: Pid -1
		over SEQPACKET: the same
		over DGRAM: the same
	END
}

# source: getsockopt(2) SO_RIGHTS_NOTRUNC, scm_detach_fds() in net/core/scm.c (7.3)
@test "scm/rights-notrunc: SO_RIGHTS_NOTRUNC can be set, and a receiver without free numbers gets a shorter list all the same" {
	observe
	expect gvisor "no MSG_CTRUNC for want of a number (rightsFDs() in pkg/sentry/socket/control/control.go); options that it does not know are taken and do nothing (pkg/sentry/socket/netstack/netstack.go)" <<-'END'
		getsockopt: ENOPROTOOPT
		option 0, free 1, recvmsg: 1
		files: 0
		msg_flags: none
		option 1, free 1, recvmsg: 1
		files: 0
		msg_flags: none
		option 1, free 0, recvmsg: 1
		files: none
		msg_flags: none
		option 1, free 3, recvmsg: 1
		files: 0 1 2
		msg_flags: none
		over SEQPACKET: the same
		over DGRAM: the same
		TCP setsockopt: 0
	END
	expect <<-'END'
		getsockopt: ENOPROTOOPT
		option 0, free 1, recvmsg: 1
		files: 0
		msg_flags: MSG_CTRUNC
		option 1, free 1, recvmsg: 1
		files: 0
		msg_flags: MSG_CTRUNC
		option 1, free 0, recvmsg: 1
		files: none
		msg_flags: MSG_CTRUNC
		option 1, free 3, recvmsg: 1
		files: 0 1 2
		msg_flags: none
		over SEQPACKET: the same
		over DGRAM: the same
		TCP setsockopt: ENOPROTOOPT
	END
}

# source: unix(7) SCM_RIGHTS, SOCK_SEQPACKET; unix_dgram_recvmsg() in net/unix/af_unix.c
@test "scm/seqpacket-and-dgram: a record or datagram is received with its own descriptors and no other's" {
	observe
	expect gvisor "a message without data is not sent, whatever the type (SendMsg() in pkg/sentry/socket/unix/unix.go)" <<-'END'
		receiver with MSG_PEEK: two with 1 2
		receiver: two with 1 2
		receiver: plain with none
		receiver: one with 3
		receiver: lost with 1 2 3
		receiver recv of 1: 1
		receiver: EAGAIN
		receiver: EAGAIN
		two senders over DGRAM: the same
	END
	expect <<-'END'
		receiver with MSG_PEEK: two with 1 2
		receiver: two with 1 2
		receiver: plain with none
		receiver: one with 3
		receiver: nothing with 1
		receiver recv of 1: 1
		receiver: last with 2 3
		receiver: EAGAIN
		two senders over DGRAM: the same
	END
}

# source: unix(7) SCM_RIGHTS; scm_fp_copy() in net/core/scm.c
@test "scm/pass-matrix: files of every kind pass over every type of Unix-domain socket, by a pair or by names" {
	observe
	expect <<-'END'
		over a pair: regular file 3
		memfd write: 2
		memfd position: 2
		pipe read: 1
		TCP send: 1
		TCP client recv: 1
		listener, change of its port: 0
		listener accept: 0
		epoll and eventfd, events: 1
		AF_UNIX send: 1
		AF_UNIX peer recv: 1
		by names: regular file 3
		memfd write: 2
		memfd position: 2
		pipe read: 1
		TCP send: 1
		TCP client recv: 1
		listener, change of its port: 0
		listener accept: 0
		epoll and eventfd, events: 1
		AF_UNIX send: 1
		AF_UNIX peer recv: 1
		over SEQPACKET: the same
		over DGRAM: the same
	END
}
