#!/usr/bin/env bats
# accept: who gets a connection, who is woken for it, and what the new descriptor inherits.

load lib/behaviour

# source: UNP 30.6, 30.11; prepare_to_wait_exclusive() in inet_csk_accept()
@test "accept/blocking-fifo: who waits longest in accept() gets the next connection" {
	observe
	expect gvisor "a connection wakes all who wait, and whoever runs first has it (Notify() in pkg/waiter/waiter.go)" <<-'END'
		processes as they were started: *
		processes as they came back: *
		processes at AF_UNIX as they were started: *
		processes at AF_UNIX as they came back: *
		threads as they were started: *
		threads as they came back: *
	END
	expect <<-'END'
		processes as they were started: 0123
		processes as they came back: 2031
		processes at AF_UNIX as they were started: 0123
		processes at AF_UNIX as they came back: 2031
		threads as they were started: 0123
		threads as they came back: 2031
	END
}

# source: UNP 30.6 (where all of them wake)
@test "accept/blocking-no-herd: a connection wakes one of those who block in accept(), not all" {
	observe
	expect <<-'END'
		workers accept returned: 12
		workers voluntary switches: 12
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
	END
}
