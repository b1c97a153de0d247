#!/usr/bin/env bats
# sendfile: a file to a socket without passing through the process.
#
# sendfile() has the kernel hand the pages of a file to a socket. The process neither sees the bytes
# nor copies them, and on a socket that blocks one call does it all, where read() and write() take two
# calls for every buffer. build/bin/sendfile does either, as its options say, and counts the calls.
#
# What a program should do: call it in a loop, with an offset of its own and with exactly what is left
# of the file as the count; take a 0 before the end for a file that was cut; ignore SIGPIPE, since
# there is no MSG_NOSIGNAL for it; leave the file alone until the peer has it all, since pages are
# sent, not copies (sendfile(2), NOTES).

load lib/behaviour

# source: sendfile(2); TLPI 61.4
@test "sendfile/offset-rules: sendfile() moves the offset it is given or else the position, and ends with 0" {
	observe
	expect <<-'END'
		sendfile of 3000 at offset 1000: 3000
		offset: 4000
		position: 70
		sendfile of 500 at position 70: 500
		position: 570
		sendfile of 4000 at offset 9000: 1000
		offset: 10000
		position: 570
		sendfile of 1 at offset 10000: 0
		offset: 10000
		position: 570
		sendfile of 1 at offset 15000: 0
		offset: 15000
		position: 570
		sendfile of 4000 at position 9900: 100
		position: 10000
		sendfile of 1 at position 10000: 0
		position: 10000
		sendfile of 1 at position 15000: 0
		position: 15000
		sendfile of 0 at offset 0: 0
		offset: 0
		position: 15000
		client recv after all that: 0
		over IPv6: the same
	END
}

# source: sendfile(2); TLPI 61.4
@test "sendfile/identical-output: from 0 bytes to 64 MiB the peer gets the file, as it does by read and write" {
	needs program socat
	observe
	expect <<-'END'
		0 by read to the client: as the file
		0 by sendfile to the client: as the file
		0 by sendfile to socat: as the file
		1 by read to the client: as the file
		1 by sendfile to the client: as the file
		4095 by read to the client: as the file
		4095 by sendfile to the client: as the file
		4096 by read to the client: as the file
		4096 by sendfile to the client: as the file
		4097 by read to the client: as the file
		4097 by sendfile to the client: as the file
		4097 by sendfile to socat: as the file
		65535 by read to the client: as the file
		65535 by sendfile to the client: as the file
		65536 by read to the client: as the file
		65536 by sendfile to the client: as the file
		65536 by sendfile to socat: as the file
		65537 by read to the client: as the file
		65537 by sendfile to the client: as the file
		65537 by sendfile to socat: as the file
		1000003 by read to the client: as the file
		1000003 by sendfile to the client: as the file
		1000003 by sendfile to socat: as the file
		67108864 by read to the client: as the file
		67108864 by sendfile to the client: as the file
		67108864 by sendfile to socat: as the file
		over IPv6: the same
	END
}

# source: sendfile(2) (EAGAIN; fewer bytes than requested)
@test "sendfile/nonblock-short: a full non-blocking socket takes a prefix, the offset tells where to go on, then EAGAIN" {
	observe
	expect <<-'END'
		server sendfile: a part
		offset beyond that: 0
		server sendfile: EAGAIN
		offset beyond that: 0
		position: 0
		client recv to the end: as the file
		over IPv6: the same
	END
}

# source: send(2) MSG_MORE; tcp(7) TCP_CORK; sendfile(2) NOTES; TLPI 61.4
@test "sendfile/header-coalescing: MSG_MORE or TCP_CORK puts a header into the first segment of the file" {
	observe
	expect <<-'END'
		plain, not sent after the header: 0
		plain, sendfile: 2500
		plain, not sent after the file: 0
		client recv: as the file
		MSG_MORE, not sent after the header: 100
		MSG_MORE, sendfile: 2500
		MSG_MORE, not sent after the file: 0
		client recv: as the file
		TCP_CORK, not sent after the header: 100
		TCP_CORK, sendfile: 2500
		TCP_CORK, not sent after the file: 624
		TCP_CORK, not sent after uncorking: 0
		client recv: as the file
		over IPv6: the same
	END
}

