#!/usr/bin/env bats
# accept: who gets a connection, who is woken for it, and what the new descriptor inherits.
#
# Several processes or threads may wait for the connections of one listening socket. Which of them gets one, and how
# many are woken in vain, depends on the call they wait in. How many woke is counted exactly here, without a sleep and
# without luck: a task that is woken is runnable from that moment on, so whoever is still asleep when the kernel has
# been through the list of those who wait was not woken (`src/lib/crew.h`).

load lib/behaviour

# source: UNP 30.6, 30.11; prepare_to_wait_exclusive() in inet_csk_accept()
@test "accept/blocking-fifo: who waits longest in accept() gets the next connection" {
	observe
	expect <<-'END'
		processes as they were started: 0123
		processes as they came back: 2031
		threads as they were started: 0123
		threads as they came back: 2031
		over IPv6: the same
		processes at AF_UNIX as they were started: 0123
		processes at AF_UNIX as they came back: 2031
		processes at AF_UNIX SEQPACKET as they were started: 0123
		processes at AF_UNIX SEQPACKET as they came back: 2031
	END
}

# source: UNP 30.6 (where all of them wake)
@test "accept/blocking-no-herd: a connection wakes one of those who block in accept(), not all" {
	observe
	expect <<-'END'
		workers accept returned: 12
		workers voluntary switches: 12
		over IPv6: the same
	END
}

# source: select(2); poll(2); UNP 30.6; add_wait_queue() in __pollwait(), fs/select.c
@test "accept/poll-select-herd: a connection wakes all who wait for it in select() or poll()" {
	observe
	expect <<-'END'
		select woken: 4
		select woken: 4
		select woken: 4
		select accepted: 3
		select EAGAIN: 9
		select voluntary switches: 12
		poll woken: 4
		poll woken: 4
		poll woken: 4
		poll accepted: 3
		poll EAGAIN: 9
		poll voluntary switches: 12
		over IPv6: the same
	END
}

# source: epoll_ctl(2) EPOLLEXCLUSIVE
@test "accept/epoll-private-herd: with an epoll of its own each, every worker wakes for one connection" {
	observe
	expect <<-'END'
		level triggered woken: 4
		level triggered woken: 4
		level triggered woken: 4
		level triggered accepted: 3
		level triggered EAGAIN: 9
		edge triggered woken: 4
		edge triggered woken: 4
		edge triggered woken: 4
		edge triggered accepted: 3
		edge triggered EAGAIN: 9
		over IPv6: the same
	END
}

# source: epoll_ctl(2) EPOLLEXCLUSIVE (Linux 4.5, "one or more")
@test "accept/epoll-exclusive-one: with EPOLLEXCLUSIVE a connection wakes one worker of an idle herd" {
	observe
	expect <<-'END'
		workers woken: 1
		workers woken: 1
		workers woken: 1
		workers woken: 1
		workers woken: 1
		workers woken: 1
		workers accepted: 6
		workers EAGAIN: 0
		others voluntary switches: 0
		over IPv6: the same
	END
}

# source: epoll_ctl(2) EPOLLEXCLUSIVE; ep_ptable_queue_proc() and ep_poll_callback() in fs/eventpoll.c
@test "accept/epoll-exclusive-skew: EPOLLEXCLUSIVE prefers the epoll registered first; a burst goes down the list" {
	observe
	expect <<-'END'
		worker 0 spaced connections: 8
		worker 1 spaced connections: 0
		worker 2 spaced connections: 0
		worker 3 spaced connections: 0
		burst woken: 1
		burst woken: 1
		burst woken: 1
		burst woken: 1
		burst woke in this order: 0123
		burst accepted: 4
		over IPv6: the same
	END
}

# source: epoll(7); __add_wait_queue_exclusive() in ep_poll(), ep_send_events() in fs/eventpoll.c
@test "accept/epoll-shared-lifo: of those who wait in one epoll the last to come wakes first; level triggered it wakes the others" {
	observe
	expect <<-'END'
		edge triggered woken by 8 spaced connections: 8
		edge triggered spaced connections went to: 33333333
		edge triggered woken by a burst of 4: 4
		edge triggered burst woke in this order: 3210
		edge triggered EAGAIN: 0
		level triggered woken by one connection: 4
		level triggered accepted: 1
		level triggered EAGAIN: 3
		over IPv6: the same
	END
}

