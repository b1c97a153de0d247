#!/usr/bin/env bats
# sendfile: a file to a socket without passing through the process.

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
	END
}

# source: sendfile(2) (EAGAIN; fewer bytes than requested)
@test "sendfile/nonblock-short: a full non-blocking socket takes a prefix, the offset tells where to go on, then EAGAIN" {
	observe
	expect <<-'END'
		server sendfile: 1..4194303
		offset beyond that: 0
		server sendfile: EAGAIN
		offset beyond that: 0
		position: 0
		client recv to the end: as the file
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
		TCP_CORK, not sent after the file: 1152
		TCP_CORK, not sent after uncorking: 0
		client recv: as the file
	END
}

# source: sendfile(2); kernel: "teach sendfile(2) to handle send-to-pipe directly" (5.12)
@test "sendfile/socket-to-pipe: a socket is a source for sendfile() if the target is a pipe, and only then" {
	observe
	expect until-5.11 'no source but a file before "teach sendfile(2) to handle send-to-pipe directly" (5.12)' <<-'END'
		socket to socket: EINVAL
		socket to pipe: EINVAL
		pipe read: EAGAIN
		socket to pipe at its end: EINVAL
	END
	expect gvisor 'no source but a file (Sendfile() in pkg/sentry/syscalls/linux/sys_splice.go)' <<-'END'
		socket to socket: EINVAL
		socket to pipe: EINVAL
		pipe read: EAGAIN
		socket to pipe at its end: EINVAL
	END
	expect <<-'END'
		socket to socket: EINVAL
		socket to pipe: 10
		pipe read: 10
		socket to pipe at its end: 0
	END
}

# source: unix(7); kernel: "splice, net: Use sendmsg(MSG_SPLICE_PAGES) rather than ->sendpage()" (6.5)
@test "sendfile/unix-dgram-records: a file sent to a datagram socket is one record" {
	observe
	expect until-6.4 'a record a page before "splice, net: Use sendmsg(MSG_SPLICE_PAGES) rather than ->sendpage()" (6.5)' <<-'END'
		sendfile: 10000
		peer recv: 4096
		peer recv: 4096
		peer recv: 1808
		peer recv: EAGAIN
	END
	expect <<-'END'
		sendfile: 10000
		peer recv: 10000
		peer recv: EAGAIN
	END
}
