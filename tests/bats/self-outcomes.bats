#!/usr/bin/env bats
# The harness reports: what each test of self/outcomes.bats ends as, and what it says to its reader.

bats_require_minimum_version 1.5.0

setup_file() {
	local root=${BATS_TEST_DIRNAME%/tests/bats}
	export FIXTURES=$BATS_TEST_DIRNAME/self
	export OUT=$BATS_FILE_TMPDIR/report
	local status=0
	# An environment of its own: neither variables nor programs of the outer bats are the inner one's.
	env -i PATH="${PATH//"$BATS_LIBEXEC:"/}" HOME="$HOME" CSDESIGN_BUILD="${CSDESIGN_BUILD-$root/build}" \
		"$root/tests/run" -b -j 1 -o "$OUT" "$FIXTURES/outcomes.bats" >"$BATS_FILE_TMPDIR/tap" || status=$?
	[[ $status == 1 ]]
	status=0
	env -i PATH="${PATH//"$BATS_LIBEXEC:"/}" HOME="$HOME" CSDESIGN_BUILD="${CSDESIGN_BUILD-$root/build}" \
		"$root/tests/run" -j 1 -o "$OUT-light" "$FIXTURES/outcomes.bats" >"$BATS_FILE_TMPDIR/tap-light" || status=$?
	[[ $status == 1 ]]
}

# verdicts TAP REPORT: what each test ended as, in the stream and in the evidence.
verdicts() {
	sed -nE '/^(not )?ok /s/ in [0-9]+ ms//p' "$1"
	(cd "$2" && cut -f 1,3 self/*/outcome)
}

@test "without bats every test ends the same way" {
	diff <(verdicts "$BATS_FILE_TMPDIR/tap" "$OUT") <(verdicts "$BATS_FILE_TMPDIR/tap-light" "$OUT-light")
	[[ $(grep -c '^not ok' "$BATS_FILE_TMPDIR/tap-light") -gt 10 ]]
}

# says NAME OUTCOME [TEXT]...: how self/NAME ended, and what its part of the TAP stream tells.
says() {
	local outcome block want
	read -r outcome _ <"$OUT/self/$1/outcome"
	block=$(awk -v id=" self/$1:" '/^(not )?ok / { here = index($0, id) } here' "$BATS_FILE_TMPDIR/tap")
	printf 'outcome: %s\n%s\n' "$outcome" "$block"
	[[ $outcome == "$2" ]] || return 1
	case $2 in
	ok) [[ $block == 'ok '* ]] || return 1 ;;
	skipped | fault) [[ $block == 'ok '*'# skip '* ]] || return 1 ;;
	failed | broken) [[ $block == 'not ok '* ]] || return 1 ;;
	esac
	shift 2
	for want; do
		[[ $block == *"$want"* ]] || {
			printf 'not said: %s\n' "$want"
			return 1
		}
	done
}

@test "what is as claimed passes" {
	says right-facts ok
	says right-wire ok
	says in-range ok
	says met-need ok
}

@test "a wrong, an extra and a missing fact fail with a diff and the place of the evidence" {
	says wrong-fact failed '-client recv again: 0' '+client recv again: ECONNRESET' "evidence: $OUT/self/wrong-fact"
	says extra-fact failed '+client recv again: ECONNRESET'
	says missing-fact failed '-client recv at last: 0'
}

@test "a number out of its range fails, and so does a word where a number belongs" {
	says out-of-range failed '-client recv: 2..9' '+client recv: 1'
	says word-for-range failed ' client recv: 1' '-client recv again: 0..9'
	says any-fact failed '-client recv again: *'
}

@test "a wrong wire and a missing packet fail with a diff of the wire" {
	says wrong-wire failed '-S  F.    0' '+S  R.    0' 'expected: ' 'wrong.wire' 'seen: ' 'capture.pcap'
	says missing-packet failed '-C  .     0'
}

@test "a firewall that drops RST fails: the call that hangs is named, and the packet that is missing" {
	[[ $(<"$OUT/self/dropped-rst/outcome") != skipped* ]] || skip 'needs program nft'
	says dropped-rst failed 'not done after 2 s' '-client recv: ECONNRESET' '-S  R.    0'
}

@test "a call that never returns fails, and what still ran is named" {
	says hung failed 'still running: sleep' 'not done after 1 s'
}

@test "a leaked process breaks the scene" {
	says leaked-process broken 'still running: sleep' 'left processes behind'
}

@test "a server that does not start, and one that dies, break the scene and are quoted" {
	says dead-server broken "'nonsense' is not a number" 'did not get ready'
	says server-dies-later broken 'the server exited with 137'
}

@test "a probe that crashes, gives up or does not exist breaks the scene, with the reason" {
	says crash broken 'killed by SIGSEGV'
	says probe-gives-up broken 'bind(): EADDRINUSE'
	says no-probe broken 'self/no-probe: ENOENT'
}

@test "a capture that cannot be taken breaks the scene, with tcpdump's words" {
	says no-tcpdump broken 'tcpdump: lo: no permission'
}

@test "an expectation that makes no sense breaks, naming file and line" {
	says bad-expectation broken 'outcomes.bats:'
}

@test "a need that is not met skips with the reason; one that nobody knows breaks" {
	says unmet-need skipped 'needs linux 99.1'
	says unknown-need broken "unknown need 'hovercraft'"
	says impossible skipped 'no SO_WHATEVER'
}

@test "a test that does not judge fails" {
	says no-verdict broken 'no verdict'
	says error-before-verdict broken 'no verdict'
}

@test "a known difference passes with its reason, is still judged, and must name its kernels" {
	says variant ok
	grep -q 'as known for since-2.6: all kernels of today (UNP)' "$OUT/self/variant/outcome"
	says wrong-variant failed
	says any-fact-of-variant ok
	says any-other-fact-of-variant failed '-client recv then: *'
	says unknown-variant broken "'sometimes' names no kernel"
}

@test "a known fault is told apart from a new failure" {
	says known-fault fault 'known fault, mended by: net: mend what was wrong'
	says fault-elsewhere failed
}

@test "the totals count what really ran" {
	run -0 tail -n 1 "$BATS_FILE_TMPDIR/tap"
	[[ $output =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed,\ ([0-9]+)\ skipped$ ]]
	local sum=$((BASH_REMATCH[1] + BASH_REMATCH[2] + BASH_REMATCH[3]))
	run -0 grep -c '^@test' "$FIXTURES/outcomes.bats"
	((sum == output))
}
