#!/usr/bin/env bats
# signal: signals against the calls that wait for descriptors.
#
# A program that waits for descriptors and for signals in one place has to close a gap: a signal that comes after the
# last look at its flag, and before the wait begins, ends nothing. There are two families of cures. Either the signal
# becomes something that does not pass, a readable descriptor (a self-pipe, signalfd), or it is kept blocked and let in
# by the very call that waits (pselect(), ppoll(), epoll_pwait()). `build/bin/selsigrace` shows the race and each cure.
#
# What a program should do: take signalfd or the calls with a mask in new code for Linux, a self-pipe in portable code;
# never a flag and a timeout "so that it looks again", which makes the bug rare and slow in place of visible.

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

# source: select(2) pselect; poll(2) ppoll; epoll_wait(2); ep_poll() in fs/eventpoll.c
@test "signal/zero-timeout-difference: looking once, pselect and ppoll let a pending signal in, epoll_pwait does not" {
	observe
	expect gvisor "who asks for no time is never interrupted (pollBlock() in pkg/sentry/syscalls/linux/sys_poll.go), but a pending signal is delivered on the way out (setTempSignalSet() there)" <<-'END'
		pselect: 0
		handler in pselect: 1
		pending after pselect: 0
		ppoll: 0
		handler in ppoll: 1
		pending after ppoll: 0
		epoll_pwait: 0
		handler in epoll_pwait: 1
		pending after epoll_pwait: 0
	END
	expect <<-'END'
		pselect: EINTR
		handler in pselect: 1
		pending after pselect: 0
		ppoll: EINTR
		handler in ppoll: 1
		pending after ppoll: 0
		epoll_pwait: 0
		handler in epoll_pwait: 0
		pending after epoll_pwait: 1
	END
}

# source: select(2) pselect; restore_saved_sigmask_unless() in include/linux/sched/signal.h
@test "signal/ready-fd-wins: where a descriptor is ready a pending signal waits, again and again" {
	observe
	expect gvisor "a pending signal is delivered on the way out, whatever the call returns (setTempSignalSet() in pkg/sentry/syscalls/linux/sys_poll.go)" <<-'END'
		pselect: 1
		pselect again: 1
		handler in pselect: 1
		pending after pselect: 0
		ppoll: 1
		ppoll again: 1
		handler in ppoll: 1
		pending after ppoll: 0
		epoll_pwait: 1
		epoll_pwait again: 1
		handler in epoll_pwait: 1
		pending after epoll_pwait: 0
	END
	expect <<-'END'
		pselect: 1
		pselect again: 1
		handler in pselect: 0
		pending after pselect: 1
		ppoll: 1
		ppoll again: 1
		handler in ppoll: 0
		pending after ppoll: 1
		epoll_pwait: 1
		epoll_pwait again: 1
		handler in epoll_pwait: 0
		pending after epoll_pwait: 1
	END
}

# source: signal(7) (never restarted); TLPI 21.5
@test "signal/multiplexers-never-restart: select, poll, epoll_wait and their like end with EINTR, SA_RESTART or not" {
	observe
	expect until-5.10 "no epoll_pwait2() before 5.11 (epoll_wait(2))" <<-'END'
		select: EINTR
		pselect: EINTR
		poll: EINTR
		ppoll: EINTR
		epoll_wait: EINTR
		epoll_pwait: EINTR
		epoll_pwait2: ENOSYS
	END
	expect <<-'END'
		select: EINTR
		pselect: EINTR
		poll: EINTR
		ppoll: EINTR
		epoll_wait: EINTR
		epoll_pwait: EINTR
		epoll_pwait2: EINTR
	END
}

# source: signal(7) (restarted with SA_RESTART); sigaction(2)
@test "signal/restart-table: with SA_RESTART socket calls go on after a handler, without it each is EINTR" {
	observe
	expect <<-'END'
		recv: EINTR
		recv, SA_RESTART: goes on, then 1
		send: EINTR
		send, SA_RESTART: goes on, then 1
		accept: EINTR
		accept, SA_RESTART: goes on, then 0
		connect: EINTR
		connect, SA_RESTART: goes on, then 0
		recvmsg: EINTR
		recvmsg, SA_RESTART: goes on, then 1
		recvmmsg: EINTR
		recvmmsg, SA_RESTART: goes on, then 1
		recv, AF_UNIX: EINTR
		recv, AF_UNIX, SA_RESTART: goes on, then 1
		accept, AF_UNIX: EINTR
		accept, AF_UNIX, SA_RESTART: goes on, then 0
		connect, AF_UNIX: EINTR
		connect, AF_UNIX, SA_RESTART: goes on, then 0
	END
}

