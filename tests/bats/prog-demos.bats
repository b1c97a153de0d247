#!/usr/bin/env bats
# prog-demos: the demonstrations in misc/: rstserver, sigpipe, selsigrace.

load lib/behaviour

reset_two_clients() {
	serve rstserver
	sigpipe -m nosignal -p "$PORT"
	sigpipe -m nosignal -p "$PORT"
	stop_server
	printf '%s\n' "${STATS[@]}"
}

# source: socket(7) SO_LINGER; RFC 9293 3.10.5 (ABORT); send(2) ECONNRESET, EPIPE
@test "rstserver: every client is reset, and finds ECONNRESET, then EPIPE" {
	observe reset_two_clients
	expect <<-'END'
		poll: IN RDHUP ERR HUP
		first send: ECONNRESET
		second send: EPIPE
		poll: IN RDHUP ERR HUP
		first send: ECONNRESET
		second send: EPIPE
		resets: 2
	END
}

every_mode() {
	local mode status
	trap '' PIPE # what sigpipe inherits does not matter to it
	for mode in default ignore catch nosignal; do
		status=0
		sigpipe -m "$mode" || status=$?
		printf '%s exit status: %d\n' "$mode" "$status"
	done
}

# source: send(2) EPIPE, MSG_NOSIGNAL; signal(7) SIGPIPE; 141 is 128 + SIGPIPE: bash(1), EXIT STATUS
@test "sigpipe: the second send kills, unless SIGPIPE is ignored or caught, or MSG_NOSIGNAL is given" {
	observe every_mode
	expect <<-'END'
		poll: IN RDHUP ERR HUP
		first send: ECONNRESET
		default exit status: 141
		poll: IN RDHUP ERR HUP
		first send: ECONNRESET
		second send: EPIPE
		ignore exit status: 0
		poll: IN RDHUP ERR HUP
		first send: ECONNRESET
		second send: EPIPE
		SIGPIPE: 1
		catch exit status: 0
		poll: IN RDHUP ERR HUP
		first send: ECONNRESET
		second send: EPIPE
		nosignal exit status: 0
	END
}

# source: select(2) (pselect); UNP 5.9, 6.9; TLPI 63.5
@test "selsigrace: a signal between the look at the flag and select() is missed" {
	observe selsigrace -c none
	expect <<-'END'
		child looks at the flag: 0
		parent kill: 0
		child ran its handler in the gap: 1
		parent sees the child: asleep, signal missed
		child select: 1
		child woken by: input
	END
}

every_cure() {
	local cure
	for cure in selfpipe pselect ppoll epoll_pwait signalfd; do
		selsigrace -c "$cure"
	done
}

# source: select(2) (pselect; the self-pipe technique); poll(2); epoll_wait(2); signalfd(2)
@test "selsigrace: with a cure, and nothing else changed, the same signal wakes the child" {
	observe every_cure
	expect <<-'END'
		child looks at the flag: 0
		parent kill: 0
		child ran its handler in the gap: 1
		child select: 1
		child woken by: signal
		child looks at the flag: 0
		parent kill: 0
		child ran its handler in the gap: 0
		child pselect: EINTR
		child woken by: signal
		child looks at the flag: 0
		parent kill: 0
		child ran its handler in the gap: 0
		child ppoll: EINTR
		child woken by: signal
		child looks at the flag: 0
		parent kill: 0
		child ran its handler in the gap: 0
		child epoll_pwait: EINTR
		child woken by: signal
		child looks at the flag: 0
		parent kill: 0
		child ran its handler in the gap: 0
		child select: 1
		child woken by: signal
	END
}

@test "rstserver, sigpipe and selsigrace print their usage, and refuse what makes no sense in one line" {
	local program
	for program in rstserver sigpipe selsigrace; do
		run -0 "$program" -h
		[[ ${lines[0]} == "usage: $program "* ]]
		run -2 "$program" -x
		[[ $output == "$program: no option -x, see -h" ]]
		run -2 "$program" word
		[[ $output == "$program: what is 'word'? see -h" ]]
	done
	run -2 rstserver -p 65536
	[[ $output == 'rstserver: -p: '* ]]
	run -2 sigpipe -p
	[[ $output == 'sigpipe: -p needs a value' ]]
	run -2 sigpipe -m some
	[[ $output == "sigpipe: -m: 'some' is none of "* ]]
	run -1 world sigpipe -p 1
	[[ ${lines[-1]} == 'sigpipe: connect to 127.0.0.1 port 1: ECONNREFUSED' ]]
	run -2 selsigrace -c cure
	[[ $output == "selsigrace: -c: 'cure' is no cure, see -h" ]]
	conclude ok
}
