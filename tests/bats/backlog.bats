#!/usr/bin/env bats
# backlog: how many connections wait to be accepted, and what becomes of the next one.

load lib/behaviour

# source: listen(2); tcp_conn_request() in net/ipv4/tcp_input.c; UNP 4.5
@test "backlog/n-plus-one: listen(n) queues n + 1 connections; the next SYN is dropped, counted and not answered" {
	observe
	expect <<-'END'
		client 1 connect: 0
		client 2 connect: 0
		client 3 connect: 0
		listener queue: 3
		listener limit: 2
		client 4 connect: EINPROGRESS
		kernel ListenOverflows: 1
		kernel ListenDrops: 1
		client 4 state: SYN_SENT
		listener queue after accept: 2
		client 5 connect: 0
		listener queue: 3
	END
}
