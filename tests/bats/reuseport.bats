#!/usr/bin/env bats
# reuseport: several listeners on one port, and which of them gets a connection.
#
# With `SO_REUSEPORT`, set on each of them before `bind()`, several sockets listen on one address and port, each with a
# queue of its own. The kernel chooses when the handshake begins; afterwards the connection belongs to that queue.

load lib/behaviour

# source: socket(7) SO_REUSEPORT; reuseport_select_sock()
@test "reuseport/distribution-and-stickiness: listeners of one port share by a hash; the same addresses and ports reach the same one" {
	observe
	expect <<-'END'
		members accepted: 400
		members without any: 0
		chi-square below 60: yes
		returning clients sent elsewhere: 0
		over IPv6: the same
	END
}

# source: socket(7) SO_REUSEPORT, SO_REUSEADDR; inet_csk_bind_conflict() in net/ipv4/inet_connection_sock.c, inet_rcv_saddr_equal() in udp_lib_lport_inuse()
@test "reuseport/bind-rules: a port is shared where all have SO_REUSEPORT; SO_REUSEADDR shares it for UDP only" {
	observe
	expect gvisor "what a socket allows is noted when it is bound (portFlags in pkg/tcpip/transport/tcp/endpoint.go)" <<-'END'
		TCP without: second bind: EADDRINUSE
		TCP SO_REUSEPORT on the first: second bind: EADDRINUSE
		TCP SO_REUSEPORT on the second: second bind: EADDRINUSE
		TCP SO_REUSEPORT and SO_REUSEADDR: second bind: EADDRINUSE
		TCP SO_REUSEADDR on both: second bind: EADDRINUSE
		TCP SO_REUSEPORT on both: second bind: 0
		UDP without: second bind: EADDRINUSE
		UDP SO_REUSEPORT on the first: second bind: EADDRINUSE
		UDP SO_REUSEPORT on the second: second bind: EADDRINUSE
		UDP SO_REUSEPORT and SO_REUSEADDR: second bind: EADDRINUSE
		UDP SO_REUSEADDR on both: second bind: 0
		UDP SO_REUSEPORT on both: second bind: 0
		TCP set late on the first: second bind: EADDRINUSE
		over IPv6: the same
	END
	expect <<-'END'
		TCP without: second bind: EADDRINUSE
		TCP SO_REUSEPORT on the first: second bind: EADDRINUSE
		TCP SO_REUSEPORT on the second: second bind: EADDRINUSE
		TCP SO_REUSEPORT and SO_REUSEADDR: second bind: EADDRINUSE
		TCP SO_REUSEADDR on both: second bind: EADDRINUSE
		TCP SO_REUSEPORT on both: second bind: 0
		UDP without: second bind: EADDRINUSE
		UDP SO_REUSEPORT on the first: second bind: EADDRINUSE
		UDP SO_REUSEPORT on the second: second bind: EADDRINUSE
		UDP SO_REUSEPORT and SO_REUSEADDR: second bind: EADDRINUSE
		UDP SO_REUSEADDR on both: second bind: 0
		UDP SO_REUSEPORT on both: second bind: 0
		TCP set late on the first: second bind: 0
		over IPv6: the same
	END
}

# source: socket(7) SO_REUSEPORT; uid_eq() in inet_csk_bind_conflict() and udp_lib_lport_inuse()
@test "reuseport/other-user-refused: sockets of another effective user cannot join a port" {
	observe
	expect gvisor "ports know nothing of users (pkg/tcpip/ports/ports.go)" <<-'END'
		TCP one user: second bind: 0
		TCP another user: second bind: 0
		TCP the other way round: second bind: 0
		UDP one user: second bind: 0
		UDP another user: second bind: 0
		UDP the other way round: second bind: 0
		over IPv6: the same
	END
	expect <<-'END'
		TCP one user: second bind: 0
		TCP another user: second bind: EADDRINUSE
		TCP the other way round: second bind: EADDRINUSE
		UDP one user: second bind: 0
		UDP another user: second bind: EADDRINUSE
		UDP the other way round: second bind: EADDRINUSE
		over IPv6: the same
	END
}

