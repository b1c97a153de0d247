#!/usr/bin/env bats
# prog-client: the client counts what is good, and names what is not.

load lib/behaviour

# load_it [OPTION...]: the client's report, without what depends on the machine's speed, its exit
# status, and what it said.
load_it() {
	local status=0
	client -p "$PORT" "$@" 2>"$BATS_TEST_TMPDIR/said" >"$BATS_TEST_TMPDIR/report" || status=$?
	sed '/^seconds: [0-9.]*$/d; /^connections.s: [0-9]*$/d' "$BATS_TEST_TMPDIR/report"
	printf 'exit status %d\n' "$status"
	sort "$BATS_TEST_TMPDIR/said"
}

# impostor COMMAND: a server that runs the command for each client.
impostor() {
	local line
	exec {LOG}< <(exec socat -d -d TCP4-LISTEN:0,bind=127.0.0.1,fork SYSTEM:"$1" 2>&1)
	IMPOSTOR=$!
	PORT=
	while [[ ! $PORT ]]; do
		IFS= read -r -t "$CSDESIGN_DEADLINE" line <&"$LOG" || lost 'socat did not get ready'
		[[ $line != *"listening on "* ]] || PORT=${line##*:}
	done
}

dismiss() {
	kill "$IMPOSTOR"
	wait "$IMPOSTOR" || :
	exec {LOG}<&-
}
export -f load_it impostor dismiss

good() {
	serve serv-poll
	load_it
	load_it -c 3 -t 7 -b 0
	load_it -c 1 -t 1 -b 10000000
	stop_server
	printf 'server %s\n' "${STATS[@]}"
}

@test "client: counts connections and bytes; by default 5 times 500 connections of 3,000 bytes" {
	observe good
	expect <<-'END'
		connections: 2500
		bytes: 7500000
		errors: 0
		exit status 0
		connections: 21
		bytes: 0
		errors: 0
		exit status 0
		connections: 1
		bytes: 10000000
		errors: 0
		exit status 0
		server connections: 2522
	END
}

refused() {
	serve serv-poll
	stop_server
	load_it -c 2 -t 3
	serve rstserver
	# Which call the reset meets is a race that the kernel leaves open: a connect() that still sleeps
	# when the RST comes is woken by it, and returns ECONNRESET (docs/demonstrations.md).
	load_it -c 1 -t 1 | sed 's/\(recv\|send\|connect\): ECONNRESET\|send: EPIPE/some call: an error/
		s/^error \(ECONNRESET\|EPIPE\)/error one of these/'
	stop_server
}

@test "client: a server that is not there, or resets, is an error by name and exit status 1" {
	observe refused
	expect <<-'END'
		connections: 0
		bytes: 0
		errors: 6
		error ECONNREFUSED: 6
		exit status 1
		client: child 0, connection 0: connect: ECONNREFUSED after 0 good bytes
		client: child 1, connection 0: connect: ECONNREFUSED after 0 good bytes
		connections: 0
		bytes: 0
		errors: 1
		error one of these: 1
		exit status 1
		client: child 0, connection 0: some call: an error after 0 good bytes
	END
}

wrong() {
	impostor 'read -r count; printf 012345'
	load_it -c 1 -t 2 -b 10
	dismiss
	impostor 'read -r count; printf 0123456789'
	load_it -c 1 -t 1 -b 9
	dismiss
	impostor 'read -r count; printf 01234X6789'
	load_it -c 1 -t 1 -b 10
	dismiss
}

@test "client: too few bytes, too many, and others than those of the pattern are errors" {
	observe wrong
	expect <<-'END'
		connections: 0
		bytes: 12
		errors: 2
		error TOO_FEW_BYTES: 2
		exit status 1
		client: child 0, connection 0: recv: TOO_FEW_BYTES after 6 good bytes
		connections: 0
		bytes: 9
		errors: 1
		error TOO_MANY_BYTES: 1
		exit status 1
		client: child 0, connection 0: recv: TOO_MANY_BYTES after 9 good bytes
		connections: 0
		bytes: 5
		errors: 1
		error WRONG_BYTES: 1
		exit status 1
		client: child 0, connection 0: recv: WRONG_BYTES after 5 good bytes
	END
}

# Two ports; the connections that used them are in TIME_WAIT, and loopback is not to shorten that.
no_ports() {
	serve serv-poll
	echo 0 >/proc/sys/net/ipv4/tcp_tw_reuse
	echo 50000 50001 >/proc/sys/net/ipv4/ip_local_port_range
	load_it -c 1 -t 5
	stop_server
}

@test "client: when the local ports are used up it says so" {
	observe no_ports
	expect <<-'END'
		connections: 2
		bytes: 6000
		errors: 3
		error EADDRNOTAVAIL: 3
		exit status 1
		client: EADDRNOTAVAIL: no local port is left towards this address: what net.ipv4.ip_local_port_range allows is in use or in TIME_WAIT
		client: child 0, connection 2: connect: EADDRNOTAVAIL after 0 good bytes
	END
}

# A server that takes the request, says so, and never answers. $1: what is done to whom then.
never_answered() {
	local line='' status=0 children
	# shellcheck disable=SC2016 # for the impostor's shell
	impostor 'read -r count; echo "asked for $count" >&2; read -r more'
	client -p "$PORT" -c 1 -t 4 >"$BATS_TEST_TMPDIR/report" 2>"$BATS_TEST_TMPDIR/said" &
	CLIENT=$!
	until [[ $line == 'asked for'* ]]; do
		IFS= read -r -t "$CSDESIGN_DEADLINE" line <&"$LOG" || lost 'nobody asked'
	done
	read -ra children <"/proc/$CLIENT/task/$CLIENT/children" || :
	"$1"
	wait "$CLIENT" || status=$?
	head -n 4 "$BATS_TEST_TMPDIR/report"
	printf 'exit status %d\n' "$status"
	sort "$BATS_TEST_TMPDIR/said"
	dismiss
}

kill_child() { kill -KILL "${children[0]}"; }
interrupt() { kill -INT "$CLIENT"; }
export -f never_answered kill_child interrupt

stuck() {
	never_answered kill_child
	never_answered interrupt
}

@test "client: what a child that died, or SIGINT, left undone is not good" {
	observe stuck
	expect <<-'END'
		connections: 0
		bytes: 0
		errors: 0
		never made: 4
		exit status 1
		client: child 0: SIGKILL
		connections: 0
		bytes: 0
		errors: 0
		never made: 4
		exit status 1
		client: child 0: SIGKILL
	END
}

# A million bytes take long enough for one look at least.
on_a_terminal() {
	local said
	serve serv-poll
	said=$(socat -u EXEC:"client -p $PORT -c 1 -t 3 -b 1000000",pty,stderr STDOUT)
	[[ $said == *$'\r3 of 3 connections, 3 MB '* ]] && printf 'progress on a terminal\n'
	[[ $said == *$'\r\e[K'*'connections: 3'* ]] && printf 'wiped away before the report\n'
	said=$(client -p "$PORT" -c 1 -t 3 2>&1)
	[[ $said == 'connections: 3'* ]] && printf 'none elsewhere\n'
	stop_server
}

@test "client: shows its progress on a terminal, and nowhere else" {
	observe on_a_terminal
	expect <<-'END'
		progress on a terminal
		wiped away before the report
		none elsewhere
	END
}

@test "client: prints its usage; what makes no sense is one line and exit status 2" {
	local bad said
	run -0 client -h
	[[ ${lines[0]} == 'usage: client '* ]]
	while IFS='|' read -r bad said; do
		# shellcheck disable=SC2086 # words
		run -2 client $bad
		[[ $output == "client: $said" ]] || {
			printf '%s: %s\n' "$bad" "$output"
			return 1
		}
	done <<-'END'
		-x|no option -x, see -h
		-p|-p needs a value
		-p 0|-p: '0' is not a number from 1 to 65535
		-c 0|-c: '0' is not a number from 1 to 10000
		-t x|-t: 'x' is not a number from 1 to 2147483647
		-b -1|-b: '-1' is not a number from 0 to 9223372036854775807
		word|what is 'word'? see -h
	END
	conclude ok
}