# source: sendfile(2) NOTES; kernel: MAX_RW_COUNT in include/linux/fs.h
@test "sendfile/max-count: a count of 4 GiB is cut to 0x7ffff000, and offsets beyond 4 GiB work" {
	observe
	expect <<-'END'
		sendfile of 4 GiB: 2147479552
		offset: 2147479552
		sendfile at offset 4 GiB + 500: 600
		offset beyond 4 GiB: 1100
		sendfile at position 4 GiB + 1100: 400
		position beyond 4 GiB: 1500
		peer recv: as the file
	END
}

# source: sendfile(2); mmap(2) SIGBUS; send(2) EFAULT
@test "sendfile/truncated-while-blocked: a file cut while sendfile() is blocked ends with a short count and 0, not with an error or SIGBUS" {
	observe
	expect <<-'END'
		AF_UNIX sendfile: short
		client recv beyond that: 0
		client recv: as the file was
		AF_UNIX sendfile again: 0
		SIGBUS: 0
		AF_UNIX send: short
		client recv beyond that: 0
		client recv: as the file was
		AF_UNIX send again: EFAULT
		SIGBUS: 0
		TCP sendfile: short
		client recv beyond that: 0
		client recv: as the file was
		TCP sendfile again: 0
		SIGBUS: 0
		TCP send: short
		client recv beyond that: 0
		client recv: as the file was
		TCP send again: EFAULT
		SIGBUS: 0
		over IPv6: the same
	END
}

# source: sendfile(2) (copying within the kernel), NOTES; kernel: "af_unix: Support MSG_SPLICE_PAGES" (6.5)
@test "sendfile/aliases-page-cache: who changes the file before the peer has read changes what the peer reads" {
	observe
	expect gvisor "the bytes are read into a buffer and written (Sendfile() in pkg/sentry/syscalls/linux/sys_splice.go)" <<-'END'
		STREAM, overwritten, peer recv: 4096 old, 0 new, 0 zero
		STREAM, truncated to nothing, peer recv: 4096 old, 0 new, 0 zero
		STREAM, truncated to 1000, peer recv: 4096 old, 0 new, 0 zero
		SEQPACKET, overwritten, peer recv: 4096 old, 0 new, 0 zero
		SEQPACKET, truncated to nothing, peer recv: 4096 old, 0 new, 0 zero
		SEQPACKET, truncated to 1000, peer recv: 4096 old, 0 new, 0 zero
		DGRAM, overwritten, peer recv: 4096 old, 0 new, 0 zero
		DGRAM, truncated to nothing, peer recv: 4096 old, 0 new, 0 zero
		DGRAM, truncated to 1000, peer recv: 4096 old, 0 new, 0 zero
		TCP, overwritten, peer recv: 4096 old, 0 new, 0 zero
		TCP, truncated to nothing, peer recv: 4096 old, 0 new, 0 zero
		TCP, truncated to 1000, peer recv: 4096 old, 0 new, 0 zero
		over IPv6: the same
	END
	expect <<-'END'
		STREAM, overwritten, peer recv: 0 old, 4096 new, 0 zero
		STREAM, truncated to nothing, peer recv: 4096 old, 0 new, 0 zero
		STREAM, truncated to 1000, peer recv: 1000 old, 0 new, 3096 zero
		SEQPACKET, overwritten, peer recv: 4096 old, 0 new, 0 zero
		SEQPACKET, truncated to nothing, peer recv: 4096 old, 0 new, 0 zero
		SEQPACKET, truncated to 1000, peer recv: 4096 old, 0 new, 0 zero
		DGRAM, overwritten, peer recv: 4096 old, 0 new, 0 zero
		DGRAM, truncated to nothing, peer recv: 4096 old, 0 new, 0 zero
		DGRAM, truncated to 1000, peer recv: 4096 old, 0 new, 0 zero
		TCP, overwritten, peer recv: 0 old, 4096 new, 0 zero
		TCP, truncated to nothing, peer recv: 4096 old, 0 new, 0 zero
		TCP, truncated to 1000, peer recv: 1000 old, 0 new, 3096 zero
		over IPv6: the same
	END
}

