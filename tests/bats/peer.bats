#!/usr/bin/env bats
# peer: what the kernel answers to segments that no other kernel would send it.
#
# Here one end of the connection is made by hand (src/lib/peer.h): it repeats what it likes, forgets what it should
# know, guesses numbers as an attacker would, and never answers in time. The claims are about the numbers in TCP's
# header, so the facts are segments, as they stand in tests/pcap/README.md: flags, bytes, seq, ack.

load lib/behaviour

# source: RFC 5961 3.2; RFC 9293 3.10.7.4; tcp_validate_incoming(), tcp_reset_check() in net/ipv4/tcp_input.c
@test "peer/rst-in-window: a RST counts only at the number expected next; near it draws an ACK, outside nothing" {
	# Mended in 7.2, 6.12.105 and 6.1.191, and between 7.1.3 and 7.1.7. 6.18.44 is right, 6.18.15 is not.
	local fix='tcp: challenge ACK for non-exact RST in SYN-RECEIVED'
	fault until-6.1.190 "$fix"
	fault 6.2-6.12.104 "$fix"
	fault 6.13-7.1.6 "$fix"
	observe
	expect <<-'END'
		SYN_RECV, RST before the window draws: nothing
		SYN_RECV, RST beyond the window draws: nothing
		SYN_RECV, RST in the window draws: . 0 seq 1 ack 1
		SYN_RECV, exact RST draws: nothing
		SYN_RECV, ACK after it draws: R 0 seq 1
		ESTABLISHED, RST before the window draws: nothing
		ESTABLISHED, RST beyond the window draws: nothing
		ESTABLISHED, RST in the window draws: . 0 seq 1 ack 1
		ESTABLISHED, exact RST draws: nothing
		ESTABLISHED, ACK after it draws: R 0 seq 1
		FIN_WAIT1, RST before the window draws: nothing
		FIN_WAIT1, RST beyond the window draws: nothing
		FIN_WAIT1, RST in the window draws: . 0 seq 2 ack 1
		FIN_WAIT1, exact RST draws: nothing
		FIN_WAIT1, ACK after it draws: R 0 seq 2
		FIN_WAIT2, RST before the window draws: nothing
		FIN_WAIT2, RST beyond the window draws: nothing
		FIN_WAIT2, RST in the window draws: . 0 seq 2 ack 1
		FIN_WAIT2, exact RST draws: nothing
		FIN_WAIT2, ACK after it draws: R 0 seq 2
		CLOSE_WAIT, RST before the window draws: nothing
		CLOSE_WAIT, RST beyond the window draws: nothing
		CLOSE_WAIT, RST in the window draws: . 0 seq 1 ack 2
		CLOSE_WAIT, exact RST draws: nothing
		CLOSE_WAIT, ACK after it draws: R 0 seq 1
		CLOSE_WAIT, RST at the FIN draws: nothing
		CLOSE_WAIT, ACK after it draws: R 0 seq 1
		over IPv6: the same
	END
}

# source: RFC 5961 4.2; RFC 9293 3.10.7.4; tcp_validate_incoming() in net/ipv4/tcp_input.c
@test "peer/syn-in-window: a SYN on an established connection draws an ACK, whatever its number, and changes nothing" {
	observe
	expect <<-'END'
		SYN at the next byte draws: . 0 seq 1 ack 1
		SYN in the window draws: . 0 seq 1 ack 1
		SYN beyond the window draws: . 0 seq 1 ack 1
		the first SYN again draws: . 0 seq 1 ack 1
		SYN with ACK draws: . 0 seq 1 ack 1
		kernel TCPSYNChallenge: 5
		kernel state: ESTABLISHED
		kernel recv: 5
		over IPv6: the same
	END
}

# source: RFC 5961 5.2; RFC 9293 3.10.7.4; tcp_ack(), tcp_rcv_established() in net/ipv4/tcp_input.c
@test "peer/ack-unsent: an ACK of what was never sent, or from long ago, draws an ACK; data with it is refused" {
	# Mended in 7.1, 7.0.10 and 6.18.33 (their reviews of 2026-05-20); not in 6.12.117 and what is older.
	local fix='tcp: send a challenge ACK on SEG.ACK > SND.NXT'
	fault until-6.18.32 "$fix"
	fault 6.19-7.0.9 "$fix"
	observe
	expect <<-'END'
		ACK of what was never sent draws: . 0 seq 6 ack 1
		data with such an ACK draws: . 0 seq 6 ack 1
		kernel recv: EAGAIN
		data with an ancient ACK draws: . 0 seq 6 ack 1
		kernel recv: EAGAIN
		data with an old ACK draws: . 0 seq 6 ack 6
		kernel recv: 5
		data with a good ACK draws: . 0 seq 6 ack 11
		kernel recv: 5
		over IPv6: the same
	END
}

