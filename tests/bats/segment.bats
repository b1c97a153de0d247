#!/usr/bin/env bats
# segment: which writes leave when, and in segments of what size; what is acknowledged when; how a reader slows a writer.
#
# TCP is a stream: nothing promises that one write is one segment, or that one segment is one read. What the kernel does with small
# and large writes is nevertheless exactly determined, and worth knowing, since a segment too many costs a round trip.
# `build/bin/cork` shows it on your machine; the tests show it on the wire. Every picture here was captured with MTU 1500 and
# without segmentation offload; with offload a capture on the sending machine shows what was handed to the device, which may be
# 64 KiB in one piece.

load lib/behaviour

# source: tcp(7) TCP_MAXSEG; RFC 9293 3.7.1; RFC 6691
@test "segment/mss-split: one write leaves in segments of the maximum size that the peer announced, and a rest" {
	observe
	expect gvisor "TCP_MAXSEG always reads 536 (GetSockOptInt in pkg/tcpip/transport/tcp/endpoint.go)" <<-'END'
		client TCP_MAXSEG: 536
		client send: 5000
		over IPv6: the same
	END
	expect <<-'END'
		client TCP_MAXSEG: 988
		client send: 5000
		over IPv6: the same
	END
}

# source: RFC 896; RFC 9293 3.7.4; UNP 7.9
@test "segment/nagle-second-small-write-held: a small write waits for the ACK of the one before, unless TCP_NODELAY" {
	observe
	expect <<-'END'
		Nagle, client send: 10
		Nagle, client send: 10
		Nagle, client send: 10
		Nagle, client not sent: 20
		TCP_NODELAY, client send: 10
		TCP_NODELAY, client send: 10
		TCP_NODELAY, client send: 10
		TCP_NODELAY, client not sent: 0
		over IPv6: the same
	END
}

# source: RFC 1122 4.2.3.4; tcp_nagle_check() in net/ipv4/tcp_output.c
@test "segment/nagle-full-segment-exempt: a full segment waits for nothing, and a small one only for another small one" {
	observe
	expect <<-'END'
		small first, client not sent after 10: 0
		small first, client not sent after 988: 0
		small first, client not sent after 10: 10
		full first, client not sent after 988: 0
		full first, client not sent after 10: 0
		full first, client not sent after 10: 10
		over IPv6: the same
	END
}

# source: tcp(7) TCP_NODELAY, TCP_CORK; __tcp_sock_set_nodelay() in net/ipv4/tcp.c
@test "segment/nagle-flushed-by: what waits leaves with FIN or when TCP_NODELAY is set, not when a cork is put in and taken out" {
	observe
	expect <<-'END'
		client not sent: 10
		client shutdown: 0
		client not sent: 0
		server recv at the end: 0
		client not sent: 10
		client close: 0
		server recv at the end: 0
		client not sent: 10
		client not sent after TCP_NODELAY: 0
		client not sent: 10
		client not sent after TCP_CORK on and off: 10
		over IPv6: the same
	END
}

# source: UNP 7.9; RFC 1122 4.2.3.2, 4.2.3.4; tcp(7) TCP_QUICKACK
@test "segment/nagle-write-write-read-stall: a request in two writes waits 40 ms for a delayed ACK; four ways out" {
	observe
	expect <<-'END'
		two writes, request, at least 10 ms: yes
		two writes, an ACK by timer: yes
		two writes, TCP_NODELAY, client not sent: 0
		one write, client not sent: 0
		writev, client not sent: 0
		two writes, TCP_QUICKACK, ACKs by timer before the second: 0
		two writes, TCP_QUICKACK, client not sent: 0
		over IPv6: the same
	END
}

# source: tcp(7) TCP_CORK, TCP_NODELAY; TLPI 61.4
@test "segment/cork-holds-partial: TCP_CORK holds what does not fill a segment, over TCP_NODELAY set before, for 200 ms" {
	observe
	expect <<-'END'
		40 bytes that nobody uncorks, held, at least 100 ms: yes
		client send: 2500
		client not sent after 2500 bytes: 524
		client not sent after 30 more: 554
		client not sent uncorked: 0
		client not sent corked again: 40
		client not sent after setting TCP_NODELAY: 0
		over IPv6: the same
	END
}

# source: tcp(7) TCP_CORK; send(2) MSG_MORE; tcp_send_fin() in net/ipv4/tcp_output.c
@test "segment/cork-close-carries-fin: what TCP_CORK or MSG_MORE holds leaves in one segment with the FIN" {
	observe
	expect <<-'END'
		TCP_CORK, client not sent: 10
		client close: 0
		server recv at the end: 0
		TCP_CORK, client not sent: 10
		client shutdown: 0
		client not sent: 0
		server recv at the end: 0
		MSG_MORE, client not sent: 10
		client close: 0
		server recv at the end: 0
		MSG_MORE, client not sent: 10
		client shutdown: 0
		client not sent: 0
		server recv at the end: 0
		over IPv6: the same
	END
}