# source: sendfile(2); splice(2); kernel: "teach sendfile(2) to handle send-to-pipe directly" (5.12)
@test "sendfile/pipe-aliasing: sendfile() to a pipe lends it the pages of the file, and who overwrites them changes what is read" {
	observe
	expect gvisor "the bytes are copied into the pipe (SpliceFromNonPipe() in pkg/sentry/kernel/pipe/vfs.go)" <<-'END'
		sendfile: 4096
		sendfile: reader gets the old bytes
		splice: 4096
		splice: reader gets the old bytes
	END
	expect until-5.11 'copied by write() before "teach sendfile(2) to handle send-to-pipe directly" (5.12)' <<-'END'
		sendfile: 4096
		sendfile: reader gets the old bytes
		splice: 4096
		splice: reader gets the new bytes
	END
	expect <<-'END'
		sendfile: 4096
		sendfile: reader gets the new bytes
		splice: 4096
		splice: reader gets the new bytes
	END
}

# source: sendfile(2); signal(7) (Interruption of system calls)
@test "sendfile/signal-while-blocked: a signal ends a blocked sendfile() with the count so far, or EINTR if that is nothing" {
	observe
	expect <<-'END'
		AF_UNIX, something sent: short
		offset beyond that: 0
		client recv: as the file
		AF_UNIX, something sent, SA_RESTART: short
		offset beyond that: 0
		client recv: as the file
		AF_UNIX, nothing sent: EINTR
		offset beyond that: 0
		client recv: as the file
		AF_UNIX, nothing sent, SA_RESTART: all
		offset beyond that: 0
		client recv: as the file
		AF_UNIX, nothing sent, SA_RESTART and SO_SNDTIMEO: EINTR
		offset beyond that: 0
		client recv: as the file
		TCP, something sent: short
		offset beyond that: 0
		client recv: as the file
		TCP, something sent, SA_RESTART: short
		offset beyond that: 0
		client recv: as the file
		TCP, nothing sent: EINTR
		offset beyond that: 0
		client recv: as the file
		TCP, nothing sent, SA_RESTART: all
		offset beyond that: 0
		client recv: as the file
		TCP, nothing sent, SA_RESTART and SO_SNDTIMEO: EINTR
		offset beyond that: 0
		client recv: as the file
		over IPv6: the same
	END
}

# source: sendfile(2) ERRORS; send(2) EPIPE
@test "sendfile/error-paths: EPIPE with SIGPIPE, ECONNRESET once, EINVAL for O_APPEND and a negative offset, EBADF for the wrong mode" {
	observe
	expect gvisor "only pipes raise SIGPIPE (pkg/sentry/kernel/pipe/pipe_util.go, gvisor.dev/issue/161); the type of the source is asked before the offset (Sendfile() in pkg/sentry/syscalls/linux/sys_splice.go)" <<-'END'
		to a file with O_APPEND: EINVAL
		to a file with O_APPEND, SIGPIPE: 0
		to a file open for reading: EBADF
		to a file open for reading, SIGPIPE: 0
		from a file open for writing: EBADF
		from a file open for writing, SIGPIPE: 0
		to no descriptor: EBADF
		to no descriptor, SIGPIPE: 0
		from no descriptor: EBADF
		from no descriptor, SIGPIPE: 0
		negative offset: EINVAL
		negative offset, SIGPIPE: 0
		offset into a pipe: EINVAL
		offset into a pipe, SIGPIPE: 0
		AF_UNIX peer closed: EPIPE
		AF_UNIX peer closed, SIGPIPE: 0
		after SHUT_WR: EPIPE
		after SHUT_WR, SIGPIPE: 0
		after RST: ECONNRESET
		after RST, SIGPIPE: 0
		after RST, again: EPIPE
		after RST, again, SIGPIPE: 0
		over IPv6: the same
	END
	expect <<-'END'
		to a file with O_APPEND: EINVAL
		to a file with O_APPEND, SIGPIPE: 0
		to a file open for reading: EBADF
		to a file open for reading, SIGPIPE: 0
		from a file open for writing: EBADF
		from a file open for writing, SIGPIPE: 0
		to no descriptor: EBADF
		to no descriptor, SIGPIPE: 0
		from no descriptor: EBADF
		from no descriptor, SIGPIPE: 0
		negative offset: EINVAL
		negative offset, SIGPIPE: 0
		offset into a pipe: ESPIPE
		offset into a pipe, SIGPIPE: 0
		AF_UNIX peer closed: EPIPE
		AF_UNIX peer closed, SIGPIPE: 1
		after SHUT_WR: EPIPE
		after SHUT_WR, SIGPIPE: 1
		after RST: ECONNRESET
		after RST, SIGPIPE: 0
		after RST, again: EPIPE
		after RST, again, SIGPIPE: 1
		over IPv6: the same
	END
}

