#!/usr/bin/env bats
# epoll: whom an event wakes, when it comes again, and what is registered.
#
# An epoll is a list of open files to watch and a list of those that are ready. What it promises depends on how it was
# asked: level triggered it tells what there is, edge triggered what happens. Several may wait in one epoll, several
# epolls may watch one file; [accept](accept.md) has what that means for a listener.

load lib/behaviour

# source: epoll(7); __add_wait_queue_exclusive() in ep_poll(), ep_send_events() in fs/eventpoll.c; tools/testing/selftests/filesystems/epoll
@test "epoll/many-waiters: level triggered an event wakes all who wait in the epoll, with EPOLLET or EPOLLONESHOT one; nothing is lost" {
	observe
	expect <<-'END'
		level: 3 woken, 1 read it
		EPOLLET: 1 woken, 1 read it
		EPOLLONESHOT: 1 woken, 1 read it
		EPOLLEXCLUSIVE: 3 woken, 1 read it
		level in level: 3 woken, 1 read it
		EPOLLET in level: 3 woken, 1 read it
		level in EPOLLET: 1 woken, 1 read it
		EPOLLET in EPOLLET: 1 woken, 1 read it
		level in own epolls: 3 woken, 1 read it
		EPOLLET in own epolls: 3 woken, 1 read it
		EPOLLEXCLUSIVE in own epolls: 1 woken, 1 read it
		over IPv6: the same
		with a pipe: the same
		with an eventfd: the same
	END
}

# source: epoll(7), Level-triggered and edge-triggered; TLPI 63.4.6
@test "epoll/edge-retrigger: an edge-triggered event comes once for each arrival, and again after EPOLL_CTL_MOD" {
	observe
	expect gvisor "no RDHUP (pkg/waiter/waiter.go)" <<-'END'
		registered: OUT
		again: no event
		5 bytes arrived: IN OUT
		again: no event
		2 of them read: no event
		5 more arrived: IN OUT
		again: no event
		modified, 8 unread: IN OUT
		again: no event
		modified, all read: OUT
		again: no event
		reset: IN OUT ERR HUP
		again: no event
		modified: IN OUT ERR HUP
		again: no event
		over IPv6: the same
	END
	expect <<-'END'
		registered: OUT
		again: no event
		5 bytes arrived: IN OUT
		again: no event
		2 of them read: no event
		5 more arrived: IN OUT
		again: no event
		modified, 8 unread: IN OUT
		again: no event
		modified, all read: OUT
		again: no event
		reset: IN OUT RDHUP ERR HUP
		again: no event
		modified: IN OUT RDHUP ERR HUP
		again: no event
		over IPv6: the same
	END
}

# source: epoll(7), Questions and answers, 6; TLPI 63.4.4; ep_remove() and eventpoll_release() in fs/eventpoll.c
@test "epoll/closed-listener-ghost: a closed descriptor is reported while a copy of it is open, and cannot be taken off" {
	observe
	expect <<-'END'
		delete the closed number: EBADF
		delete the copy's number: ENOENT
		event: IN under the closed number
		event again: IN under the closed number
		delete the number of another file: ENOENT
		event after that: IN under the closed number
		delete the old file and number: 0
		event after that: none
		event of another ghost: IN under the closed number
		event after the last close: none
		over IPv6: the same
	END
}

# source: epoll_wait(2), epoll_pwait2() (Linux 5.11)
@test "epoll/pwait2: epoll_pwait2() waits for half a millisecond, neither not at all nor for a whole one" {
	observe
	expect gvisor "the time is not checked (EpollPwait2() in pkg/sentry/syscalls/linux/sys_epoll.go)" <<-'END'
		no event, timeout 0: 0
		half a millisecond rounded down: no
		always rounded up: *
		timeout -1 ns: 1
		timeout 1000000000 ns: 1
		timeout -1 s: 1
		event, no timeout: 1
		event, timeout 1000 s: 1
	END
	expect <<-'END'
		no event, timeout 0: 0
		half a millisecond rounded down: no
		always rounded up: no
		timeout -1 ns: EINVAL
		timeout 1000000000 ns: EINVAL
		timeout -1 s: EINVAL
		event, no timeout: 1
		event, timeout 1000 s: 1
	END
}

# source: select(2); poll(2); epoll(7); tcp_poll() in net/ipv4/tcp.c
@test "epoll/readiness-matrix: select, poll and epoll in all its ways agree on what is readable and writable" {
	observe
	expect <<-'END'
		idle: OUT
		data: IN OUT
		data and FIN: IN OUT
		FIN: IN OUT
		both shut: IN OUT
		both shut, 0 was read: IN OUT
		reset: IN OUT
		reset, error taken: IN OUT
		over IPv6: the same
		AF_UNIX STREAM: the same
		AF_UNIX SEQPACKET: the same
	END
}
