#!/usr/bin/env bats
# serve: what every design of a server must do, and what the kernel does for each.
#
# Two kinds of scenes. Some are probes of what the kernel does around a design: a parent's copy, a
# killed worker, a lock, an edge. The others drive the real servers of src/, all through the same
# protocol; their own part is a program beside the probes, in misc/serve/, which can be run by hand
# against any server: start `build/bin/serv-epoll -p 2000`, then `build/misc/serve/echo-integrity
# 127.0.0.1 2000 125 8`.

load lib/behaviour

# A scene drives real servers; its own part stands where probes stand, in misc/serve/.

prefork_even_split() {
	serve serv-prefork -n 5
	"$BUILD/misc/serve/prefork-even-split" paced "$PORT" "$SERVER"
	stop_server
	serve serv-prefork -n 5
	"$BUILD/misc/serve/prefork-even-split" loaded "$PORT" "$SERVER"
	stop_server
	printf '%s\n' "${STATS[@]}"
}

# source: UNP 30.6
@test "serve/prefork-even-split: idle children take turns; under load each connection goes to who is free, once" {
	observe prefork_even_split
	expect gvisor "a connection wakes all who wait, and whoever runs first has it (Notify() in pkg/waiter/waiter.go)" <<-'END'
		paced order: *
		loaded connections: 255
		loaded answered: 255
		child 0: 21..86
		child 1: 21..86
		child 2: 21..86
		child 3: 21..86
		child 4: 21..86
		connections: 255
	END
	expect <<-'END'
		paced order: 01234 01234 01234
		loaded connections: 255
		loaded answered: 255
		child 0: 21..86
		child 1: 21..86
		child 2: 21..86
		child 3: 21..86
		child 4: 21..86
		connections: 255
	END
}

echo_integrity() {
	local name replies reply text client
	printf -v text '%.0s0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWX\n' {1..50}
	for name in "${SERVERS[@]}"; do
		serve "$name"
		read -r replies < <("$BUILD/misc/serve/echo-integrity" 127.0.0.1 "$PORT" 125 8)
		reply=$(socat -t 60 - "TCP4:127.0.0.1:$PORT" <<<3000)
		[[ $reply == "${text:0:3000}" ]] || reply=wrong
		mapfile -t client < <(client -p "$PORT" -c 2 -t 25)
		stop_server
		printf '%s: %s, socat %s, client %s good %s bad, %s\n' "$name" "$replies" \
			"${#reply}" "${client[0]#*: }" "${client[2]#*: }" "${STATS[-1]}"
		serve "$name" -i ::1
		read -r replies < <("$BUILD/misc/serve/echo-integrity" ::1 "$PORT" 12 8)
		stop_server
		printf '%s over IPv6: %s, %s\n' "$name" "$replies" "${STATS[-1]}"
	done
}

# source: UNP 3.9, 30; TLPI 61.1
@test "serve/echo-integrity: every server answers 1,000 requests of 125 clients at once, and any client, byte by byte, over IPv4 and IPv6" {
	observe echo_integrity
	expect <<-'END'
		serv-epoll: lines 256, ahead 248, halves 248, bytes 248, socat 3000, client 50 good 0 bad, connections: 176
		serv-epoll over IPv6: lines 24, ahead 24, halves 24, bytes 24, connections: 12
		serv-epoll-edge: lines 256, ahead 248, halves 248, bytes 248, socat 3000, client 50 good 0 bad, connections: 176
		serv-epoll-edge over IPv6: lines 24, ahead 24, halves 24, bytes 24, connections: 12
		serv-fork: lines 256, ahead 248, halves 248, bytes 248, socat 3000, client 50 good 0 bad, connections: 176
		serv-fork over IPv6: lines 24, ahead 24, halves 24, bytes 24, connections: 12
		serv-iterative: lines 256, ahead 248, halves 248, bytes 248, socat 3000, client 50 good 0 bad, connections: 176
		serv-iterative over IPv6: lines 24, ahead 24, halves 24, bytes 24, connections: 12
		serv-poll: lines 256, ahead 248, halves 248, bytes 248, socat 3000, client 50 good 0 bad, connections: 176
		serv-poll over IPv6: lines 24, ahead 24, halves 24, bytes 24, connections: 12
		serv-prefork: lines 256, ahead 248, halves 248, bytes 248, socat 3000, client 50 good 0 bad, connections: 176
		serv-prefork over IPv6: lines 24, ahead 24, halves 24, bytes 24, connections: 12
		serv-prefork-pass: lines 256, ahead 248, halves 248, bytes 248, socat 3000, client 50 good 0 bad, connections: 176
		serv-prefork-pass over IPv6: lines 24, ahead 24, halves 24, bytes 24, connections: 12
		serv-prethread: lines 256, ahead 248, halves 248, bytes 248, socat 3000, client 50 good 0 bad, connections: 176
		serv-prethread over IPv6: lines 24, ahead 24, halves 24, bytes 24, connections: 12
		serv-reuseport: lines 256, ahead 248, halves 248, bytes 248, socat 3000, client 50 good 0 bad, connections: 176
		serv-reuseport over IPv6: lines 24, ahead 24, halves 24, bytes 24, connections: 12
		serv-select: lines 256, ahead 248, halves 248, bytes 248, socat 3000, client 50 good 0 bad, connections: 176
		serv-select over IPv6: lines 24, ahead 24, halves 24, bytes 24, connections: 12
		serv-thread: lines 256, ahead 248, halves 248, bytes 248, socat 3000, client 50 good 0 bad, connections: 176
		serv-thread over IPv6: lines 24, ahead 24, halves 24, bytes 24, connections: 12
	END
}

