#!/usr/bin/env bats
# prog-servers: what all servers promise alike: the protocol, its errors, options, stopping.

load lib/behaviour

# every TEXT: the line `NAME: TEXT` for every server there must be.
every() {
	local name
	for name in epoll epoll-edge fork iterative poll prefork prefork-pass prethread reuseport select thread; do
		printf 'serv-%s: %s\n' "$name" "$1"
	done
}

# Verbs of the scenes below; each connection is a descriptor of the shell.

# start PROGRAM [ARGUMENT...]: serve, with what it says on stderr in a file of its own.
start() {
	# shellcheck disable=SC2016 # for that shell
	serve bash -c 'exec "$@" 2>"$BATS_TEST_TMPDIR/said"' bash "$@"
}

# stopped: the server, which was told before, ends in good order; its statistics are then in STATS.
stopped() {
	mapfile -t STATS <&"$STATISTICS"
	wait "$SERVER" || lost "the server exited with $?"
	exec {STATISTICS}<&-
	SERVER=
}

# ask TEXT: send it over a new connection, CONNECTION.
ask() {
	exec {CONNECTION}<>"/dev/tcp/127.0.0.1/$PORT"
	printf '%b' "$1" >&"$CONNECTION"
}

# take COUNT: that many bytes of a reply, or what comes before its end, are then in REPLY. Where the
# server has not read all that was sent it ends with a reset, which is an end here, too.
take() {
	REPLY=
	IFS= read -r -d '' -N "$1" -t "$CSDESIGN_DEADLINE" REPLY <&"$CONNECTION" 2>/dev/null || :
	[[ $REPLY ]] || REPLY=end
}

hang_up() {
	exec {CONNECTION}>&-
}

# moment: what nobody tells is looked at again after it; no process is made for that.
moment() {
	local nothing
	read -r -t 0.01 nothing <&"$STATISTICS" || :
}

# await_gone PID...: until the server has taken them back.
await_gone() {
	local pid
	for pid; do
		while [[ -e /proc/$pid ]]; do moment; done
	done
}

# complaints: what the server said on stderr, without who it is about.
complaints() {
	sed 's/^serv-[a-z-]*: //; s/^127.0.0.1 port [0-9]*: //; s/^a client: //; s/child [0-9]/a child/' "$BATS_TEST_TMPDIR/said"
}
export -f start stopped ask take hang_up moment await_gone complaints

forms() {
	local name crlf zero ended
	# shellcheck disable=SC2153 # from scene.bash
	for name in "${SERVERS[@]}"; do
		serve "$name"
		ask '5\r\n' && take 5 && crlf=$REPLY
		printf '0\n2\n' >&"$CONNECTION" && take 2 && zero=$REPLY
		hang_up
		ended=$(printf 3 | socat -t 60 - "TCP4:127.0.0.1:$PORT")
		stop_server
		serve "$name" -1
		ask 7 && take 7
		stop_server
		printf '%s: CR LF %s, none and two %s, end of file %s, one read %s\n' "$name" "$crlf" \
			"$zero" "$ended" "$REPLY"
		hang_up
	done
}

@test "every server: a request ends with LF, CR LF, the end of file or, with -1, with the read" {
	observe forms
	expect < <(every 'CR LF 01234, none and two 01, end of file 012, one read 0123456')
}

refusals() {
	local name request
	for name in "${SERVERS[@]}"; do
		start "$name" -m 1000
		for request in x -5 '\n' '5 ' 1001 99999999999999999999999 '5\r5' 00000000000000000000000000000000000; do
			ask "$request\n" && take 1
			[[ $REPLY == end ]] || printf '%s: %q was answered %q\n' "$name" "$request" "$REPLY"
			hang_up
		done
		ask '1000\n' && take 1000
		hang_up
		stop_server
		printf '%s: %d more, %s\n' "$name" "${#REPLY}" "${STATS[-1]}"
		complaints | sort | uniq -c | sed 's/^ *//'
	done
}

# What they all say, once for each.
refused() {
	local line
	while IFS= read -r line; do
		printf '%s\n' "$line" \
			'1 bad request: a carriage return that ends no count' \
			'1 bad request: an empty line' \
			'2 bad request: more bytes than the limit (-m) allows' \
			'3 bad request: not a decimal count' \
			'1 bad request: the line is too long'
	done
}

@test "every server: what is no request ends that connection, with one line that says why" {
	observe refusals
	expect < <(every '1000 more, connections: 9' | refused)
}

# A client resets in the middle of a reply, and nobody reads the server's stderr any more.
pipes() {
	local name pipe gone
	exec {pipe}<> <(:)
	exec {gone}>"/dev/fd/$pipe"
	exec {pipe}>&-
	for name in "${SERVERS[@]}"; do
		serve "$name" 2>&"$gone"
		ask '50000000\n' && take 1
		hang_up # with much unread
		ask 'x\n' && take 1
		hang_up
		ask '5\n' && take 5
		hang_up
		stop_server
		printf '%s: %s, %s\n' "$name" "$REPLY" "${STATS[-1]}"
	done
}