# source: socket(7) SO_ATTACH_REUSEPORT_CBPF (Linux 4.5); run_bpf_filter() in net/core/sock_reuseport.c
@test "reuseport/cbpf-selects: a filter chooses the listener by its index, unprivileged; an index that there is not leaves it to the hash" {
	observe
	expect <<-'END'
		member 0 steered to, of 5 clients: 5
		member 1 steered to, of 5 clients: 5
		member 2 steered to, of 5 clients: 5
		member 3 steered to, of 5 clients: 5
		index out of range, clients served: 40
		all of them by one member: no
		over IPv6: the same
	END
}

# source: socket(7) SO_REUSEPORT; reuseport_select_sock() in net/core/sock_reuseport.c
@test "reuseport/hung-member: a listener that nobody serves keeps getting its share, until its queue is full and SYNs are dropped" {
	observe
	expect <<-'END'
		hung member queue: 3
		its client: ESTABLISHED
		its client recv: EAGAIN
		its client: ESTABLISHED
		its client recv: EAGAIN
		its client: ESTABLISHED
		its client recv: EAGAIN
		next client of its share: SYN_SENT
		idle member queue: 0
		idle member served others: yes
		over IPv6: the same
	END
}

# source: Documentation/networking/ip-sysctl.rst, tcp_migrate_req; inet_csk_listen_stop() in net/ipv4/inet_connection_sock.c
@test "reuseport/close-resets-own-queue: close() of one listener resets the connections in its queue, though another one has room" {
	observe
	expect <<-'END'
		close of member 0: 0
		client 1 recv: ECONNRESET
		client 2 recv: ECONNRESET
		kernel OutRsts: 2
		member 1 queue: 1
		client 3 recv: 5
		client 3 recv: 0
		over IPv6: the same
	END
}

# source: Documentation/networking/ip-sysctl.rst, tcp_migrate_req (Linux 5.14); reuseport_migrate_sock() in net/core/sock_reuseport.c
@test "reuseport/migrate-on-close: with tcp_migrate_req=1 the queue of a listener that is closed or shut down goes to another one" {
	observe
	expect until-5.13 'queues migrate from 5.14 on (ip-sysctl.rst); the last ones of 5.10 have the setting only' <<-'END'
		close of member 0: 0
		kernel TCPMigrateReqSuccess: not counted
		member 1 queue: 0
		member 1 accept: EAGAIN
		member 1 accept: EAGAIN
		client 1 recv: ECONNRESET
		client 2 recv: ECONNRESET
		shutdown of member 0: 0
		kernel TCPMigrateReqSuccess: not counted
		member 1 queue: 0
		member 1 accept: EAGAIN
		member 1 accept: EAGAIN
		client 1 recv: ECONNRESET
		client 2 recv: ECONNRESET
		over IPv6: the same
	END
	expect <<-'END'
		close of member 0: 0
		kernel TCPMigrateReqSuccess: 2
		member 1 queue: 2
		member 1 accept: 0
		server recv: 5
		member 1 accept: 0
		server recv: 5
		client 1 recv: 0
		client 2 recv: 0
		shutdown of member 0: 0
		kernel TCPMigrateReqSuccess: 2
		member 1 queue: 2
		member 1 accept: 0
		server recv: 5
		member 1 accept: 0
		server recv: 5
		client 1 recv: 0
		client 2 recv: 0
		over IPv6: the same
	END
}

# source: Documentation/networking/ip-sysctl.rst, tcp_migrate_req; inet_csk_listen_stop() in net/ipv4/inet_connection_sock.c
@test "reuseport/migration-wakes: who waits for the listener that inherits connections is woken for them" {
	observe
	# 6.1.175 and 6.12.86 are in Debian's changelogs, 7.0.4 was tried; 5.15.209, 6.6.138 and 6.18.27 are derived.
	local fix='tcp: call sk_data_ready() after listener migration'
	fault 5.14-5.15.208 "$fix"
	fault 5.16-6.1.174 "$fix"
	fault 6.2-6.6.137 "$fix"
	fault 6.7-6.12.85 "$fix"
	fault 6.13-6.18.26 "$fix"
	fault 6.19-7.0.3 "$fix"
	expect until-5.13 'queues migrate from 5.14 on (ip-sysctl.rst); the last ones of 5.10 have the setting only' <<-'END'
		accept woken: no
		accept: 1
		poll woken: no
		poll: 1
		epoll_wait woken: no
		epoll_wait: 1
		epoll_wait edge triggered woken: no
		epoll_wait edge triggered: 1
		over IPv6: the same
	END
	expect <<-'END'
		accept woken: yes
		accept: 1
		poll woken: yes
		poll: 1
		epoll_wait woken: yes
		epoll_wait: 1
		epoll_wait edge triggered woken: yes
		epoll_wait edge triggered: 1
		over IPv6: the same
	END
}