# source: RFC 5961 5.2; tcp_rcv_established() in net/ipv4/tcp_input.c
@test "peer/ack-ancient-predicted: data with an ancient ACK is refused also where its header is just what was expected" {
	# Mended in 7.3, 7.2.8, 6.12.112 and 6.1.189; not in 5.10.262 and 6.18.44, the newest tried of theirs.
	local fix='tcp: exclude old ACKs from tcp fast path'
	fault until-6.1.188 "$fix"
	fault 6.2-6.12.111 "$fix"
	fault 6.13-7.2.7 "$fix"
	observe
	expect <<-'END'
		data with a good ACK draws: . 0 seq 1 ack 6
		data with an ancient ACK and another window draws: . 0 seq 1 ack 6
		data with an ancient ACK, as predicted, draws: . 0 seq 1 ack 6
		kernel recv: 5
		over IPv6: the same
	END
}

# source: RFC 2525 2.17; RFC 1122 4.2.2.13; __tcp_close() in net/ipv4/tcp.c
@test "peer/duplicate-data-then-close: old data that comes again with a FIN is not unread data: close() sends FIN" {
	# As close/fin-with-old-data-no-rst, where it is told which bounds are derived.
	local fix='tcp: fix __tcp_close() to only send RST when required'
	fault until-5.10.245 "$fix"
	fault 5.11-5.15.194 "$fix"
	fault 5.16-6.1.155 "$fix"
	fault 6.2-6.6.111 "$fix"
	fault 6.7-6.12.52 "$fix"
	fault 6.13-6.17.2 "$fix"
	observe
	expect <<-'END'
		old data and FIN draw: . 0 seq 1 ack 7
		server state: CLOSE_WAIT
		close draws: F. 0 seq 1 ack 7
		kernel TCPAbortOnClose: 0
		over IPv6: the same
	END
}

# source: RFC 9293 3.5 figure 7; tcp_rcv_synsent_state_process() in net/ipv4/tcp_input.c
@test "peer/simultaneous-open: two SYNs that cross make one connection" {
	# Mended in 6.11, 6.10.10 and 6.1.110; not in 5.10.262. 6.6.51 and 5.15.167, of the same day, are derived.
	local fix="tcp: Don't drop SYN+ACK for simultaneous connect()."
	fault until-5.15.166 "$fix"
	fault 5.16-6.1.109 "$fix"
	fault 6.2-6.6.50 "$fix"
	fault 6.7-6.10.9 "$fix"
	observe
	expect <<-'END'
		kernel connect: EINPROGRESS
		kernel sends: S 0 seq 0
		SYN that crosses draws: S. 0 seq 0 ack 1
		kernel state: SYN_RECV
		SYN again, with ACK, draws: . 0 seq 1 ack 1
		kernel state: ESTABLISHED
		kernel send: 5
		kernel sends: . 5 seq 1 ack 1
		kernel recv: 5
		over IPv6: the same
	END
}

# source: RFC 9293 3.10.7.4; tcp_sequence(), tcp_data_queue() in net/ipv4/tcp_input.c
@test "peer/fin-at-zero-window: with the window full a FIN that is next in order is taken, a byte is not" {
	# Mended in 6.10 alone; broken again by "tcp: do not accept packets beyond window" (6.17), mended again in
	# 7.0, 6.19.6 and 6.18.16 (their reviews of 2026-02-28); 6.18.15 is wrong.
	fault until-6.9 'tcp: accept bare FIN packets under memory pressure'
	fault 6.17-6.18.15 'tcp: re-enable acceptance of FIN packets when RWIN is 0'
	fault 6.19-6.19.5 'tcp: re-enable acceptance of FIN packets when RWIN is 0'
	observe
	expect <<-'END'
		data that fills the window draws: . 0 seq 1 ack 1153 win 0
		a byte more draws: . 0 seq 1 ack 1153 win 0
		FIN draws: . 0 seq 1 ack 1154 win 0
		server state: CLOSE_WAIT
		server recv beyond the window: 0
		server recv again: 0
		over IPv6: the same
	END
}

# source: RFC 9293 3.10.7.4; tcp_rcv_state_process() in net/ipv4/tcp_input.c
@test "peer/fin-with-old-ack: in FIN_WAIT1 a FIN with an older ACK leads to CLOSING and is acknowledged" {
	# Mended in 6.9 and 6.1.167; not in 5.10.262. Of 5.15 and 6.6 nothing could be tried: where is not known.
	fault until-6.1.166 'net: tcp: accept old ack during closing'
	fault 6.2-6.8 'net: tcp: accept old ack during closing'
	observe
	expect <<-'END'
		kernel sends: F. 0 seq 6 ack 1
		FIN with an old ACK draws: . 0 seq 7 ack 2
		kernel state: CLOSING
		ACK of the kernel's FIN draws: nothing
		kernel state: CLOSE
		over IPv6: the same
	END
}

