#!/usr/bin/env bats
# timeout: how long a kernel tries where nobody answers, and who may shorten it.
#
# TCP was made to survive a broken wire, so by default it gives up late or never: connect() after two minutes, unacknowledged
# data after a quarter of an hour, silence not at all. Each has its own setting, and TCP_USER_TIMEOUT rules them all.
# waits: for the kernel's timers, seconds a test

load lib/behaviour

# source: tcp(7) TCP_KEEPIDLE, TCP_KEEPINTVL, TCP_KEEPCNT; RFC 9293 3.8.4; UNP 7.5
@test "timeout/keepalive-dead-peer: TCP_KEEPCNT probes without an answer end a connection with RST and ETIMEDOUT" {
	observe
	expect <<-'END'
		client recv: ETIMEDOUT
		client recv, at least 2900 ms: yes
		client recv again: 0
		client send: EPIPE
		kernel TCPKeepAlive: 2
		kernel OutRsts: 1
		server state: ESTABLISHED
		over IPv6: the same
	END
}

# source: socket(7) SO_KEEPALIVE; RFC 9293 3.8.4; UNP 7.5
@test "timeout/keepalive-live-peer: the peer's kernel answers each probe, and the process there sees none" {
	observe
	expect <<-'END'
		client, two probes answered: yes
		client state: ESTABLISHED
		client segments with data: 0
		server poll: 0
		server poll after data: 1
		over IPv6: the same
	END
}

# source: tcp(7) TCP_USER_TIMEOUT; RFC 5482; tcp_keepalive_timer() in net/ipv4/tcp_timer.c
@test "timeout/keepalive-user-timeout-overrides: TCP_USER_TIMEOUT takes the place of TCP_KEEPCNT, and unacknowledged data that of probes" {
	observe
	expect <<-'END'
		1 probe, no user timeout, client recv: ETIMEDOUT
		10 probes, user timeout 1500 ms, client recv: ETIMEDOUT
		10 probes, user timeout 1500 ms, at least 1400 ms: yes
		1 probe, user timeout 30000 ms, client state after 2: ESTABLISHED
		1 probe, data not acknowledged, client state: ESTABLISHED
		its probes: 0
		over IPv6: the same
	END
}

# source: tcp(7) TCP_USER_TIMEOUT; RFC 5482; tcp_write_timeout() in net/ipv4/tcp_timer.c
@test "timeout/user-unacked-data: data not acknowledged for TCP_USER_TIMEOUT ends a connection with ETIMEDOUT and no RST" {
	observe
	expect <<-'END'
		client send: 10
		client recv: ETIMEDOUT
		client recv, at least 1200 ms: yes
		client recv again: 0
		client send: EPIPE
		client repeated its data: 2
		kernel TCPAbortOnTimeout: 1
		kernel OutRsts: 0
		server state: ESTABLISHED
		over IPv6: the same
	END
}

# source: tcp(7) TCP_USER_TIMEOUT; tcp_probe_timer() in net/ipv4/tcp_timer.c
@test "timeout/user-zero-window: a window closed for TCP_USER_TIMEOUT ends a connection though each probe is answered" {
	observe
	expect <<-'END'
		window: 0
		window: 0
		with TCP_USER_TIMEOUT, client recv: ETIMEDOUT
		client recv, at least 1400 ms: yes
		kernel TCPAbortOnTimeout: 1
		kernel OutRsts: 0
		probes answered: yes
		without it, client state: ESTABLISHED
		over IPv6: the same
	END
}

# source: tcp(7) TCP_SYNCNT; ip-sysctl.rst tcp_syn_linear_timeouts
@test "timeout/syn-syncnt-and-user-timeout: TCP_SYNCNT 1 and 2 end connect() after 3 s and 7 s" {
	observe
	expect until-6.4 'no tcp_syn_linear_timeouts: each pause is twice the one before (ip-sysctl.rst)' <<-'END'
		client connect: EINPROGRESS
		client connect: EINPROGRESS
		TCP_SYNCNT 1, at least 2900 ms: yes
		client SO_ERROR: ETIMEDOUT
		client SYNs: 2
		TCP_SYNCNT 2, at least 6900 ms: yes
		client SO_ERROR: ETIMEDOUT
		client SYNs: 3
		over IPv6: the same
	END
	expect <<-'END'
		client connect: EINPROGRESS
		client connect: EINPROGRESS
		TCP_SYNCNT 1, at least 2900 ms: yes
		client SO_ERROR: ETIMEDOUT
		client SYNs: 3
		TCP_SYNCNT 2, at least 6900 ms: yes
		client SO_ERROR: ETIMEDOUT
		client SYNs: 6
		over IPv6: the same
	END
}

# source: tcp(7) TCP_USER_TIMEOUT; tcp_clamp_rto_to_user_timeout() in net/ipv4/tcp_timer.c
@test "timeout/syn-user-timeout: TCP_USER_TIMEOUT ends connect() when it says, whatever TCP_SYNCNT is" {
	observe
	expect <<-'END'
		client connect: ETIMEDOUT
		TCP_USER_TIMEOUT 1500 ms, at least 1400 ms: yes
		over IPv6: the same
	END
}

# source: ip-sysctl.rst tcp_syn_linear_timeouts; RFC 6298 5.5
@test "timeout/syn-linear-timeouts-off: with tcp_syn_linear_timeouts 0 each pause between SYNs is twice the one before" {
	needs sysctl net.ipv4.tcp_syn_linear_timeouts
	observe
	expect <<-'END'
		client connect: EINPROGRESS
		client connect, at least 2900 ms: yes
		client SO_ERROR: ETIMEDOUT
		client SYNs: 2
		over IPv6: the same
	END
}
