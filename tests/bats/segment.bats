#!/usr/bin/env bats
# segment: which writes leave when, and in segments of what size.

load lib/behaviour

# source: tcp(7) TCP_MAXSEG; RFC 9293 3.7.1; RFC 6691
@test "segment/mss-split: one write leaves in segments of the maximum size that the peer announced, and a rest" {
	observe
	expect gvisor "TCP_MAXSEG always reads 536 (GetSockOptInt in pkg/tcpip/transport/tcp/endpoint.go)" <<-'END'
		client TCP_MAXSEG: 536
		client send: 5000
	END
	expect <<-'END'
		client TCP_MAXSEG: 988
		client send: 5000
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
	END
}

# source: tcp(7) TCP_CORK, TCP_NODELAY; TLPI 61.4
@test "segment/cork-holds-partial: TCP_CORK holds what does not fill a segment, over TCP_NODELAY set before" {
	observe
	expect <<-'END'
		client send: 2500
		client not sent after 2500 bytes: 1052
		client not sent after 30 more: 1082
		client not sent uncorked: 0
		client not sent corked again: 40
		client not sent after setting TCP_NODELAY: 0
	END
}

# source: send(2) MSG_MORE; tcp(7) TCP_NODELAY
@test "segment/more-coalesces-over-nodelay: MSG_MORE holds data until a send without it, over TCP_NODELAY" {
	observe
	expect <<-'END'
		client send with MSG_MORE: 10
		client not sent: 10
		client send with MSG_MORE: 10
		client not sent: 20
		client send of nothing: 0
		client not sent: 20
		client send plain: 10
		client not sent: 0
	END
}