# source: sendfile(2) ERRORS EINVAL; kernel: "splice: Do splice read from a buffered file without using ITER_PIPE" (6.5)
@test "sendfile/source-types: files are sources, those of sysfs and /proc among them; sockets, pipes, directories and eventfds are EINVAL" {
	observe
	expect gvisor "regular files and block devices are sources, those of /proc too (Sendfile() in pkg/sentry/syscalls/linux/sys_splice.go); /proc/sys/kernel has few files (pkg/sentry/fsimpl/proc/tasks_sys.go), /sys/kernel none (pkg/sentry/fsimpl/sys/sys.go)" <<-'END'
		regular file: 100
		TCP socket: EINVAL
		AF_UNIX socket: EINVAL
		pipe: EINVAL
		directory: EINVAL
		eventfd: EINVAL
		signalfd: EINVAL
		timerfd: EINVAL
		/dev/zero: EINVAL
		/proc/self/status: 100
		/proc/version: as by read()
		/proc/sys/kernel/ostype: ENOENT
		/sys/kernel/uevent_seqnum: ENOENT
	END
	expect until-6.6 'no splice_read of /dev/zero before "drivers/char/mem: implement splice() for /dev/zero, /dev/full" (6.7)' <<-'END'
		regular file: 100
		TCP socket: EINVAL
		AF_UNIX socket: EINVAL
		pipe: EINVAL
		directory: EINVAL
		eventfd: EINVAL
		signalfd: EINVAL
		timerfd: EINVAL
		/dev/zero: EINVAL
		/proc/self/status: EINVAL
		/proc/version: as by read()
		/proc/sys/kernel/ostype: as by read()
		/sys/kernel/uevent_seqnum: as by read()
	END
	expect <<-'END'
		regular file: 100
		TCP socket: EINVAL
		AF_UNIX socket: EINVAL
		pipe: EINVAL
		directory: EINVAL
		eventfd: EINVAL
		signalfd: EINVAL
		timerfd: EINVAL
		/dev/zero: 100
		/proc/self/status: EINVAL
		/proc/version: as by read()
		/proc/sys/kernel/ostype: as by read()
		/sys/kernel/uevent_seqnum: as by read()
	END
}

# source: sendfile(2); kernel: "teach sendfile(2) to handle send-to-pipe directly" (5.12)
@test "sendfile/socket-to-pipe: a socket is a source for sendfile() if the target is a pipe, and only then" {
	observe
	expect gvisor "no source but a regular file or block device, and that is asked before the offset (Sendfile() in pkg/sentry/syscalls/linux/sys_splice.go)" <<-'END'
		AF_UNIX to pipe, nothing there: EINVAL
		AF_UNIX to socket: EINVAL
		AF_UNIX to pipe, offset: EINVAL
		AF_UNIX to pipe: EINVAL
		pipe read: EAGAIN
		AF_UNIX to pipe at its end: EINVAL
		TCP to pipe, nothing there: EINVAL
		TCP to socket: EINVAL
		TCP to pipe, offset: EINVAL
		TCP to pipe: EINVAL
		pipe read: EAGAIN
		TCP to pipe at its end: EINVAL
		over IPv6: the same
	END
	expect until-5.11 'no source but a file before "teach sendfile(2) to handle send-to-pipe directly" (5.12)' <<-'END'
		AF_UNIX to pipe, nothing there: EINVAL
		AF_UNIX to socket: EINVAL
		AF_UNIX to pipe, offset: ESPIPE
		AF_UNIX to pipe: EINVAL
		pipe read: EAGAIN
		AF_UNIX to pipe at its end: EINVAL
		TCP to pipe, nothing there: EINVAL
		TCP to socket: EINVAL
		TCP to pipe, offset: ESPIPE
		TCP to pipe: EINVAL
		pipe read: EAGAIN
		TCP to pipe at its end: EINVAL
		over IPv6: the same
	END
	expect <<-'END'
		AF_UNIX to pipe, nothing there: EAGAIN
		AF_UNIX to socket: EINVAL
		AF_UNIX to pipe, offset: ESPIPE
		AF_UNIX to pipe: 10
		pipe read: 10
		AF_UNIX to pipe at its end: 0
		TCP to pipe, nothing there: EAGAIN
		TCP to socket: EINVAL
		TCP to pipe, offset: ESPIPE
		TCP to pipe: 10
		pipe read: 10
		TCP to pipe at its end: 0
		over IPv6: the same
	END
}