# source: bind(2) EADDRINUSE; ip(7); udp_lib_get_port() in net/ipv4/udp.c
@test "reuseport/udp-wildcard-conflict: a UDP port that is bound at any number of addresses cannot be bound at the wildcard" {
	observe
	# 6.1.168 and 6.12.80 are in Debian's changelogs, 5.10.262 is not mended, 6.19.11 was tried; 6.6.131 and
	# 6.18.21 are derived.
	local fix='udp: Fix wildcard bind conflict check when using hash2'
	fault until-6.1.167 "$fix"
	fault 6.2-6.6.130 "$fix"
	fault 6.7-6.12.79 "$fix"
	fault 6.13-6.18.20 "$fix"
	fault 6.19-6.19.10 "$fix"
	expect <<-'END'
		3 addresses: bind of the wildcard: EADDRINUSE
		3 addresses: bind of [::] for both: EADDRINUSE
		3 addresses: bind of the other family's wildcard: 0
		12 addresses: bind of the wildcard: EADDRINUSE
		12 addresses: bind of [::] for both: EADDRINUSE
		12 addresses: bind of the other family's wildcard: 0
		over IPv6: the same
	END
}

# source: socket(7) SO_REUSEPORT; ipv6(7) IPV6_V6ONLY; inet_csk_bind_conflict() in net/ipv4/inet_connection_sock.c
@test "reuseport/bind-matrix: without SO_REUSEPORT addresses that overlap refuse each other, with it on both none does" {
	observe
	expect <<-'END'
		without: 0.0.0.0 refuses 0.0.0.0, 127.0.0.1, 127.0.0.2, dual ::
		without: 127.0.0.1 refuses 0.0.0.0, 127.0.0.1, dual ::
		without: 127.0.0.2 refuses 0.0.0.0, 127.0.0.2, dual ::
		without: v6only :: refuses v6only ::, dual ::, ::1
		without: dual :: refuses 0.0.0.0, 127.0.0.1, 127.0.0.2, v6only ::, dual ::, ::1
		without: ::1 refuses v6only ::, dual ::, ::1
		SO_REUSEPORT on both: 0.0.0.0 refuses nobody
		SO_REUSEPORT on both: 127.0.0.1 refuses nobody
		SO_REUSEPORT on both: 127.0.0.2 refuses nobody
		SO_REUSEPORT on both: v6only :: refuses nobody
		SO_REUSEPORT on both: dual :: refuses nobody
		SO_REUSEPORT on both: ::1 refuses nobody
		UDP: the same
	END
}

# source: socket(7) SO_INCOMING_CPU, SO_ATTACH_REUSEPORT_CBPF; inet_lookup_reuseport() and compute_score() in net/ipv4/inet_hashtables.c
@test "reuseport/incoming-cpu: a filter or SO_INCOMING_CPU gives each connection to the listener of the CPU that handled its SYN" {
	# Mended in 6.2, 6.1.2 and 6.0.16; not in 5.10.262. Of 5.15 nothing could be tried.
	fault until-6.1.1 'soreuseport: Fix socket selection for SO_INCOMING_CPU.'
	observe
	expect <<-'END'
		by a filter: all at the listener of the CPU
		their SO_INCOMING_CPU: all that CPU
		by SO_INCOMING_CPU: all at the listener of the CPU
		their SO_INCOMING_CPU: all that CPU
		over IPv6: the same
	END
}
