#!/usr/bin/env bats
# prog-bench: what measures is exact in what can be exact: totals, segments, the form of what comes
# out. How long anything took is nobody's claim.

load lib/behaviour

PATH=$BUILD/bin/bench:$PATH

# holds FILTER: what jq says of the output is true.
holds() {
	jq -e "$1" <<<"$output" >/dev/null || {
		printf 'not so: %s\n%s\n' "$1" "$output"
		return 1
	}
}

# ThreadSanitizer holds back a signal while a server blocks in accept(): it would never stop.
signals_arrive() {
	[[ $BUILD != */tsan ]] || skip 'ThreadSanitizer holds signals back'
}

@test "measure: one line of JSON, every connection counted once, whoever served it" {
	signals_arrive
	local server
	for server in 'serv-epoll -p 0' 'serv-prefork -n 3 -p 0' 'serv-fork -p 0' 'serv-prethread -n 3 -p 0' \
		'bare-server iterative' 'bare-server fork' 'bare-server thread' 'bare-server select' \
		'bare-server poll' 'bare-server epoll' 'bare-server -n 3 prefork' 'bare-server -n 3 prefork-pass' \
		'bare-server -n 3 prethread' 'bare-server -n 3 reuseport' 'bare-server -n 3 herd' \
		'bare-server -n 3 exclusive'; do
		# shellcheck disable=SC2086 # words
		run -0 measure -l section=test -l round=1 $server -- client -p PORT -c 3 -t 7 -b 4096
		((${#lines[@]} == 1))
		holds '.section == "test" and .round == "1" and .connections == 21 and .idle == 0'
		holds '.children == [] or (.children | add) == 21'
		holds '[.seconds, .server_us, .client_us] | all(. > 0)'
		holds '[.server_user_us, .server_system_us, .others_us, .server_faults, .server_voluntary, .server_involuntary, .client_voluntary] | all(. >= 0)'
	done
	conclude ok
}

@test "measure: idle connections are held besides, and their server is as large as they make it" {
	signals_arrive
	run -0 measure -i 20 serv-thread -p 0 -- bare-client -p PORT -c 2 -t 5
	holds '.idle == 20 and .connections == 10 and .server_tasks == 21 and .server_pss_kib > 0'
	run -0 measure -i 20 serv-fork -p 0 -- bare-client -p PORT -c 2 -t 5
	holds '.server_tasks == 21'
	run -0 measure -i 20 serv-poll -p 0 -- bare-client -p PORT -c 2 -t 5
	holds '.server_tasks == 1'
	run -0 measure -i 300 -t 3 serv-epoll -p 0 -- bare-client -p PORT -c 2 -t 5
	output=$(jq -s . <<<"$output")
	holds 'length == 3 and all(.idle == 300 and .connections == 10 and .server_us > 0 and .client_us > 0)'
	conclude ok
}

@test "measure: what a parent takes to start its children is no time of serving" {
	signals_arrive
	# Of a pool of so many it is most of what one connection takes; with an idle one it is not known.
	local all='.server_user_us + .server_system_us | round' off on
	run -0 measure serv-prefork -n 200 -p 0 -- bare-client -p PORT -c 1 -t 1
	off=$(jq "$all" <<<"$output")
	run -0 measure -i 1 serv-prefork -n 200 -p 0 -- bare-client -p PORT -c 1 -t 1
	on=$(jq "$all" <<<"$output")
	((3 * off < 2 * on)) || {
		printf 'taken off: %s, not: %s\n' "$off" "$on"
		return 1
	}
	conclude ok
}

@test "measure: a load that fails is no measurement, nor is a server that does not start" {
	signals_arrive
	run -1 measure serv-epoll -p 0 -m 10 -- bare-client -p PORT -c 1 -t 1 -b 11
	[[ $output == *'measure: bare-client: it failed'* ]]
	run -1 measure false -- true
	[[ $output == 'measure: false: did not get ready' ]]
	run -1 measure echo hello -- true
	# shellcheck disable=SC2016 # as it is
	[[ $output == 'measure: echo: this is not `ready PORT`: hello' ]]
	run -1 measure -p 8080 false -- true
	[[ $output == 'measure: false: ended at once' ]]
	conclude ok
}

@test "measure: a server that ends badly is no measurement, whatever the load says; one that dies of its signal ended well" {
	local said
	# ending COMMANDS: a server that does this when it is told to stop.
	ending() {
		# shellcheck disable=SC2016 # as it is
		printf 'trap "%s" TERM; echo ready 1; while :; do read -r -t 0.1 <> <(:) || :; done' "$1"
	}
	for said in 'exit 3|exit status 3' 'exit 1|exit status 1' 'kill -SEGV \$\$|SIGSEGV' 'kill -KILL \$\$|SIGKILL'; do
		run -1 measure bash -c "$(ending "${said%|*}")" -- echo 'connections: 1'
		[[ $output == "measure: bash: ${said#*|}" ]]
	done
	for said in 'exit 0' 'exit 143' 'trap - TERM; kill \$\$'; do
		run -0 measure bash -c "$(ending "$said")" -- echo 'connections: 1'
		holds '.connections == 1'
	done
	conclude ok
}

@test "measure: what spins or hangs is killed at the deadline, children and all" {
	local process deadline
	for deadline in 1 4 16 64; do # on a slow machine the client is not there after a second
		[[ ! -s $BATS_TEST_TMPDIR/pid ]] || break
		# shellcheck disable=SC2016 # as it is
		run -1 measure -d "$deadline" serv-fork -p 0 -- bash -c 'trap "" TERM; (while :; do :; done) & echo $! >"$0"; wait' "$BATS_TEST_TMPDIR/pid"
		[[ $output == 'measure: the deadline has passed' ]]
	done
	process=$(<"$BATS_TEST_TMPDIR/pid")
	while [[ -e /proc/$process && $(</proc/"$process"/stat) != *') Z '* ]]; do :; done
	run -1 measure -d 1 sleep 60 -- true
	[[ $output == 'measure: the deadline has passed' ]]
	run -1 measure -d 1 -p 8080 sleep 60 -- true
	[[ $output == 'measure: the deadline has passed' ]]
	conclude ok
}

@test "measure: a server that says nothing is awaited at its port; web answers are as large as asked" {
	signals_arrive
	run -0 measure -p 8080 bare-server -p PORT -w iterative -- bare-client -p PORT -c 2 -t 5 -b 4096 -w /
	holds '.connections == 10 and .children == []'
	run -0 measure bare-server -b 100000 iterative -- bare-client -p PORT -c 2 -t 5 -b 100000
	holds '.connections == 10'
	conclude ok
}

@test "transfer: every way sends all of a file, as often as asked" {
	local way
	head -c 1000000 /dev/zero >"$BATS_TEST_TMPDIR/file"
	for way in copy mmap sendfile splice zerocopy; do
		run -0 transfer -B 65536 "$way" "$BATS_TEST_TMPDIR/file"
		holds '.bytes == 1000000 and .size == 1000000 and .seconds > 0 and .calls > 0'
		run -0 transfer -l name=small -s 1000 -t 9500 "$way" "$BATS_TEST_TMPDIR/file"
		holds '.bytes == 10000 and .size == 1000 and .name == "small"'
		holds '.packets > 0 and .switches > 0 and .timers >= 0'
	done
	run transfer io_uring "$BATS_TEST_TMPDIR/file"
	[[ $status == 77 ]] || holds '.bytes == 1000000'
	conclude ok
}

@test "respond: a header and a body are one segment, or two where nothing joins them" {
	local way
	for way in writev memcpy; do
		run -0 respond -t 20 "$way"
		holds '.segments == 20 and .responses == 20 and .header == 200 and .body == 1000'
	done
	# What is held back is let go after 200 ms (tcp(7), TCP_CORK), and two sends may meet in the queue.
	for way in cork more nodelay; do
		run -0 respond -t 20 "$way"
		holds '.responses == 20 and .segments >= 20 and .segments <= 40'
	done
	run -0 respond -t 2 nagle
	holds '.responses == 2'
	conclude ok
}

@test "programs that measure print their usage; what makes no sense is one line and exit status 2" {
	local program bad said
	for program in bare-client bare-server measure respond transfer; do
		run -0 "$program" -h
		[[ ${lines[0]} == "usage: $program "* ]]
	done
	while IFS='|' read -r bad said; do
		# shellcheck disable=SC2086 # words
		run -2 $bad
		[[ $output == "${bad%% *}: $said" ]] || {
			printf '%s: %s\n' "$bad" "$output"
			return 1
		}
	done <<-'END'
		measure|a SERVER, -- and a CLIENT are needed, see -h
		measure serv-epoll|a SERVER, -- and a CLIENT are needed, see -h
		measure -- client|a SERVER, -- and a CLIENT are needed, see -h
		measure serv-epoll --|a SERVER, -- and a CLIENT are needed, see -h
		measure -x|no option -x, see -h
		measure -i|-i needs a value
		measure -i x|-i: 'x' is not a number from 0 to 100000
		measure -d 0|-d: '0' is not a number from 1 to 86400
		measure -l x serv-epoll -- client|'x' is not KEY=VALUE
		measure -c 1023 serv-epoll -- client|no processor 1023 here
		bare-server|one DESIGN is needed, see -h
		bare-server x|no design 'x', see -h
		bare-server -n 0 prefork|-n: '0' is not a number from 1 to 4096
		bare-client -c x|-c: 'x' is not a number from 1 to 10000
		bare-client word|what is 'word'? see -h
		transfer copy|a WAY and a FILE are needed, see -h
		transfer x /dev/null|no way 'x', see -h
		transfer copy /dev/null/x|/dev/null/x: ENOTDIR
		transfer copy /dev/null|-s: the file has 0 bytes
		respond|one WAY is needed, see -h
		respond x|no way 'x', see -h
	END
	conclude ok
}

# bench ARGUMENT...: ci/bench with a directory of its own to write to.
bench() {
	mkdir -p "$BATS_TEST_TMPDIR/build"
	ln -sfn "$BUILD/bin" "$BATS_TEST_TMPDIR/build/bin"
	CSDESIGN_BUILD=$BATS_TEST_TMPDIR/build "$ROOT/ci/bench" "$@"
}

@test "bench: a small run leaves a summary, a table and rows that agree" {
	signals_arrive
	[[ $BUILD != */valgrind ]] || skip 'valgrind takes half an hour for it'
	bench -q -r 1 designs distribution cork >"$BATS_TEST_TMPDIR/said" 2>"$BATS_TEST_TMPDIR/errors" || {
		cat "$BATS_TEST_TMPDIR/errors"
		return 1
	}
	output=$(<"$BATS_TEST_TMPDIR/build/bench/bench.json")
	holds '.machine.failed == 0 and .machine.quick and (.machine.emulated | not) and .machine.rounds == 1'
	holds '.designs | map(.name) | sort == ([("epoll", "epoll-edge", "fork", "iterative", "poll", "prefork", "prefork-pass",
		"prethread", "reuseport", "select", "thread") | "bare:" + ., "serv-" + .] + ["client"] | sort)'
	holds '.designs | all(.connections == 600 and .both_us.rounds == 1 and .over_bare.median > 0)'
	holds '.designs | map(select(.name | startswith("serv-")).server_over_floor.median) | length == 11 and all(type == "number")'
	holds '.distribution | length == 72 and all((.counts | add) == .connections and (.counts | length) == .children)'
	holds '.cork | length == 6 and all(.segments.median >= 1 and .segments.median <= 2)'
	holds '.sendfile == [] and .peers == [] and .idle == []'
	run -0 grep -c '^serv-epoll ' "$BATS_TEST_TMPDIR/said"
	[[ $output == 1 ]]
	run -0 grep -c '^"designs","serv-epoll","15 clients, 4 KiB","both_us",[0-9.]*,' "$BATS_TEST_TMPDIR/build/bench/bench.csv"
	[[ $output == 1 ]]
	conclude ok
}

@test "bench: what makes no sense is one line and exit status 2" {
	run -0 bench -h
	[[ ${lines[0]} == 'bench - '* ]]
	run -2 bench -x
	[[ $output == 'bench: unknown option -x; see ci/bench -h' ]]
	run -2 bench -r x
	[[ $output == "bench: -r: 'x' is not a number; see ci/bench -h" ]]
	run -2 bench -q nowhere
	[[ $output == "measure: no section 'nowhere': designs large book idle distribution sendfile cork peers" ]]
	run -2 bench show
	[[ $output == *'nothing was measured yet'* ]]
	conclude ok
}