# source: unix(7); udp(7) UDP_CORK; kernel: "splice, net: Use sendmsg(MSG_SPLICE_PAGES) rather than ->sendpage()" (6.5)
@test "sendfile/unix-dgram-records: a file sent to a datagram socket is one record" {
	observe
	expect until-6.4 'a record a page before "splice, net: Use sendmsg(MSG_SPLICE_PAGES) rather than ->sendpage()" (6.5)' <<-'END'
		DGRAM sendfile: 10000
		DGRAM recv: 4096
		DGRAM recv: 4096
		DGRAM recv: 1808
		DGRAM recv: 1
		SEQPACKET sendfile: 10000
		SEQPACKET recv: 4096
		SEQPACKET recv: 4096
		SEQPACKET recv: 1808
		SEQPACKET recv: 1
		UDP sendfile: 10000
		UDP recv: 10000
		UDP recv: 1
		over IPv6 not: UDP recv: 10000
		over IPv6: UDP recv: 4096
		over IPv6 not: UDP recv: 1
		over IPv6: UDP recv: 4096
		over IPv6: UDP recv: 1808
		over IPv6: UDP recv: 1
	END
	expect <<-'END'
		DGRAM sendfile: 10000
		DGRAM recv: 10000
		DGRAM recv: 1
		SEQPACKET sendfile: 10000
		SEQPACKET recv: 10000
		SEQPACKET recv: 1
		UDP sendfile: 10000
		UDP recv: 10000
		UDP recv: 1
		over IPv6: the same
	END
}

# source: sendfile(2); kernel: since 2.6.33
@test "sendfile/file-to-file: into a file sendfile() writes at its position and moves that by the count, also within one file" {
	observe
	expect <<-'END'
		to a file: 2000
		to a file, offset: 7000
		to a file, position of the source: 0
		to a file, position of the target: 5000
		to a file, bytes at 3000: as sent
		to a file, its size: 5000
		to a file, no offset: 4000
		to a file, no offset, position of the source: 10000
		to a file, no offset, position of the target: 5000
		to a file, no offset, bytes at 1000: as sent
		to itself: 3000
		to itself, offset: 3000
		to itself, position of the source: 11000
		to itself, bytes at 8000: as sent
		to itself, bytes at 0: as sent
		to itself, its size: 11000
	END
}

# source: sendfile(2); send(2) MSG_MORE; kernel: "ipv4, ipv6: Use splice_eof() to flush" (6.5)
@test "sendfile/no-tail-delay: a count larger than the file does not hold its last bytes back" {
	observe
	expect until-6.1.71 'held as if more came before "ipv4, ipv6: Use splice_eof() to flush" (6.5, 6.1.72)' <<-'END'
		sendfile of 2000: 2000
		sendfile of 2000, not sent: 0
		sendfile of 2001: 2000
		sendfile of 2001, not sent: 24
		sendfile of 1048576: 2000
		sendfile of 1048576, not sent: 24
		over IPv6: the same
	END
	expect <<-'END'
		sendfile of 2000: 2000
		sendfile of 2000, not sent: 0
		sendfile of 2001: 2000
		sendfile of 2001, not sent: 0
		sendfile of 1048576: 2000
		sendfile of 1048576, not sent: 0
		over IPv6: the same
	END
}

