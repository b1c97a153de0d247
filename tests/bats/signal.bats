#!/usr/bin/env bats
# signal: signals against the calls that wait for descriptors.

load lib/behaviour

# source: select(2) (pselect; the self-pipe technique); UNP 5.9, 6.9; TLPI 63.5; cr.yp.to/docs/selfpipe.html
@test "signal/select-race-is-real: a signal handled just before select() does not end it; a self-pipe does" {
	observe
	expect <<-'END'
		handler before select: 1
		select with a timeout: 0
		select time left: 0
		select interrupted: EINTR
		handler during select: 1
		select with a self-pipe: 1
	END
}

# source: select(2) pselect; poll(2) ppoll; epoll_wait(2) epoll_pwait; UNP 20.5
@test "signal/atomic-mask-calls: pselect, ppoll and epoll_pwait let a pending signal in and end with EINTR" {
	observe
	expect <<-'END'
		pending before pselect: 1
		pselect: EINTR
		handler in pselect: 1
		blocked after pselect: 1
		pending after pselect: 0
		pending before ppoll: 1
		ppoll: EINTR
		handler in ppoll: 1
		blocked after ppoll: 1
		pending after ppoll: 0
		pending before epoll_pwait: 1
		epoll_pwait: EINTR
		handler in epoll_pwait: 1
		blocked after epoll_pwait: 1
		pending after epoll_pwait: 0
	END
}

# source: signalfd(2); signal(7) (queueing of signals); waitpid(2); UNP 5.10; TLPI 22.11
@test "signal/signalfd-coalescing: three pending signals are one record, three dead children one SIGCHLD" {
	observe
	expect gvisor "a read() gets one record, and a part of it where there is less room (Read() in pkg/sentry/fsimpl/signalfd/signalfd.go)" <<-'END'
		read with nothing pending: EAGAIN
		read into a short buffer: 127
		records of 3 SIGUSR2: EAGAIN
		read again: EAGAIN
		records of 3 SIGCHLD: 1
		read again: EAGAIN
		children reaped by a loop: 3
		records of 3 SIGRTMIN: 1
	END
	expect <<-'END'
		read with nothing pending: EAGAIN
		read into a short buffer: EINVAL
		records of 3 SIGUSR2: 1
		read again: EAGAIN
		records of 3 SIGCHLD: 1
		read again: EAGAIN
		children reaped by a loop: 3
		records of 3 SIGRTMIN: 3
	END
}