fd_baseline() {
	local name
	for name in "${SERVERS[@]}"; do
		serve "$name"
		"$BUILD/misc/serve/fd-baseline" "$name" "$PORT" "$SERVER"
		stop_server
	done
}

# source: UNP 4.8
@test "serve/fd-baseline: clients gone, however they went, a server holds no descriptor and no process more" {
	observe fd_baseline
	expect <<-'END'
		serv-epoll: 44 visits, 0 processes gone, 0 come, 0 descriptors more
		serv-epoll-edge: 44 visits, 0 processes gone, 0 come, 0 descriptors more
		serv-fork: 44 visits, 0 processes gone, 0 come, 0 descriptors more
		serv-iterative: 44 visits, 0 processes gone, 0 come, 0 descriptors more
		serv-poll: 44 visits, 0 processes gone, 0 come, 0 descriptors more
		serv-prefork: 44 visits, 0 processes gone, 0 come, 0 descriptors more
		serv-prefork-pass: 44 visits, 0 processes gone, 0 come, 0 descriptors more
		serv-prethread: 44 visits, 0 processes gone, 0 come, 0 descriptors more
		serv-reuseport: 44 visits, 0 processes gone, 0 come, 0 descriptors more
		serv-select: 44 visits, 0 processes gone, 0 come, 0 descriptors more
		serv-thread: 44 visits, 0 processes gone, 0 come, 0 descriptors more
	END
}

zombies_and_sigchld_loop() {
	"$BUILD/misc/serve/zombies-and-sigchld-loop"
	serve serv-fork
	"$BUILD/misc/serve/zombies-and-sigchld-loop" serv-fork "$PORT" "$SERVER"
	stop_server
}

# source: UNP 5.9, 5.10; TLPI 26.3; sigaction(2) SA_NOCLDWAIT
@test "serve/zombies-and-sigchld-loop: one SIGCHLD may stand for many children; only a loop reaps all" {
	observe zombies_and_sigchld_loop
	expect <<-'END'
		handler that waits once runs: 1
		handler that waits once zombies: 4
		handler that loops runs: 1
		handler that loops zombies: 0
		SIG_IGN waitpid: ECHILD
		serv-fork zombies while it is stopped: 5
		serv-fork children when it goes on: 0
	END
}

slow_line_client() {
	local name
	"$BUILD/misc/serve/slow-line-client"
	for name in serv-select serv-poll serv-epoll serv-epoll-edge; do
		serve "$name"
		"$BUILD/misc/serve/slow-line-client" "$name" "$PORT" 200
		stop_server
	done
}

# source: UNP 6.8
@test "serve/slow-line-client: who blocks for a whole line is stalled by half a line; a state machine is not" {
	observe slow_line_client
	expect <<-'END'
		naive server inside the slow line: 1
		naive quick recv: EAGAIN
		naive slow recv after its newline: 1
		naive quick recv then: 1
		serv-select quick recv: 1
		serv-select slow clients answered in the end: 200
		serv-poll quick recv: 1
		serv-poll slow clients answered in the end: 200
		serv-epoll quick recv: 1
		serv-epoll slow clients answered in the end: 200
		serv-epoll-edge quick recv: 1
		serv-epoll-edge slow clients answered in the end: 200
	END
}

# source: UNP 4.8, 6.6; close(2); shutdown(2)
@test "serve/fork-parent-must-close: as long as the parent has a copy the child's exit is no end for the client; shutdown() is" {
	observe
	expect <<-'END'
		client recv: 3
		client recv, the child has exited: EAGAIN
		client send: 6
		client recv, the parent has closed: 0
		client recv after the child's shutdown: 0
		client recv, closed in the parent: EAGAIN
		client recv, the child exits: 0
		over IPv6: the same
	END
}

# source: epoll(7) (level-triggered and edge-triggered); TLPI 63.4.6
@test "serve/epoll-et-must-drain: edge-triggered epoll tells once: bytes or clients left in the queue are not told again" {
	observe
	expect <<-'END'
		edge events, 10 bytes have come: 1
		server recv of 4: 4
		edge events: 0
		bytes unread: 6
		level events: 1
		edge events, 1 byte more: 1
		server recv of 16: 7
		server recv of 16: EAGAIN
		edge events, drained, 1 byte more: 1
		listener edge events, 3 clients have come: 1
		listener edge events, 1 accepted: 0
		listener edge events, 1 client more: 1
		accept until: EAGAIN
		accepted then: 3
		over IPv6: the same
	END
}