# source: send(2) MSG_MORE; tcp(7) TCP_NODELAY
@test "segment/more-coalesces-over-nodelay: MSG_MORE holds data until a send without it, over TCP_NODELAY, for 200 ms" {
	observe
	expect <<-'END'
		10 bytes that nothing follows, held, at least 100 ms: yes
		client send with MSG_MORE: 10
		client not sent: 10
		client send with MSG_MORE: 10
		client not sent: 20
		client send of nothing: 0
		client not sent: 20
		client send plain: 10
		client not sent: 0
		over IPv6: the same
	END
}

# source: writev(2); UNP 7.9
@test "segment/writev-is-one-segment: what writev() or sendmsg() gathers is one segment, TCP_NODELAY or not" {
	observe
	expect <<-'END'
		client writev: 30
		client sendmsg: 30
		client send: 10
		client send: 10
		client send: 10
		over IPv6: the same
	END
}

# source: sendfile(2); tcp_sendmsg_locked() in net/ipv4/tcp.c
@test "segment/sendfile-boundaries: the last segment of each sendfile() ends with it; all others are full" {
	observe
	expect <<-'END'
		client sendfile: 1300
		client sendfile: 1200
		client sendfile: 20000
		over IPv6: the same
	END
}

# source: RFC 1122 4.2.3.2; RFC 9293 3.8.6.3; tcp(7) TCP_QUICKACK
@test "segment/ack-delayed-40ms: an ACK comes at once on a new connection, and 40 ms later where answers are usual" {
	observe
	expect <<-'END'
		new, server TCP_QUICKACK: 1
		new, ACKs by timer: 0
		after exchanges, server TCP_QUICKACK: 0
		after exchanges, ACK, at least 10 ms: yes
		after exchanges, ACKs by timer: 1
		over IPv6: the same
	END
}

# source: RFC 1122 4.2.3.2; RFC 9293 3.8.6.3
@test "segment/ack-rides-on-reply: an answer in time carries the ACK: one segment, not two" {
	observe
	expect <<-'END'
		server segments, answer and ACK: 1
		client's bytes not acknowledged: 0
		over IPv6: the same
	END
}

# source: tcp(7) TCP_QUICKACK
@test "segment/ack-quickack-not-sticky: TCP_QUICKACK 1 ends the delay of ACKs until the socket has answered a few times" {
	observe
	expect <<-'END'
		server TCP_QUICKACK, set to 0: 0
		server TCP_QUICKACK, set to 1: 1
		ACKs by timer: 0
		server TCP_QUICKACK, after exchanges: 0
		ACK, at least 10 ms: yes
		ACKs by timer: 1
		over IPv6: the same
	END
}

# source: RFC 9293 3.8.6.1; tcp_send_probe0() in net/ipv4/tcp_output.c
@test "segment/window-zero-window-probe: a receiver that does not read closes the window, and probes ask at growing intervals whether it has opened" {
	observe
	expect <<-'END'
		window: 988
		window after 988 bytes: 0
		client poll: OUT
		client poll, its buffer full: none
		three probes answered, at least 1200 ms: yes
		window then: 0
		client segments with data: 2
		over IPv6: the same
	END
}

# source: RFC 9293 3.8.6.2.2; tcp_cleanup_rbuf() in net/ipv4/tcp.c
@test "segment/window-update-on-read: reading half of a full buffer opens the window at once, reading less does not" {
	observe
	expect until-6.5 'a fixed share of the buffer was window, later as much as the segments received had of their memory (tcp: get rid of sysctl_tcp_adv_win_scale, 6.6)' <<-'END'
		window: 1428
		window after 1428 bytes: 0
		window after recv of 700: 0
		window after recv of 714: 714
		segments that told so: 1
		window after 714 bytes more: 0
		over IPv6: the same
	END
	expect <<-'END'
		window: 1428
		window after 1428 bytes: 0
		window after recv of 700: 0
		window after recv of 714: 714
		segments that told so: 1
		window after 714 bytes more: 714
		over IPv6: the same
	END
}