@test "every server: no SIGPIPE, be it of a client that left or of a stderr that nobody reads" {
	observe pipes
	expect < <(every '01234, connections: 3')
}

# One that waits for its next request, one in the middle of it, one in the middle of a reply that
# is larger than all buffers on its way. A grace of an hour: who waits for it does not end in time,
# and no machine is too slow.
finish() {
	local name idle half rest
	for name in "${SERVERS[@]}"; do
		serve "$name" -g 3600
		ask '5\n' && take 5
		stop_server
		take 1 && hang_up
		idle=$REPLY
		start "$name" -g 3600
		ask '5\n12' && take 5
		stop_server INT
		take 1 && hang_up
		half="$REPLY ($(complaints))"
		serve "$name" -g 3600
		ask '20000000\n' && take 1
		kill -INT "$SERVER"
		kill -TERM "$SERVER" # changes nothing
		rest=$(wc -c <&"$CONNECTION")
		hang_up
		stopped
		printf '%s: idle %s, half %s, rest %d, %s\n' "$name" "$idle" "$half" "$rest" \
			"${STATS[-1]}"
	done
}

@test "every server: at SIGINT or SIGTERM it finishes replies, and waits for nothing else" {
	observe finish
	expect < <(every 'idle end, half end (stopped in the middle of a request), rest 19999999, connections: 1')
}

# The whole group gets ^C; children are in it.
whole_group() {
	local name children
	for name in "${SERVERS[@]}"; do
		serve "$name" -g 3600
		ask '20000000\n' && take 1
		read -ra children <"/proc/$SERVER/task/$SERVER/children" || :
		kill -INT "$SERVER" "${children[@]}"
		kill -TERM "${children[@]}" "$SERVER"
		printf '%s: rest %d, ' "$name" "$(wc -c <&"$CONNECTION")"
		hang_up
		stopped
		printf '%s\n' "${STATS[-1]}"
	done
}

@test "every server: a signal to the whole process group harms no child in the middle of a reply" {
	observe whole_group
	expect < <(every 'rest 19999999, connections: 1')
}

# Signals to the children alone.
children_alone() {
	local name children first connection
	for name in serv-fork serv-prefork serv-prefork-pass serv-reuseport; do
		start "$name"
		ask '5\n' && take 5
		first=$REPLY connection=$CONNECTION
		read -ra children <"/proc/$SERVER/task/$SERVER/children" || :
		kill -TERM "${children[@]}"
		kill -INT "${children[@]}"
		printf '6\n' >&"$connection" && CONNECTION=$connection && take 6 && hang_up
		printf '%s: %s, %s' "$name" "$first" "$REPLY"
		ask '7\n' && take 7 && hang_up
		stop_server
		printf ', %s, %s, %d complaints\n' "$REPLY" "${STATS[-1]}" "$(complaints | wc -l)"
	done
}

@test "forking servers: children leave SIGINT and SIGTERM to their parent" {
	observe children_alone
	expect <<-'END'
		serv-fork: 01234, 012345, 0123456, connections: 2, 0 complaints
		serv-prefork: 01234, 012345, 0123456, connections: 2, 0 complaints
		serv-prefork-pass: 01234, 012345, 0123456, connections: 2, 0 complaints
		serv-reuseport: 01234, 012345, 0123456, connections: 2, 0 complaints
	END
}

# Nobody reads the reply; clients have no time to finish.
cut_off() {
	local name said
	for name in "${SERVERS[@]}"; do
		start "$name" -g 0
		ask '100000000\n' && take 1
		stop_server
		hang_up
		said=$(complaints)
		printf '%s: %s; %s\n' "$name" "$said" "${STATS[-1]}"
	done
}

@test "every server: a client that does not finish is cut off when the grace is over, and told of" {
	observe cut_off
	expect <<-'END'
		serv-epoll: cut off, the grace is over; connections: 1
		serv-epoll-edge: cut off, the grace is over; connections: 1
		serv-fork: a child: SIGKILL; the connection it served is gone; connections: 1
		serv-iterative: cut off, the grace is over; connections: 1
		serv-poll: cut off, the grace is over; connections: 1
		serv-prefork: a child: SIGKILL; the connection it served is gone; connections: 1
		serv-prefork-pass: a child: SIGKILL; the connection it served is gone; connections: 1
		serv-prethread: connections cut off, the grace is over: 1; connections: 1
		serv-reuseport: a child: SIGKILL; the connection it served is gone; connections: 1
		serv-select: cut off, the grace is over; connections: 1
		serv-thread: connections cut off, the grace is over: 1; connections: 1
	END
}