# source: signal(7) (restarted with SA_RESTART); pipe(7); eventfd(2); timerfd_create(2); inotify(7)
@test "signal/restart-descriptors: with SA_RESTART reading and writing go on after a handler, without it each is EINTR" {
	observe
	expect <<-'END'
		read from a pipe: EINTR
		read from a pipe, SA_RESTART: goes on, then 1
		write to a pipe: EINTR
		write to a pipe, SA_RESTART: goes on, then 1
		splice: EINTR
		splice, SA_RESTART: goes on, then 1
		eventfd: EINTR
		eventfd, SA_RESTART: goes on, then 8
		signalfd: EINTR
		signalfd, SA_RESTART: goes on, then 1
		timerfd: EINTR
		timerfd, SA_RESTART: goes on, then 8
		inotify: EINTR
		inotify, SA_RESTART: goes on, then 1
	END
}

# source: signal(7) (restarted with SA_RESTART); flock(2); fcntl(2) F_OFD_SETLKW; futex(2)
@test "signal/restart-waits: with SA_RESTART waiting for locks and children goes on after a handler, without it it is EINTR" {
	observe
	expect <<-'END'
		flock: EINTR
		flock, SA_RESTART: goes on, then 0
		F_OFD_SETLKW: EINTR
		F_OFD_SETLKW, SA_RESTART: goes on, then 0
		waitpid: EINTR
		waitpid, SA_RESTART: goes on, then 1
		futex: EINTR
		futex, SA_RESTART: goes on, then 0
	END
}

# source: signal(7) (never restarted); socket(7) SO_RCVTIMEO; sock_intr_errno() in include/net/sock.h
@test "signal/socket-timeouts-disable-restart: with a timeout socket calls end with EINTR, SA_RESTART or not" {
	observe
	expect <<-'END'
		recv, timeouts: EINTR
		send, timeouts: EINTR
		accept, timeouts: EINTR
		connect, timeouts: EINTR
		recv, no timeouts: goes on, then 1
		send, no timeouts: goes on, then 1
		accept, no timeouts: goes on, then 0
		connect, no timeouts: goes on, then 0
	END
}

# source: signal(7) (stop signals)
@test "signal/stop-cont-eintr: stopped and continued, some calls end with EINTR although there is no handler" {
	observe
	expect <<-'END'
		epoll_wait: EINTR
		sigtimedwait: EINTR
		semop: EINTR
		read from a pipe: goes on, then 1
		msgrcv: goes on, then 1
		nanosleep: goes on
		select: goes on, then 1
		poll: goes on, then 1
		recv, timeouts: EINTR
		send, timeouts: EINTR
		accept, timeouts: EINTR
		connect, timeouts: EINTR
		recv: goes on, then 1
		send: goes on, then 1
		accept: goes on, then 0
		connect: goes on, then 0
	END
}

# source: recv(2) MSG_WAITALL
@test "signal/waitall-partial: recv with MSG_WAITALL that is interrupted returns what it has got, with SA_RESTART, too" {
	observe
	expect <<-'END'
		recv of 10 after 3: 3
		recv of 10 after 3, SA_RESTART: 3
		recv of 10 after 0: EINTR
		recv of 10 after 0, SA_RESTART: goes on, then 10
	END
}

# source: select(2) (Linux writes the time left); poll_select_finish() in fs/select.c
@test "signal/select-remaining-time: select writes back the time that is left, and on EINTR leaves the sets alone" {
	observe
	expect <<-'END'
		select, nothing ready: 0
		time left: none
		bits set: 0
		select, interrupted: EINTR
		time left: less
		bits set: 2
		pselect6, interrupted: EINTR
		time left: less
		pselect, interrupted: EINTR
		time left: as given
		select, one ready: 1
		time left: less
		bits set: 1
	END
}

