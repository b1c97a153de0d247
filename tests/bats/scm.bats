#!/usr/bin/env bats
# scm: open files sent from process to process over Unix-domain sockets.

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
	END
}

# source: unix(7) SCM_RIGHTS (MSG_CTRUNC); recvmsg(2) MSG_CTRUNC; cmsg(3)
@test "scm/ctrunc-partial: a short control buffer gets the descriptors that fit, and the rest are closed" {
	observe
	expect <<-'END'
		receiver with room for none: 0
		receiver msg_flags: MSG_CTRUNC
		receiver descriptors opened: 0
		pipes that ended: 5
		receiver with room for 1: 1
		receiver msg_flags: MSG_CTRUNC
		receiver descriptors opened: 1
		pipes that ended: 4
		receiver with room for 1, padded: 2
		receiver msg_flags: MSG_CTRUNC
		receiver descriptors opened: 2
		pipes that ended: 3
		receiver with room for 3: 3
		receiver msg_flags: MSG_CTRUNC
		receiver descriptors opened: 3
		pipes that ended: 2
		receiver with room for 5: 5
		receiver msg_flags: none
		receiver descriptors opened: 5
		pipes that ended: 0
	END
}

# source: unix(7) SCM_RIGHTS (SCM_MAX_FD)
@test "scm/max-253: 253 descriptors pass in one message, 254 are EINVAL, an empty list passes as none" {
	observe
	expect <<-'END'
		stream send of 254: EINVAL
		stream recv: EAGAIN
		stream send of 253: 1
		stream recv: 1
		stream descriptors in the message: 253
		stream descriptors opened: 253
		stream MSG_CTRUNC: 0
		stream send of 0: 1
		stream recv: 1
		stream bytes of control messages: 0
		dgram send of 254: EINVAL
		dgram recv: EAGAIN
		dgram send of 253: 1
		dgram recv: 1
		dgram descriptors in the message: 253
		dgram descriptors opened: 253
		dgram MSG_CTRUNC: 0
		dgram send of 0: 1
		dgram recv: 1
		dgram bytes of control messages: 0
		seqpacket send of 254: EINVAL
		seqpacket recv: EAGAIN
		seqpacket send of 253: 1
		seqpacket recv: 1
		seqpacket descriptors in the message: 253
		seqpacket descriptors opened: 253
		seqpacket MSG_CTRUNC: 0
		seqpacket send of 0: 1
		seqpacket recv: 1
		seqpacket bytes of control messages: 0
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
	END
}

# source: kernel: "af_unix: Introduce SO_PASSRIGHTS" (6.16)
@test "scm/passrights-off: with SO_PASSRIGHTS off at the receiver, sending a descriptor is EPERM, and plain data passes" {
	observe
	expect until-6.15 'no such option before "af_unix: Introduce SO_PASSRIGHTS" (6.16)' <<-'END'
		getsockopt(SO_PASSRIGHTS): ENOPROTOOPT
	END
	expect gvisor 'of 2022, before the option' <<-'END'
		getsockopt(SO_PASSRIGHTS): ENOPROTOOPT
	END
	expect <<-'END'
		getsockopt(SO_PASSRIGHTS): 0
		receiver SO_PASSRIGHTS: 1
		send with a descriptor: EPERM
		send without: 1
		receiver recv: 1
		receiver recv again: EAGAIN
	END
}