# source: epoll_ctl(2) EPOLLEXCLUSIVE, EINVAL; do_epoll_ctl() in fs/eventpoll.c
@test "accept/epoll-exclusive-einval: EPOLLEXCLUSIVE is set when a descriptor is added, and goes with few other flags" {
	observe
	expect gvisor "EPOLLEXCLUSIVE is not looked at (pkg/sentry/vfs/epoll.go)" <<-'END'
		add with EPOLLEXCLUSIVE: 0
		add with EPOLLEXCLUSIVE EPOLLOUT: 0
		add with EPOLLEXCLUSIVE EPOLLET: 0
		add with EPOLLEXCLUSIVE EPOLLERR EPOLLHUP: 0
		add with EPOLLEXCLUSIVE EPOLLONESHOT: 0
		add with EPOLLEXCLUSIVE EPOLLRDHUP: 0
		add with EPOLLEXCLUSIVE EPOLLPRI: 0
		add with EPOLLEXCLUSIVE an epoll: 0
		add with nothing more an epoll: 0
		take EPOLLEXCLUSIVE by mod: 0
		keep it in a mod: 0
		delete: 0
		set it by mod: 0
		mod without it: 0
		over IPv6: the same
	END
	expect <<-'END'
		add with EPOLLEXCLUSIVE: 0
		add with EPOLLEXCLUSIVE EPOLLOUT: 0
		add with EPOLLEXCLUSIVE EPOLLET: 0
		add with EPOLLEXCLUSIVE EPOLLERR EPOLLHUP: 0
		add with EPOLLEXCLUSIVE EPOLLONESHOT: EINVAL
		add with EPOLLEXCLUSIVE EPOLLRDHUP: EINVAL
		add with EPOLLEXCLUSIVE EPOLLPRI: EINVAL
		add with EPOLLEXCLUSIVE an epoll: EINVAL
		add with nothing more an epoll: 0
		take EPOLLEXCLUSIVE by mod: EINVAL
		keep it in a mod: EINVAL
		delete: 0
		set it by mod: EINVAL
		mod without it: 0
		over IPv6: the same
	END
}

# source: signal(7), signal handling of stop signals; prepare_to_wait_exclusive() in inet_csk_wait_for_connect()
@test "accept/stopped-worker-skipped: a stopped or killed worker gets no connection, and loses none" {
	observe
	expect <<-'END'
		accept accepted with worker 0 stopped: 1212
		accept accepted with worker 0 continued: 1201
		accept accepted with worker 0 killed: 2121
		epoll_wait accepted with worker 0 stopped: 1111
		epoll_wait accepted with worker 0 continued: 0000
		epoll_wait accepted with worker 0 killed: 1111
		over IPv6: the same
	END
}

# source: accept(2) NOTES
@test "accept/fd-flags-not-inherited: a new descriptor has the flags accept4() is given, none of the listener's" {
	observe
	expect <<-'END'
		listener: O_NONBLOCK, O_ASYNC, FD_CLOEXEC
		accept: blocking, no signal, kept on exec
		accept4 0: blocking, no signal, kept on exec
		accept4 SOCK_NONBLOCK: O_NONBLOCK, no signal, kept on exec
		accept4 SOCK_CLOEXEC: blocking, no signal, FD_CLOEXEC
		accept4 both: O_NONBLOCK, no signal, FD_CLOEXEC
		accept4 SOCK_STREAM: EINVAL
		accept4 O_ASYNC: EINVAL
		accept4 MSG_DONTWAIT: EINVAL
		accept4 SOCK_CLOEXEC and more: EINVAL
		accept afterwards: 0
		over IPv6: the same
	END
}