# source: select(2); poll(2); restart_syscall(2); do_restart_poll() in fs/select.c
@test "signal/select-stopped-clock: while a process is stopped the time of select stands still, that of poll goes on" {
	observe
	expect gvisor "the time goes on for both (BlockWithTimeout() in pkg/sentry/kernel/task_block.go)" <<-'END'
		poll: 0
		select still sleeps: *
		select: 0
		it took all that was left: 1
	END
	expect <<-'END'
		poll: 0
		select still sleeps: 1
		select: 0
		it took all that was left: 1
	END
}

# source: select(2) (FD_SETSIZE); poll(2) EINVAL; core_sys_select() in fs/select.c; TLPI 63.2.1
@test "signal/select-fd-limits: FD_SETSIZE is no limit of the kernel; a closed descriptor is EBADF there, NVAL in poll" {
	observe
	expect gvisor "each bit that is set must be a descriptor (doSelect() in pkg/sentry/syscalls/linux/sys_poll.go)" <<-'END'
		select of descriptor 3000: 1
		its bit: 1
		select of a bit far beyond the table: EBADF
		its bit: 1
		select with a closed one: EBADF
		poll of -1, 3000 and a closed one: 2
		-1: none
		3000: IN
		the closed one: NVAL
		poll of as many as RLIMIT_NOFILE: 1
		poll of one more: EINVAL
	END
	expect <<-'END'
		select of descriptor 3000: 1
		its bit: 1
		select of a bit far beyond the table: 1
		its bit: 1
		select with a closed one: EBADF
		poll of -1, 3000 and a closed one: 2
		-1: none
		3000: IN
		the closed one: NVAL
		poll of as many as RLIMIT_NOFILE: 1
		poll of one more: EINVAL
	END
}

# source: signalfd(2) (epoll semantics); signalfd_poll() in fs/signalfd.c
@test "signal/signalfd-epoll-after-fork: after fork an inherited epoll set tells a child of no signal, though poll and read do" {
	observe
	expect gvisor "a signalfd is about the thread that made it, for whoever asks (Readiness() in pkg/sentry/fsimpl/signalfd/signalfd.go)" <<-'END'
		parent, own signal, epoll_wait: 1
		parent, own signal, poll: 1
		child, parent's signal, epoll_wait: 1
		child, parent's signal, poll: 1
		child, own signal, epoll_wait: 1
		child, own signal, poll: 1
		child read: 1
		it is the child's: 0
		child epoll_wait on a set of its own: 0
		parent, afterwards, epoll_wait: 0
		parent, afterwards, poll: 0
	END
	expect <<-'END'
		parent, own signal, epoll_wait: 1
		parent, own signal, poll: 1
		child, parent's signal, epoll_wait: 0
		child, parent's signal, poll: 0
		child, own signal, epoll_wait: 0
		child, own signal, poll: 1
		child read: 1
		it is the child's: 1
		child epoll_wait on a set of its own: 1
		parent, afterwards, epoll_wait: 0
		parent, afterwards, poll: 1
	END
}

# source: eventfd(2)
@test "signal/eventfd-counter: an eventfd counts up to 2^64 - 2; read takes all, or 1 with EFD_SEMAPHORE" {
	observe
	expect <<-'END'
		poll: OUT
		read of 0: EAGAIN
		write of 3: 8
		write of 4: 8
		poll: IN OUT
		read: 7
		read again: EAGAIN
		read into 4 bytes: EINVAL
		write of 2^64 - 1: EINVAL
		write of 2^64 - 2: 8
		poll: IN
		write of 1 more: EAGAIN
		write of 0: 8
		read: the most, 18446744073709551614
		EFD_SEMAPHORE of 2, read: 1
		read: 1
		read: EAGAIN
	END
}