# source: socket(7) SO_RCVLOWAT; tcp_poll() in net/ipv4/tcp.c, unix_poll() in net/unix/af_unix.c
@test "segment/lowat-readiness: below SO_RCVLOWAT poll(), select() and epoll are silent on TCP, recv() is not; Unix sockets ignore it" {
	observe
	expect gvisor "SO_RCVLOWAT is taken, and does nothing (GetRcvlowat() in pkg/tcpip/socketops.go)" <<-'END'
		5 bytes, poll: 1
		5 bytes, select: 1
		5 bytes, epoll_wait: 1
		5 bytes, recv: 5
		10 bytes, poll: 1
		10 bytes, select: 1
		10 bytes, epoll_wait: 1
		5 bytes and the end, poll: 1
		5 bytes and the end, select: 1
		5 bytes and the end, epoll_wait: 1
		over IPv6: the same
		Unix STREAM, 5 bytes, SO_RCVLOWAT: 1
		Unix STREAM, 5 bytes, poll: 1
		Unix STREAM, 5 bytes, select: 1
		Unix STREAM, 5 bytes, epoll_wait: 1
		Unix SEQPACKET, 5 bytes, SO_RCVLOWAT: 1
		Unix SEQPACKET, 5 bytes, poll: 1
		Unix SEQPACKET, 5 bytes, select: 1
		Unix SEQPACKET, 5 bytes, epoll_wait: 1
		Unix DGRAM, 5 bytes, SO_RCVLOWAT: 1
		Unix DGRAM, 5 bytes, poll: 1
		Unix DGRAM, 5 bytes, select: 1
		Unix DGRAM, 5 bytes, epoll_wait: 1
	END
	expect <<-'END'
		5 bytes, poll: 0
		5 bytes, select: 0
		5 bytes, epoll_wait: 0
		5 bytes, recv: 5
		10 bytes, poll: 1
		10 bytes, select: 1
		10 bytes, epoll_wait: 1
		5 bytes and the end, poll: 1
		5 bytes and the end, select: 1
		5 bytes and the end, epoll_wait: 1
		over IPv6: the same
		Unix STREAM, 5 bytes, SO_RCVLOWAT: 10
		Unix STREAM, 5 bytes, poll: 1
		Unix STREAM, 5 bytes, select: 1
		Unix STREAM, 5 bytes, epoll_wait: 1
		Unix SEQPACKET, 5 bytes, SO_RCVLOWAT: 10
		Unix SEQPACKET, 5 bytes, poll: 1
		Unix SEQPACKET, 5 bytes, select: 1
		Unix SEQPACKET, 5 bytes, epoll_wait: 1
		Unix DGRAM, 5 bytes, SO_RCVLOWAT: 10
		Unix DGRAM, 5 bytes, poll: 1
		Unix DGRAM, 5 bytes, select: 1
		Unix DGRAM, 5 bytes, epoll_wait: 1
	END
}

# source: socket(7) SO_RCVLOWAT; tcp_data_ready() in net/ipv4/tcp_input.c
@test "segment/lowat-blocking-recv-stall: recv() that begins below SO_RCVLOWAT sleeps until as many new bytes have come" {
	observe
	expect gvisor "SO_RCVLOWAT is taken, and does nothing (GetRcvlowat() in pkg/tcpip/socketops.go)" <<-'END'
		recv of 5 below SO_RCVLOWAT: returns
		over IPv6: the same
	END
	expect <<-'END'
		recv of 5 below SO_RCVLOWAT: blocks
		recv woken by 5 more: no
		recv after 10 new ones: 15
		over IPv6: the same
	END
}

# source: ip-sysctl.rst tcp_notsent_lowat; __tcp_stream_memory_free() in include/net/tcp.h
@test "segment/lowat-notsent: poll() says writable below half of TCP_NOTSENT_LOWAT, send() takes more" {
	observe
	expect <<-'END'
		client send of 9880: 9880
		client not sent: 0
		client poll: OUT
		client send of 4999: 4999
		client not sent: 4999
		client poll: OUT
		client send of 1: 1
		client not sent: 5000
		client poll: none
		client send of 4999: 4999
		client not sent: 9999
		client poll: none
		client send, at last: EAGAIN
		client not sent, 10000 or more: yes
		fewer than 64 KiB more: yes
		over IPv6: the same
	END
}

# source: tcp(7); UNP 24.2; RFC 6093; RFC 9293 3.8.5
@test "segment/oob-tcp-urgent: urgent data raises SIGURG and PRI once, recv() stops at its mark and MSG_OOB reads one byte" {
	observe
	expect <<-'END'
		client send with MSG_OOB: 3
		server SIGURG: 1
		server poll: IN PRI
		server select, exceptional: 1
		server SIOCATMARK: 0
		server recv: abcd
		server SIOCATMARK: 1
		server recv with MSG_OOB: e
		server recv with MSG_OOB again: EINVAL
		server recv: fg
		server SIOCATMARK: 0
		client send with MSG_OOB: 3
		server SIGURG: 1
		SO_OOBINLINE, server recv with MSG_OOB: EINVAL
		server recv: abcd
		server SIOCATMARK: 1
		server recv: e
		over IPv6: the same
	END
}
