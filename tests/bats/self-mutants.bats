#!/usr/bin/env bats
# ci/mutants, in a tree with two probes: one whose facts are the kernel's, one that only claims so.

bats_require_minimum_version 1.5.0

# probe STEM LINE...: misc/demo/STEM.c, of which LINE... end a scene on a Unix-domain pair.
probe() {
	{
		printf '/*\n * demo/%s: a probe.\n */\n' "$1"
		printf '#include <%s>\n' sys/socket.h unistd.h
		printf '#include "lib/%s.h"\n' fact must
		printf '\nint main(void)\n{\n\tint ends[2];\n\tchar byte;\n\n'
		printf '\tmust(socketpair(AF_UNIX, SOCK_STREAM, 0, ends));\n\tmust(shutdown(ends[1], SHUT_WR));\n'
		printf '\t%s\n' "${@:2}" 'return 0;'
		printf '}\n'
	} >"misc/demo/$1.c"
}

setup() {
	local root=${BATS_TEST_DIRNAME%/tests/bats} apart=(-pf --mount-proc)
	export TMPDIR=$BATS_TEST_TMPDIR/tmp CSDESIGN_BUILD=${CSDESIGN_BUILD:-$root/build}
	((EUID == 0)) || apart+=(-c)
	unshare "${apart[@]}" true || skip 'no namespaces of processes and mounts here'
	mkdir -p "$TMPDIR" "$BATS_TEST_TMPDIR/tree/"{misc/demo,ci,tests/bats} && cd "$BATS_TEST_TMPDIR/tree" || return
	cp "$root"/ci/{list,mutants,mutants.awk} ci
	cp "$root/tests/light" tests
	ln -s "$root/src" src
	ln -s "$root/tests/bats/lib" tests/bats/lib
	probe seen 'fact(recv(ends[0], &byte, 1, MSG_DONTWAIT), "recv");'
	# shellcheck disable=SC2016 # for a test to expand
	printf 'load lib/behaviour\n@test "demo/%s: ends" {\n\tobserve\n\texpect <<<"$FACTS"\n}\n' seen told >tests/bats/demo.bats
}

@test "mutants of a probe are noticed, and its fact is seen to change" {
	FACTS='recv: 0' run -0 ci/mutants demo/seen
	[[ $output =~ ^demo/seen:\ [1-9][0-9]*\ mutants,\ [1-9][0-9]*\ noticed\;\ facts\ never\ seen\ to\ change:\ 0\ of\ 1$ ]]
}

@test "a fact that does not come from the kernel is named" {
	probe told 'fact(recv(ends[0], &byte, 1, MSG_DONTWAIT), "recv");' 'fact_text("end of file", "yes");'
	FACTS=$'recv: 0\nend of file: yes' run -0 ci/mutants demo/told
	[[ ${lines[0]} == *'never seen to change: 1 of 2' && ${lines[1]} == $'\tend of file: yes' ]]
}

@test "a behaviour of which no mutant changes a fact fails, though its scene may break" {
	probe told '(void)byte;' 'fact_text("recv", "0");'
	FACTS='recv: 0' run -1 ci/mutants demo/seen demo/told
	[[ $output == *'demo/told: '*'noticed; facts never seen to change: 1 of 1'* && $output == *'demo/seen: '*' 0 of 1'* ]]
}

@test "a mutant that hangs is noticed, and nothing stays of it" {
	probe told 'fact(recv(ends[0], &byte, 1, 0), "recv");' 'fact_text("always", "so");'
	FACTS=$'recv: 0\nalways: so' run -0 --separate-stderr ci/mutants -v demo/told
	# shellcheck disable=SC2154 # bats sets it
	printf '%s\n' "$output" "$stderr"
	[[ $stderr == *'differs: hung'* ]]
	[[ $(ls -A "$TMPDIR") == '' ]]
}

@test "what is interrupted leaves nothing" {
	probe told 'while (recv(ends[0], &byte, 1, MSG_PEEK) == 0);' 'fact_text("recv", "0");'
	FACTS='recv: 0' ci/mutants demo/told 3>&- &
	local pid=$!
	until [[ -e $(printf '%s' "$TMPDIR"/*/report/demo/told/facts) ]]; do
		[[ -e /proc/$pid ]] # else it ended before
		sleep 0.01
	done
	# timeout(1) and a terminal signal the whole group: its children are told twice.
	# shellcheck disable=SC2046 # numbers
	kill -TERM "$pid" $(<"/proc/$pid/task/$pid/children")
	local status=0
	wait "$pid" || status=$?
	printf 'status %d\n' "$status"
	[[ $status == 130 ]]
	[[ $(ls -A "$TMPDIR") == '' ]]
	! grep -lx told /proc/[0-9]*/comm 2>/dev/null || return
}

@test "what is no behaviour is refused in one line" {
	run -2 ci/mutants demo/none
	[[ ${#lines[@]} == 1 && $output == 'mutants: no probe of that name: demo/none; usage: '* ]]
	run -2 ci/mutants -n 0 demo/seen
	[[ ${#lines[@]} == 1 ]]
}
