#!/usr/bin/env bats
# A world: what it forbids, what it leaves behind (nothing), and who may make one (everybody).

bats_require_minimum_version 1.5.0

ROOT=${BATS_TEST_DIRNAME%/tests/bats}
BUILD=${CSDESIGN_BUILD:-$ROOT/build}
PATH=$BUILD/bin:${PATH//"$BATS_LIBEXEC:"/}

# as_nobody COMMAND...: as an ordinary user, from where such a user can read. Root only.
as_nobody() {
	setpriv --reuid=65534 --regid=65534 --clear-groups env -i -C / PATH="$PATH" HOME=/nonexistent "$@"
}

# A copy of what a behaviour needs in a place that everybody can read; a checkout may not be one.
copy_for_everybody() {
	COPY=$(mktemp -d -p /tmp) # where everybody may go; TMPDIR is the run's own
	chmod 755 "$COPY"
	mkdir -p "$COPY/build/bin" "$COPY/build/misc" "$COPY/tests"
	cp -r "$ROOT/tests/." "$COPY/tests"
	cp "$BUILD/bin/world" "$BUILD/bin/wire" "$COPY/build/bin"
	cp -r "$BUILD/misc/rst" "$COPY/build/misc"
	chmod -R a+rX "$COPY"
	install -d -o 65534 -g 65534 "$COPY/report"
}

# needs_user_namespaces: to make worlds without being root. A chroot has none (unshare(2), EPERM).
needs_user_namespaces() {
	((EUID == 0)) || skip 'needs root'
	as_nobody unshare --user true || skip 'no user namespaces here'
}

teardown() {
	[[ -z ${COPY-} ]] || rm -rf "$COPY"
}

# running COMMAND: whether a process has exactly that command line.
running() {
	local pattern="^${1// /\\x00}\\x00\$" found
	found=$(grep -lsPa "$pattern" /proc/[0-9]*/cmdline) || : # processes come and go while it reads
	[[ $found ]]
}

# marked VARIABLE=VALUE: whether a process has that in its environment.
marked() {
	local found
	found=$(grep -lsa "$1" /proc/[0-9]*/environ) || :
	[[ $found ]]
}

# ended_with STATUS PID: a background job's exit status; `run wait` would ask a subshell for it.
ended_with() {
	local status=0
	wait "$2" || status=$?
	[[ $status == "$1" ]] || {
		printf 'exit status %s, not %s\n' "$status" "$1"
		return 1
	}
}

@test "the command's exit status comes through" {
	run -0 world true
	run -3 world sh -c 'exit 3'
	run -77 world sh -c 'exit 77'
}

@test "bad usage is one line and exit status 2" {
	run -2 world
	[[ $output == 'world: no command; see world -h' ]]
	run -2 world -t soon true
	[[ $output == "world: SECONDS: 'soon' is not a number from 1 to 86400" ]]
}

@test "the world has loopback, reno, default dispositions and no descriptor but three" {
	trap '' PIPE
	run -0 world sh -c 'cat /proc/sys/net/ipv4/tcp_congestion_control; grep SigIgn /proc/self/status; ls /proc/self/fd | wc -l'
	trap - PIPE
	printf '%s\n' "$output"
	[[ ${lines[0]} == reno ]]
	[[ ${lines[1]} == *0000000000000000 ]]
	[[ ${lines[2]} == 4 ]] # ls itself has the directory open
}

@test "a sysctl changed inside does not reach outside" {
	local before after
	before=$(</proc/sys/net/ipv4/tcp_fin_timeout)
	run -0 world sh -c 'echo 7 >/proc/sys/net/ipv4/tcp_fin_timeout'
	after=$(</proc/sys/net/ipv4/tcp_fin_timeout)
	[[ $before == "$after" ]]
}

@test "a capture is complete: its first and its last packet are there, 20 times in a row" {
	local i
	for i in {1..20}; do
		world -c "$BATS_TEST_TMPDIR/c.pcap" "$BUILD/misc/rst/linger-zero-close" >/dev/null
		wire match "$BATS_TEST_DIRNAME/self/right.wire" "$BATS_TEST_TMPDIR/c.pcap"
	done
}

@test "an interrupt ends the command, its children and the capture, and leaves no namespace" {
	local signal
	for signal in INT TERM HUP; do
		mkfifo "$BATS_TEST_TMPDIR/$signal"
		set -m # a process group of its own, as a terminal gives it; else INT would be ignored
		env MARK=61.$$ world -c "$BATS_TEST_TMPDIR/c.pcap" sh -c "sleep 61.$$ & echo; sleep 61.$$" \
			>"$BATS_TEST_TMPDIR/$signal" 2>"$BATS_TEST_TMPDIR/said" 3>&- &
		set +m
		read -r -t 20 _ <>"$BATS_TEST_TMPDIR/$signal"
		marked "MARK=61.$$"
		kill -"$signal" -- "-$!"
		ended_with 125 $!
		grep -q "interrupted by SIG$signal" "$BATS_TEST_TMPDIR/said"
		run -1 running "sleep 61.$$"
		# The namespace ends with the last of them. (Its number would be the next one's at once.)
		run -1 marked "MARK=61.$$"
	done
}

@test "a world with a capture stays on one processor" {
	run -0 world -c "$BATS_TEST_TMPDIR/c.pcap" nproc
	[[ $output == 1 ]]
}

@test "a command that stops its process group stops itself, not the deadline" {
	# shellcheck disable=SC2016 # the world's shell expands these: the leader of a group is it
	run -0 world sh -c 'read -r _ _ _ _ group _ </proc/$$/stat && [ "$group" = $$ ]'
	run -124 world -t 1 sh -c 'kill -STOP 0'
	[[ $output == *'not done after 1 s'* ]]
}

@test "a world whose parent is killed ends, and everything in it" {
	local begun
	mkfifo "$BATS_TEST_TMPDIR/begun"
	bash -c "world sh -c 'sleep 62.$$ & echo; sleep 62.$$'; true" >"$BATS_TEST_TMPDIR/begun" 3>&- 2>/dev/null &
	exec {begun}<"$BATS_TEST_TMPDIR/begun"
	read -r -t 20 _ <&"$begun"
	kill -KILL $!
	timeout 20 cat <&"$begun" # to its end, which is that of the last who could write
	exec {begun}<&-
	run -1 running "sleep 62.$$"
}

@test "^C ends a whole run of tests at once, and nothing of it is left" {
	local by_bats
	mkfifo "$BATS_TEST_TMPDIR/begun"
	for by_bats in '' -b; do interrupted $by_bats; done
}

interrupted() { # [-b]
	mkdir "$BATS_TEST_TMPDIR/scratch"
	set -m
	env -i --default-signal=INT PATH="$PATH" HOME="$HOME" CSDESIGN_BUILD="$BUILD" BEGUN="$BATS_TEST_TMPDIR/begun" NAP=63.$$ \
		TMPDIR="$BATS_TEST_TMPDIR/scratch" \
		"$ROOT/tests/run" ${1+"$1"} -j 2 -o "$BATS_TEST_TMPDIR/report" "$BATS_TEST_DIRNAME/self/endless.bats" \
		>"$BATS_TEST_TMPDIR/tap" 2>&1 3>&- &
	set +m
	read -r -t 20 _ <>"$BATS_TEST_TMPDIR/begun"
	kill -INT -- "-$!"
	ended_with 130 $!
	run -1 running "sleep 63.$$"
	grep -qx '# interrupted' "$BATS_TEST_TMPDIR/tap"
	rmdir "$BATS_TEST_TMPDIR/scratch"
}

@test "an ordinary user can do it all" {
	((EUID == 0)) || skip 'this is an ordinary user: every other test shows it'
	needs_user_namespaces
	copy_for_everybody
	run -0 as_nobody "$COPY/tests/run" -j 1 -o "$COPY/report" -f '^rst/linger-zero-close:' "$COPY/tests/bats/rst.bats"
	[[ ${lines[-1]} == '1 passed, 0 failed, 0 skipped' ]]
	[[ -s $COPY/report/rst/linger-zero-close/capture.pcap ]]
}

@test "a root without privileges, as in a container, can do it all" {
	needs_user_namespaces
	run -0 setpriv --bounding-set=-all,+setfcap --inh-caps=-all env -i PATH="$PATH" HOME="$HOME" CSDESIGN_BUILD="$BUILD" \
		"$ROOT/tests/run" -j 1 -o "$BATS_TEST_TMPDIR/report" -f '^rst/linger-zero-close:' "$ROOT/tests/bats/rst.bats"
	[[ ${lines[-1]} == '1 passed, 0 failed, 0 skipped' ]]
}

@test "where user namespaces are forbidden, one line says which sysctl to set" {
	needs_user_namespaces # to forbid them in one
	run -125 unshare --user --map-root-user sh -c \
		'exec setpriv --bounding-set=-all --inh-caps=-all world true'
	[[ $output == *'without CAP_SYS_ADMIN and CAP_SETFCAP'* && ${#lines[@]} == 1 ]]
	run -125 unshare --user --map-root-user sh -c \
		'echo 0 >/proc/sys/user/max_user_namespaces; exec setpriv --bounding-set=-all --inh-caps=-all world true'
	[[ $output == *'sysctl user.max_user_namespaces='* ]]
	[[ ${#lines[@]} == 1 ]]
}