# All at once, for it takes a second. Half a line, so that no timeout is that of the next request.
stand_still() {
	local name servers=() connections=() statistics=() i
	for name in "${SERVERS[@]}"; do
		start "$name" -w 1
		ask '5\n12' && take 5
		servers+=("$SERVER") connections+=("$CONNECTION") statistics+=("$STATISTICS")
		mv "$BATS_TEST_TMPDIR/said" "$BATS_TEST_TMPDIR/$name"
	done
	for i in "${!SERVERS[@]}"; do
		SERVER=${servers[i]} CONNECTION=${connections[i]} STATISTICS=${statistics[i]}
		take 1 && hang_up
		stop_server
		cp "$BATS_TEST_TMPDIR/${SERVERS[i]}" "$BATS_TEST_TMPDIR/said"
		printf '%s: %s: %s\n' "${SERVERS[i]}" "$REPLY" "$(complaints)"
	done
}

@test "every server: a connection on which nothing moves is closed after -w seconds" {
	observe stand_still
	expect < <(every 'end: nothing moved for 1 s')
}

# Every child dies; one of them in the middle of a connection.
deaths() {
	local name first children children_of_a_pool=()
	for name in serv-fork serv-prefork serv-prefork-pass serv-reuseport; do
		start "$name" "${children_of_a_pool[@]}"
		children_of_a_pool=(-n 3)
		ask '5\n' && take 5
		read -ra children <"/proc/$SERVER/task/$SERVER/children" || :
		kill -KILL "${children[@]}"
		take 1 && hang_up
		first=$REPLY
		await_gone "${children[@]}" # a child in accept() takes a connection along
		ask '5\n' && take 5
		hang_up
		stop_server
		printf '%s: %d killed, %s, then %s, %s\n' "$name" "${#children[@]}" "$first" \
			"$REPLY" "${STATS[-1]}"
		complaints | sort
	done
}

@test "forking servers: children that are killed are replaced, and the loss of a connection told" {
	observe deaths
	expect <<-'END'
		serv-fork: 1 killed, end, then 01234, connections: 2
		a child: SIGKILL; the connection it served is gone
		serv-prefork: 3 killed, end, then 01234, connections: 2
		a child: SIGKILL
		a child: SIGKILL
		a child: SIGKILL; the connection it served is gone
		serv-prefork-pass: 3 killed, end, then 01234, connections: 2
		a child: SIGKILL
		a child: SIGKILL
		a child: SIGKILL; the connection it served is gone
		serv-reuseport: 3 killed, end, then 01234, connections: 2
		a child: SIGKILL
		a child: SIGKILL
		a child: SIGKILL; the connection it served is gone
	END
}

# The child that holds the connection dies with its parent; that others do, the world sees.
orphans() {
	local name
	for name in serv-fork serv-prefork serv-prefork-pass serv-reuseport; do
		serve "$name"
		ask '5\n' && take 5
		kill -KILL "$SERVER"
		take 1 && hang_up
		wait "$SERVER" || printf '%s: %s, status %d\n' "$name" "$REPLY" $?
		SERVER=
	done
}

@test "forking servers: no child outlives a parent that was killed" {
	observe orphans
	expect <<-'END'
		serv-fork: end, status 137
		serv-prefork: end, status 137
		serv-prefork-pass: end, status 137
		serv-reuseport: end, status 137
	END
}

# limited COUNT PROGRAM: run it with that many descriptors.
limited() {
	ulimit -n "$1"
	shift
	exec "$@" 2>"$BATS_TEST_TMPDIR/said"
}
export -f limited

# Twelve clients ask; there are descriptors for three or four, and nobody leaves until the server
# has said so.
shortage() {
	local name connections i answered
	for name in serv-epoll serv-poll serv-select serv-thread; do
		serve bash -c 'limited "$@"' bash 8 "$name"
		connections=() answered=0
		for ((i = 0; i < 12; i++)); do
			ask '2\n'
			connections+=("$CONNECTION")
		done
		while [[ ! -s $BATS_TEST_TMPDIR/said ]]; do moment; done
		for CONNECTION in "${connections[@]}"; do
			take 2
			[[ $REPLY != 01 ]] || answered=$((answered + 1))
			hang_up
		done
		stop_server
		printf '%s: %d answered, %s, %s\n' "$name" "$answered" "${STATS[-1]}" \
			"$(complaints | sort -u)"
	done
}

@test "servers of many: without a descriptor for one more, clients wait and all are served" {
	[[ $BUILD != */valgrind ]] || skip 'valgrind needs descriptors, too'
	observe shortage
	expect <<-'END'
		serv-epoll: 12 answered, connections: 12, accept: EMFILE; clients wait
		serv-poll: 12 answered, connections: 12, accept: EMFILE; clients wait
		serv-select: 12 answered, connections: 12, accept: EMFILE; clients wait
		serv-thread: 12 answered, connections: 12, accept: EMFILE; clients wait
	END
}