# source: RFC 7323 4.3, 5.3; tcp_replace_ts_recent(), tcp_paws_discard() in net/ipv4/tcp_input.c
@test "peer/timestamps: the timestamp of the last segment in order is echoed; what is older is refused with an ACK" {
	observe
	expect <<-'END'
		data at 200 draws: . 0 seq 1 ack 6 ecr 200
		after a pure ACK at 300 the kernel sends: . 5 seq 1 ack 6 ecr 300
		data at 400 that leaves a gap draws: . 0 seq 6 ack 6 ecr 310
		data at 500 beyond the window draws: . 0 seq 6 ack 6 ecr 310
		data at 350 that fills the gap draws: . 0 seq 6 ack 16 ecr 350
		old data at 360 draws: . 0 seq 6 ack 16 ecr 350
		kernel recv: 15
		data at 340 that is next draws: . 0 seq 6 ack 16 ecr 350
		kernel recv: EAGAIN
		kernel PAWSEstab: 1
		kernel recv after RST at 340: ECONNRESET
		over IPv6: the same
	END
}

# source: RFC 6298 5.5; tcp(7) tcp_retries2; tcp_retransmit_timer() in net/ipv4/tcp_timer.c
@test "peer/retransmission: what is not acknowledged is sent again, after twice the time each time, until a RST comes" {
	observe
	expect <<-'END'
		kernel sends: . 5 seq 1 ack 1
		again: . 5 seq 1 ack 1
		after, at least 190 ms: yes
		again: . 5 seq 1 ack 1
		after, at least 590 ms: yes
		again: . 5 seq 1 ack 1
		after, at least 1390 ms: yes
		kernel timeouts since, at least 3: yes
		kernel timeout doubled with each: yes
		kernel recv after RST: ECONNRESET
		kernel state: CLOSE
		over IPv6: the same
	END
}

# source: RFC 8985 7; ip-sysctl.rst tcp_early_retrans; tcp_send_loss_probe() in net/ipv4/tcp_output.c
@test "peer/tail-loss-probe: without an answer the last segment is sent again first, long before the timeout" {
	observe
	expect <<-'END'
		kernel sends: . 100 seq 1 ack 1
		kernel sends: . 100 seq 101 ack 1
		kernel sends: . 100 seq 201 ack 1
		the probe: . 100 seq 201 ack 1
		then: . 100 seq 1 ack 1
		kernel TCPLossProbes: 1
		kernel TCPTimeouts: 0
		ACK of everything draws: nothing
		over IPv6: the same
	END
}

# source: RFC 2018 5.1; RFC 8985 6; tcp_rack_detect_loss() in net/ipv4/tcp_recovery.c
@test "peer/sack-holes: told by SACK what has arrived, the kernel repeats exactly what has not" {
	observe
	expect <<-'END'
		holes at 1 and 301: kernel sends: . 100 seq 1 ack 1
		then: . 100 seq 301 ack 1
		then: nothing
		ACK of everything draws: nothing
		kernel RetransSegs: 2
		all acknowledged: 1
		over IPv6: the same
	END
}

# source: tcp(7) TCP_USER_TIMEOUT; RFC 5482 3; tcp_probe_timer() in net/ipv4/tcp_timer.c
@test "peer/user-timeout: TCP_USER_TIMEOUT ends a connection to a dead peer, and one whose window stays shut" {
	observe
	expect <<-'END'
		full window, at least 2590 ms: yes
		probes answered, at least 2: yes
		recv from the full one: ETIMEDOUT
		recv from the dead one: ETIMEDOUT
		no answer, at least 2590 ms: yes
		the full one is told: nothing
		the dead one is told: nothing
		its next segment draws: R 0 seq 6
		over IPv6: the same
	END
}

# source: RFC 9293 3.8.5; RFC 6093 6; __tcp_transmit_skb() in net/ipv4/tcp_output.c; tcp_gso_segment() in tcp_offload.c
@test "peer/urgent-retransmit: however many segments are sent again at once, each points at the same urgent byte" {
	# Mended in 7.2, 6.12.110 and 6.1.188; not in 5.10.262 (but in what was to be 5.10.270) and 6.18.44.
	local fix='tcp: fix corruption of urgent data on multi-segment retransmit'
	fault until-6.1.187 "$fix"
	fault 6.2-6.12.109 "$fix"
	fault 6.13-7.1 "$fix"
	observe
	expect <<-'END'
		before there is anything urgent: . 100 seq 1 ack 1
		before there is anything urgent: . 100 seq 101 ack 1
		before there is anything urgent: . 100 seq 201 ack 1
		before there is anything urgent: . 100 seq 301 ack 1
		the urgent byte: .U 1 seq 401 ack 1 urg 1
		after it: . 100 seq 402 ack 1
		after it: . 100 seq 502 ack 1
		after it: . 100 seq 602 ack 1
		sent again: .U 100 seq 1 ack 1 urg 401
		sent again: .U 100 seq 101 ack 1 urg 301
		sent again: .U 100 seq 201 ack 1 urg 201
		then: .U 100 seq 301 ack 1 urg 101
		then: .U 1 seq 401 ack 1 urg 1
		ACK of everything draws: nothing
		over IPv6: the same
	END
}