# source: UNP 5.12; close(2); RFC 2525 2.17
@test "serve/worker-kill-mid-connection: a killed worker's client sees FIN, or RST if it had sent what nobody read; who waits in the queue is served by others" {
	observe
	expect <<-'END'
		client of a worker that had read all, recv: 0
		client of a worker that had not, recv: ECONNRESET
		client in the queue, recv: EAGAIN
		client in the queue, recv: 6
		over IPv6: the same
	END
}

# source: UNP 30.9; unix(7) SCM_RIGHTS; send(2) EPIPE
@test "serve/fdpass-worker-death: clients in the channel of a killed worker see FIN or RST at once; the dispatcher gets EPIPE, and others serve on" {
	observe
	expect <<-'END'
		silent client recv: EAGAIN
		silent client recv, its worker killed: 0
		asking client recv, its worker killed: ECONNRESET
		client of the other worker, recv: 6
		dispatcher sendmsg to the dead: EPIPE
		late client recv: 6
		other worker exit status: 0
		over IPv6: the same
	END
}

# source: UNP 30.7, 30.8; flock(2); fcntl(2) F_SETLKW; __locks_insert_block() in fs/locks.c
@test "serve/prefork-lock-no-herd: with a lock around accept() one worker waits in accept(), and a connection costs two wake-ups" {
	observe
	expect <<-'END'
		mutex: workers in accept(), over 6 connections: 6
		mutex: wake-ups of 6 connections: 12
		fcntl: workers in accept(), over 6 connections: 6
		fcntl: wake-ups of 6 connections: 12
		flock: workers in accept(), over 6 connections: 6
		flock: wake-ups of 6 connections: 12
	END
}

# source: UNP 15.7; unix(7) SCM_RIGHTS; listen(2)
@test "serve/hot-restart: a listener passed to the next server refuses nobody and keeps its queue" {
	observe
	expect <<-'END'
		clients refused, of 8: 0
		served by the old: oo
		queued when it went: nn
		come while no process had it: nn
		come after: nn
		successor exit status: 0
		over IPv6: the same
	END
}

# source: socket(7) SO_REUSEPORT; ip-sysctl.rst tcp_migrate_req
@test "serve/hot-restart-reuseport: a second listener of the port does not inherit the first one's queue, which is reset when that is closed" {
	observe
	expect gvisor "/proc/net/netstat has names and no values (pkg/sentry/fsimpl/proc/task_net.go)" <<-'END'
		successor accept: EAGAIN
		first client recv: ECONNRESET
		successor accept: EAGAIN
		second client recv: ECONNRESET
		late client connect: 0
		successor accept: late
		late client recv: 6
		kernel TCPMigrateReqSuccess: not counted
		over IPv6: the same
	END
	expect until-5.13 'not counted before "tcp: Add stats for socket migration" (5.14)' <<-'END'
		successor accept: EAGAIN
		first client recv: ECONNRESET
		successor accept: EAGAIN
		second client recv: ECONNRESET
		late client connect: 0
		successor accept: late
		late client recv: 6
		kernel TCPMigrateReqSuccess: not counted
		over IPv6: the same
	END
	expect <<-'END'
		successor accept: EAGAIN
		first client recv: ECONNRESET
		successor accept: EAGAIN
		second client recv: ECONNRESET
		late client connect: 0
		successor accept: late
		late client recv: 6
		kernel TCPMigrateReqSuccess: 0
		over IPv6: the same
	END
}

# source: ip-sysctl.rst tcp_migrate_req; kernel: "tcp: Migrate TCP_ESTABLISHED/TCP_SYN_RECV sockets in accept queues." (5.14)
@test "serve/hot-restart-migrate: with tcp_migrate_req 1 a closed listener's queue moves to another of the same port" {
	observe
	expect until-5.13 'the setting, where it is known, moves nothing before "tcp: Migrate TCP_ESTABLISHED/TCP_SYN_RECV sockets in accept queues." (5.14)' <<-'END'
		successor accept: EAGAIN
		first client recv: ECONNRESET
		successor accept: EAGAIN
		second client recv: ECONNRESET
		late client connect: 0
		successor accept: late
		late client recv: 6
		kernel TCPMigrateReqSuccess: not counted
		over IPv6: the same
	END
	expect <<-'END'
		successor accept: first
		first client recv: 6
		successor accept: second
		second client recv: 6
		late client connect: 0
		successor accept: late
		late client recv: 6
		kernel TCPMigrateReqSuccess: 2
		over IPv6: the same
	END
}

# source: UNP 30.6; select(2); epoll(7); accept(2) EAGAIN
@test "serve/prefork-dispatch-uneven: who waits by select() or epoll and runs first gets each connection: no turns" {
	observe
	expect <<-'END'
		select: accepted 6 0 0 0, EAGAIN 0 6 6 6
		select: accepted 0 0 0 6, EAGAIN 6 6 6 0
		epoll: accepted 6 0 0 0, EAGAIN 0 6 6 6
		epoll: accepted 0 0 0 6, EAGAIN 6 6 6 0
	END
}