# crowded PROGRAM...: run it with the descriptors up to 1021 taken.
crowded() {
	local fd
	ulimit -n 1100 || exit 77
	for ((fd = 3; fd < 1022; fd++)); do
		eval "exec $fd</dev/null"
	done
	exec "$@" 2>"$BATS_TEST_TMPDIR/said"
}
export -f crowded

# 1022 is the listener, 1023 the last that fits in an fd_set.
last_descriptor() {
	local last
	serve bash -c 'crowded "$@"' bash serv-select
	ask '5\n' && take 5
	last=$CONNECTION
	printf 'descriptor 1023: %s\n' "$REPLY"
	ask '5\n' && take 5 && hang_up
	printf 'descriptor 1024: %s\n' "$REPLY"
	CONNECTION=$last
	printf '6\n' >&"$CONNECTION" && take 6 && hang_up
	printf 'descriptor 1023: %s\n' "$REPLY"
	stop_server
	complaints
}

@test "serv-select: a client beyond FD_SETSIZE is turned away in so many words, the others stay" {
	observe last_descriptor
	expect <<-'END'
		descriptor 1023: 01234
		descriptor 1024: end
		descriptor 1023: 012345
		turned away: descriptor 1024 does not fit in an fd_set of 1024
	END
}

# VmHWM, the most memory the server ever had.
peak() {
	local word value rest
	while read -r word value rest; do
		[[ $word != VmHWM: ]] || PEAK=$value
	done <"/proc/$SERVER/status"
}
export -f peak

large() {
	local name before
	for name in serv-iterative serv-epoll; do
		serve "$name"
		ask '61\n' && take 61
		peak && before=$PEAK
		printf '100000000\n' >&"$CONNECTION"
		printf '%s: %d bytes, ' "$name" "$(head -c 100000000 <&"$CONNECTION" | wc -c)"
		peak
		hang_up
		stop_server
		((PEAK - before > 30000)) || printf 'less than a third of that in memory\n'
	done
}

@test "a server sends much without memory for it" {
	observe large
	expect <<-'END'
		serv-iterative: 100000000 bytes, less than a third of that in memory
		serv-epoll: 100000000 bytes, less than a third of that in memory
	END
}

addresses() {
	local address
	for address in 127.0.0.1 ::1 localhost :: 0.0.0.0; do
		serve serv-epoll -i "$address"
		client -i "$address" -p "$PORT" -c 1 -t 2 | head -n 1
		stop_server
	done
	serve serv-poll
	serv-select -p "$PORT" 2>&1 | sed "s/$PORT/PORT/" || : # exit status 1
	stop_server
}

@test "servers and client take IPv4, IPv6 and names; a port that is taken is an error" {
	getent hosts localhost >/dev/null || skip 'nobody knows localhost here: no /etc/hosts'
	observe addresses
	expect <<-'END'
		connections: 2
		connections: 2
		connections: 2
		connections: 2
		connections: 2
		serv-select: bind 127.0.0.1 port PORT: EADDRINUSE
	END
}

@test "every server prints its usage; what makes no sense is one line and exit status 2" {
	local path name bad said
	for path in "$BUILD"/bin/serv-*; do
		name=${path##*/}
		[[ $name != *.* ]] || continue
		run -0 "$name" -h
		[[ ${lines[0]} == "usage: $name "* ]]
		run -2 "$name" -p 65536
		[[ $output == "$name: -p: '65536' is not a number from 0 to 65535" ]]
	done
	while IFS='|' read -r bad said; do
		# shellcheck disable=SC2086 # words
		run -2 serv-prefork $bad
		[[ $output == "serv-prefork: $said" ]] || {
			printf '%s: %s\n' "$bad" "$output"
			return 1
		}
	done <<-'END'
		-x|no option -x, see -h
		-p|-p needs a value
		-p http|-p: 'http' is not a number from 0 to 65535
		-b -1|-b: '-1' is not a number from 0 to 2147483647
		-n 0|-n: '0' is not a number from 1 to 4096
		-w 1.5|-w: '1.5' is not a number from 0 to 86400
		-g x|-g: 'x' is not a number from 0 to 86400
		-m x|-m: 'x' is not a number from 0 to 576460752303423487
		word|what is 'word'? see -h
	END
	run -2 serv-poll -n 5
	[[ $output == 'serv-poll: no option -n, see -h' ]]
	run -2 serv-poll -i 1.2.3.4.5
	[[ $output == 'serv-poll: 1.2.3.4.5 port 2000: '* ]]
	conclude ok
}