# source: UNP 7.4; socket(7); tcp(7); sk_clone_lock() in net/core/sock.c
@test "accept/socket-options-inherited: a connection has the socket options of its listener, but for SO_PRIORITY and TCP_DEFER_ACCEPT" {
	observe
	expect gvisor "a connection is made from the backlog of segments, not from its listener, and has little of it (createConnectingEndpoint() in pkg/tcpip/transport/tcp/accept.go); some options only read their default (pkg/tcpip/socketops.go)" <<-'END'
		SO_KEEPALIVE: not inherited
		SO_LINGER: not inherited
		SO_RCVBUF: inherited
		SO_SNDBUF: not inherited
		SO_OOBINLINE: cannot be set
		SO_RCVLOWAT: cannot be set
		SO_REUSEADDR: not inherited
		SO_REUSEPORT: not inherited
		SO_RCVTIMEO: not inherited
		SO_SNDTIMEO: not inherited
		SO_ZEROCOPY: cannot be set
		TCP_NODELAY: not inherited
		TCP_CORK: not inherited
		TCP_KEEPIDLE: not inherited
		TCP_KEEPINTVL: not inherited
		TCP_KEEPCNT: not inherited
		TCP_SYNCNT: not inherited
		TCP_LINGER2: not inherited
		TCP_QUICKACK: not inherited
		TCP_USER_TIMEOUT: inherited
		TCP_NOTSENT_LOWAT: cannot be set
		IP_TOS, IPV6_TCLASS: not inherited
		IP_TTL, IPV6_UNICAST_HOPS: not inherited
		SO_PRIORITY: cannot be set
		TCP_DEFER_ACCEPT: not inherited
		TCP_CONGESTION: not inherited
		over IPv6: the same
	END
	expect <<-'END'
		SO_KEEPALIVE: inherited
		SO_LINGER: inherited
		SO_RCVBUF: inherited
		SO_SNDBUF: inherited
		SO_OOBINLINE: inherited
		SO_RCVLOWAT: inherited
		SO_REUSEADDR: inherited
		SO_REUSEPORT: inherited
		SO_RCVTIMEO: inherited
		SO_SNDTIMEO: inherited
		SO_ZEROCOPY: inherited
		TCP_NODELAY: inherited
		TCP_CORK: inherited
		TCP_KEEPIDLE: inherited
		TCP_KEEPINTVL: inherited
		TCP_KEEPCNT: inherited
		TCP_SYNCNT: inherited
		TCP_LINGER2: inherited
		TCP_QUICKACK: inherited
		TCP_USER_TIMEOUT: inherited
		TCP_NOTSENT_LOWAT: inherited
		IP_TOS, IPV6_TCLASS: inherited
		IP_TTL, IPV6_UNICAST_HOPS: inherited
		SO_PRIORITY: not inherited
		TCP_DEFER_ACCEPT: not inherited
		TCP_CONGESTION: inherited
		over IPv6: the same
	END
}

# source: accept(2), addrlen; move_addr_to_user() in net/socket.c
@test "accept/address-truncation: accept() writes as much of the address as there is room for, and tells its whole length" {
	observe
	expect <<-'END'
		room 0: accept: 0
		told: the whole length
		written: nothing
		room 4: accept: 0
		told: the whole length
		written: its beginning
		room of the address less 1: accept: 0
		told: the whole length
		written: its beginning
		room of the address: accept: 0
		told: the whole length
		written: the address
		room 64: accept: 0
		told: the whole length
		written: the address
		over IPv6: the same
	END
}

# source: accept(2) EFAULT, EINVAL; do_accept() in net/socket.c
@test "accept/bad-address-loses-connection: where the address cannot be told the connection is taken from the queue and closed" {
	observe
	expect <<-'END'
		address nowhere: accept: EFAULT
		listener queue: 0
		client recv: 0
		descriptors more: 0
		length nowhere: accept: EFAULT
		listener queue: 0
		client recv: 0
		descriptors more: 0
		length negative: accept: EINVAL
		listener queue: 0
		client recv: 0
		descriptors more: 0
		over IPv6: the same
	END
}

# source: accept(2) EMFILE; TLPI 63.2.2; __sys_accept4_file() in net/socket.c
@test "accept/emfile-keeps-connection: without a free descriptor accept() fails at once, and the connection stays queued" {
	observe
	expect <<-'END'
		accept at the limit: EMFILE
		accept again: EMFILE
		listener poll: IN
		listener queue: 1
		accept below the limit: 0
		server recv: 5
		accept at the limit, queue empty: EMFILE
		over IPv6: the same
	END
}