# source: sendfile(2)
@test "sendfile/concurrent-readers: eight senders of one open file at once, and a reader of it, all get the file" {
	observe
	expect <<-'END'
		clients that got the file, of 8: 8
		senders that failed: 0
		reader at the same time: as the file
		over IPv6: the same
	END
}

# source: sendfile(2); do_sendfile() in fs/read_write.c; splice_direct_to_actor() and do_splice_direct() in fs/splice.c
@test "sendfile/route-matrix: files and /dev/zero go to sockets, pipes, files and /dev/null, sockets only to pipes; the rest is EINVAL or EBADF" {
	observe
	expect gvisor "no source but a regular file or block device (Sendfile() in pkg/sentry/syscalls/linux/sys_splice.go)" <<-'END'
		file: 10 to TCP UDP STREAM SEQPACKET DGRAM pipe file /dev/null
		file: EINVAL to O_APPEND eventfd epoll
		file: EBADF to O_RDONLY directory
		/dev/zero: EINVAL to TCP UDP STREAM SEQPACKET DGRAM pipe file /dev/null O_APPEND eventfd epoll
		/dev/zero: EBADF to O_RDONLY directory
		pipe: EINVAL to TCP UDP STREAM SEQPACKET DGRAM pipe file /dev/null O_APPEND eventfd epoll
		pipe: EBADF to O_RDONLY directory
		STREAM: EINVAL to TCP UDP STREAM SEQPACKET DGRAM pipe file /dev/null O_APPEND eventfd epoll
		STREAM: EBADF to O_RDONLY directory
		TCP: EINVAL to TCP UDP STREAM SEQPACKET DGRAM pipe file /dev/null O_APPEND eventfd epoll
		TCP: EBADF to O_RDONLY directory
		directory: EINVAL to TCP UDP STREAM SEQPACKET DGRAM pipe file /dev/null O_APPEND eventfd epoll
		directory: EBADF to O_RDONLY directory
		eventfd: EINVAL to TCP UDP STREAM SEQPACKET DGRAM pipe file /dev/null O_APPEND eventfd epoll
		eventfd: EBADF to O_RDONLY directory
		file at its end: 0 to TCP UDP STREAM SEQPACKET DGRAM pipe file /dev/null epoll
		file at its end: EINVAL to O_APPEND eventfd
		file at its end: EBADF to O_RDONLY directory
		O_WRONLY file: EBADF to TCP UDP STREAM SEQPACKET DGRAM pipe file /dev/null O_APPEND eventfd epoll O_RDONLY directory
		over IPv6: the same
	END
	expect until-5.11 'neither that of /dev/zero (6.7), nor sockets to pipes before "teach sendfile(2) to handle send-to-pipe directly" (5.12)' <<-'END'
		file: 10 to TCP UDP STREAM SEQPACKET DGRAM pipe file /dev/null
		file: EINVAL to O_APPEND eventfd epoll
		file: EBADF to O_RDONLY directory
		/dev/zero: EINVAL to TCP UDP STREAM SEQPACKET DGRAM pipe file /dev/null O_APPEND eventfd epoll
		/dev/zero: EBADF to O_RDONLY directory
		pipe: EINVAL to TCP UDP STREAM SEQPACKET DGRAM pipe file /dev/null O_APPEND eventfd epoll
		pipe: EBADF to O_RDONLY directory
		STREAM: EINVAL to TCP UDP STREAM SEQPACKET DGRAM pipe file /dev/null O_APPEND eventfd epoll
		STREAM: EBADF to O_RDONLY directory
		TCP: EINVAL to TCP UDP STREAM SEQPACKET DGRAM pipe file /dev/null O_APPEND eventfd epoll
		TCP: EBADF to O_RDONLY directory
		directory: EINVAL to TCP UDP STREAM SEQPACKET DGRAM pipe file /dev/null O_APPEND eventfd epoll
		directory: EBADF to O_RDONLY directory
		eventfd: EINVAL to TCP UDP STREAM SEQPACKET DGRAM pipe file /dev/null O_APPEND eventfd epoll
		eventfd: EBADF to O_RDONLY directory
		file at its end: 0 to TCP UDP STREAM SEQPACKET DGRAM pipe file /dev/null eventfd epoll
		file at its end: EINVAL to O_APPEND
		file at its end: EBADF to O_RDONLY directory
		O_WRONLY file: EBADF to TCP UDP STREAM SEQPACKET DGRAM pipe file /dev/null O_APPEND eventfd epoll O_RDONLY directory
		over IPv6: the same
	END
	expect 5.12-6.6 'no splice_read of /dev/zero before "drivers/char/mem: implement splice() for /dev/zero, /dev/full" (6.7)' <<-'END'
		file: 10 to TCP UDP STREAM SEQPACKET DGRAM pipe file /dev/null
		file: EINVAL to O_APPEND eventfd epoll
		file: EBADF to O_RDONLY directory
		/dev/zero: EINVAL to TCP UDP STREAM SEQPACKET DGRAM pipe file /dev/null O_APPEND eventfd epoll
		/dev/zero: EBADF to O_RDONLY directory
		pipe: EINVAL to TCP UDP STREAM SEQPACKET DGRAM pipe file /dev/null O_APPEND eventfd epoll
		pipe: EBADF to O_RDONLY directory
		STREAM: EINVAL to TCP UDP STREAM SEQPACKET DGRAM file /dev/null O_APPEND eventfd epoll
		STREAM: 10 to pipe
		STREAM: EBADF to O_RDONLY directory
		TCP: EINVAL to TCP UDP STREAM SEQPACKET DGRAM file /dev/null O_APPEND eventfd epoll
		TCP: 10 to pipe
		TCP: EBADF to O_RDONLY directory
		directory: EINVAL to TCP UDP STREAM SEQPACKET DGRAM pipe file /dev/null O_APPEND eventfd epoll
		directory: EBADF to O_RDONLY directory
		eventfd: EINVAL to TCP UDP STREAM SEQPACKET DGRAM pipe file /dev/null O_APPEND eventfd epoll
		eventfd: EBADF to O_RDONLY directory
		file at its end: 0 to TCP UDP STREAM SEQPACKET DGRAM pipe file /dev/null eventfd epoll
		file at its end: EINVAL to O_APPEND
		file at its end: EBADF to O_RDONLY directory
		O_WRONLY file: EBADF to TCP UDP STREAM SEQPACKET DGRAM pipe file /dev/null O_APPEND eventfd epoll O_RDONLY directory
		over IPv6: the same
	END
	expect <<-'END'
		file: 10 to TCP UDP STREAM SEQPACKET DGRAM pipe file /dev/null
		file: EINVAL to O_APPEND eventfd epoll
		file: EBADF to O_RDONLY directory
		/dev/zero: 10 to TCP UDP STREAM SEQPACKET DGRAM pipe file /dev/null
		/dev/zero: EINVAL to O_APPEND eventfd epoll
		/dev/zero: EBADF to O_RDONLY directory
		pipe: EINVAL to TCP UDP STREAM SEQPACKET DGRAM pipe file /dev/null O_APPEND eventfd epoll
		pipe: EBADF to O_RDONLY directory
		STREAM: EINVAL to TCP UDP STREAM SEQPACKET DGRAM file /dev/null O_APPEND eventfd epoll
		STREAM: 10 to pipe
		STREAM: EBADF to O_RDONLY directory
		TCP: EINVAL to TCP UDP STREAM SEQPACKET DGRAM file /dev/null O_APPEND eventfd epoll
		TCP: 10 to pipe
		TCP: EBADF to O_RDONLY directory
		directory: EINVAL to TCP UDP STREAM SEQPACKET DGRAM pipe file /dev/null O_APPEND eventfd epoll
		directory: EBADF to O_RDONLY directory
		eventfd: EINVAL to TCP UDP STREAM SEQPACKET DGRAM pipe file /dev/null O_APPEND eventfd epoll
		eventfd: EBADF to O_RDONLY directory
		file at its end: 0 to TCP UDP STREAM SEQPACKET DGRAM pipe file /dev/null eventfd epoll
		file at its end: EINVAL to O_APPEND
		file at its end: EBADF to O_RDONLY directory
		O_WRONLY file: EBADF to TCP UDP STREAM SEQPACKET DGRAM pipe file /dev/null O_APPEND eventfd epoll O_RDONLY directory
		over IPv6: the same
	END
}