# source: fcntl(2) F_SETOWN, F_SETSIG; UNP 25.2
@test "signal/sigio-per-event: with O_ASYNC each arrival and the end of the peer is a SIGIO" {
	observe
	expect gvisor "a socket tells of an arrival only when it had nothing (Enqueue() in pkg/sentry/socket/unix/transport/queue.go), and the signal does not say of what (NotifyEvent() in pkg/sentry/kernel/fasync/fasync.go)" <<-'END'
		no owner, SIGIO at an arrival: 0
		SIGIO at an arrival: 0
		at another, with those before unread: 0
		recv: 3
		SIGIO at recv: 0
		SIGIO blocked at 3 arrivals: 1
		SIGIO at the peer's close: 1
		F_SETSIG, queued at 3 arrivals: 0
		queued at the peer's close: 0
	END
	expect <<-'END'
		no owner, SIGIO at an arrival: 0
		SIGIO at an arrival: 1
		at another, with those before unread: 1
		recv: 3
		SIGIO at recv: 0
		SIGIO blocked at 3 arrivals: 1
		SIGIO at the peer's close: 1
		F_SETSIG, queued at 3 arrivals: 3
		queued at the peer's close: 1
	END
}

# source: socket(7) SO_RCVTIMEO; fcntl(2) O_NONBLOCK; connect(2) EINPROGRESS, EALREADY
@test "signal/timeout-matrix: not to wait, or not any longer, is EAGAIN, and of connect() EINPROGRESS, then EALREADY" {
	observe
	expect <<-'END'
		O_NONBLOCK: TCP recv: EAGAIN
		O_NONBLOCK: AF_UNIX recv: EAGAIN
		O_NONBLOCK: AF_UNIX send: EAGAIN
		O_NONBLOCK: accept: EAGAIN
		O_NONBLOCK: connect: EINPROGRESS
		its state: SYN_SENT
		O_NONBLOCK: connect again: EALREADY
		MSG_DONTWAIT: TCP recv: EAGAIN
		MSG_DONTWAIT: AF_UNIX recv: EAGAIN
		MSG_DONTWAIT: AF_UNIX send: EAGAIN
		a timeout: TCP recv: EAGAIN
		a timeout: AF_UNIX recv: EAGAIN
		a timeout: AF_UNIX send: EAGAIN
		a timeout: accept: EAGAIN
		a timeout: connect: EINPROGRESS
		its state: SYN_SENT
		a timeout: connect again: EALREADY
		over IPv6: the same
	END
}

# source: signal(7) (interruption of system calls; process-directed and thread-directed); complete_signal() in kernel/signal.c
@test "signal/restart-matrix: a handler ends or restarts calls of the thread that runs it; those of other threads sleep on" {
	observe
	expect <<-'END'
		the only thread's: EINTR in recv send accept connect sendmsg read poll epoll_wait
		the only thread's, SA_RESTART: goes on in recv send accept connect sendmsg read
		the only thread's, SA_RESTART: EINTR in poll epoll_wait
		the only thread's, timeouts: EINTR in recv send accept connect sendmsg read poll epoll_wait
		the only thread's, SA_RESTART, timeouts: EINTR in recv send accept connect sendmsg poll epoll_wait
		the only thread's, SA_RESTART, timeouts: goes on in read
		the caller's: EINTR in recv send accept connect sendmsg read poll epoll_wait
		the caller's, SA_RESTART: goes on in recv send accept connect sendmsg read
		the caller's, SA_RESTART: EINTR in poll epoll_wait
		the caller's, timeouts: EINTR in recv send accept connect sendmsg read poll epoll_wait
		the caller's, SA_RESTART, timeouts: EINTR in recv send accept connect sendmsg poll epoll_wait
		the caller's, SA_RESTART, timeouts: goes on in read
		the process's: sleeps on in recv send accept connect sendmsg read poll epoll_wait
		the process's, SA_RESTART: sleeps on in recv send accept connect sendmsg read poll epoll_wait
		the process's, timeouts: sleeps on in recv send accept connect sendmsg read poll epoll_wait
		the process's, SA_RESTART, timeouts: sleeps on in recv send accept connect sendmsg read poll epoll_wait
		another thread's: sleeps on in recv send accept connect sendmsg read poll epoll_wait
		another thread's, SA_RESTART: sleeps on in recv send accept connect sendmsg read poll epoll_wait
		another thread's, timeouts: sleeps on in recv send accept connect sendmsg read poll epoll_wait
		another thread's, SA_RESTART, timeouts: sleeps on in recv send accept connect sendmsg read poll epoll_wait
		over IPv6: the same
	END
}