# source: accept(2), RETURN VALUE; UNP 5.11, 16.6; inet_csk_accept()
@test "accept/rst-before-accept: a connection that was reset while it waited is accepted; the error comes when it is read" {
	observe
	expect <<-'END'
		without data: listener queue: 1
		listener poll: IN
		accept: 0
		address: the client's
		server poll: IN OUT RDHUP ERR HUP
		server getpeername: ENOTCONN
		server recv: ECONNRESET
		server recv: 0
		server recv: 0
		with data: listener queue: 1
		listener poll: IN
		accept: 0
		address: the client's
		server poll: IN OUT RDHUP ERR HUP
		server getpeername: ENOTCONN
		server recv: 5
		server recv: ECONNRESET
		server recv: 0
		over IPv6: the same
	END
}

# source: shutdown(2); close(2); inet_shutdown() and inet_csk_listen_stop()
@test "accept/shutdown-wakes-close-does-not: shutdown() ends another thread's accept(), close() leaves it a listener for one more client" {
	observe
	expect <<-'END'
		shutdown: 0
		thread accept after shutdown: EINVAL
		another accept: EINVAL
		close: 0
		thread accept returned after close: 0
		client connect: 0
		thread accept: 0
		next client connect: ECONNREFUSED
		over IPv6: the same
	END
}

# source: UNP 4.8; execve(2); fork(2)
@test "accept/inherited-listener-keeps-port: a listener that a child has inherited, or leaked through exec, keeps its port" {
	observe
	expect <<-'END'
		inherited: client connect: 0
		bind with SO_REUSEADDR: EADDRINUSE
		client connect afterwards: ECONNREFUSED
		bind afterwards: 0
		leaked through exec: client connect: 0
		bind with SO_REUSEADDR: EADDRINUSE
		client connect afterwards: ECONNREFUSED
		bind afterwards: 0
		FD_CLOEXEC and exec: client connect: ECONNREFUSED
		bind with SO_REUSEADDR: 0
		client connect afterwards: ECONNREFUSED
		bind afterwards: 0
		over IPv6: the same
	END
}

# source: socket(7) SO_REUSEADDR; UNP 7.5; inet_csk_bind_conflict()
@test "accept/rebind-with-live-connections: beside live connections a port is bound again if the old and the new socket have SO_REUSEADDR" {
	observe
	expect <<-'END'
		neither: bind: EADDRINUSE
		connection: ESTABLISHED
		only the old: bind: EADDRINUSE
		connection: ESTABLISHED
		only the new: bind: EADDRINUSE
		connection: ESTABLISHED
		both: bind: 0
		listen: 0
		connection: ESTABLISHED
		over IPv6: the same
	END
}

# source: epoll_ctl(2) EPOLLEXCLUSIVE, EPOLLONESHOT; __wake_up_common() in kernel/sched/wait.c, ep_send_events() in fs/eventpoll.c
@test "accept/wake-matrix: one connection wakes one in accept(), with EPOLLEXCLUSIVE, and in one epoll with EPOLLET or EPOLLONESHOT; else all" {
	observe
	expect <<-'END'
		accept: 1 woken, 1 accepted
		poll: 3 woken, 1 accepted
		an epoll each: 3 woken, 1 accepted
		an epoll each, EPOLLET: 3 woken, 1 accepted
		an epoll each, EPOLLEXCLUSIVE: 1 woken, 1 accepted
		one epoll: 3 woken, 1 accepted
		one epoll, EPOLLET: 1 woken, 1 accepted
		one epoll, EPOLLONESHOT: 1 woken, 1 accepted
		one epoll, EPOLLEXCLUSIVE: 3 woken, 1 accepted
		over IPv6: the same
		at AF_UNIX STREAM: the same
		at AF_UNIX SEQPACKET: the same
		threads at TCP: the same
		threads over IPv6: the same
		threads at AF_UNIX STREAM: the same
		threads at SEQPACKET: the same
	END
}
