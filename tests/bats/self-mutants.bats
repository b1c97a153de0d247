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
	cp "$root"/ci/{list,mutants,mutants.awk,answers.awk} ci
	cp "$root/tests/light" tests
	ln -s "$root/src" src
	ln -s "$root/tests/bats/lib" tests/bats/lib
	probe seen 'fact(recv(ends[0], &byte, 1, MSG_DONTWAIT), "recv");'
	# shellcheck disable=SC2016 # for a test to expand
	printf 'load lib/behaviour\n@test "demo/%s: ends" {\n\tobserve\n\texpect <<<"$FACTS"\n}\n' seen told >tests/bats/demo.bats
}

@test "mutants of a probe are noticed, and its fact is seen to change" {
	FACTS='recv: 0' run -0 ci/mutants demo/seen
	[[ $output =~ ^demo/seen:\ [1-9][0-9]*\ mutants,\ [1-9][0-9]*\ noticed\;\ 0\ lies,\ 0\ noticed\;\ facts\ never\ seen\ to\ change:\ 0\ of\ 1$ ]]
}

@test "a fact that does not come from the kernel is named" {
	probe told 'fact(recv(ends[0], &byte, 1, MSG_DONTWAIT), "recv");' 'fact_text("end of file", "yes");'
	FACTS=$'recv: 0\nend of file: yes' run -0 ci/mutants demo/told
	[[ ${lines[0]} == *'never seen to change: 1 of 2' && ${lines[1]} == $'\tend of file: yes' ]]
}

# needs_strace: and leave to trace, which some containers do not give.
needs_strace() { strace -o /dev/null true 2>/dev/null || skip 'no strace here, or it may not trace'; }

# shellcheck disable=SC2016 # C
SO_ERROR='int error = 0; socklen_t size = sizeof(error); must(getsockopt(ends[0], SOL_SOCKET, SO_ERROR, &error, &size));'

@test "a fact that no mutant changes is changed by a forged answer; one that no answer makes is named" {
	needs_strace
	probe told "(void)byte; $SO_ERROR" 'fact(error, "SO_ERROR");' 'fact_text("end of file", "yes");'
	FACTS=$'SO_ERROR: 0\nend of file: yes' run -0 --separate-stderr ci/mutants -v demo/told
	printf '%s\n' "$output" "$stderr"
	[[ ${lines[0]} == *'; '[1-9]*' lies, '[1-9]*' noticed; '*'never seen to change: 1 of 2' ]]
	[[ ${lines[1]} == $'\tend of file: yes' && ${#lines[@]} == 2 ]]
	[[ $stderr == *'lie getsockopt:poke_exit=@arg4=06060606:when=1: other: failed: differs: facts [1]'* ]]
	[[ $(ls -A "$TMPDIR") == '' ]]
}

# forged: of the facts `r: 2` and `SIGIO: 0`, what answers.awk would forge in the trace on stdin.
forged() { LC_ALL=C awk -f ci/answers.awk <(printf '1\tr: 2\n3\tSIGIO: 0\n') - | tr '\t' ' '; }

@test "the answers that are forged: of the last calls before a fact, whoever made them" {
	forged <<-'END' >answers
		7 execve("\x2f", [], 0x7ffc) = 0
		7 read(3, "\x7f\x45", 832) = 2
		7 set_tid_address(0x7f) = 7
		7 recvfrom(4,  <unfinished ...>
		8 shutdown(5, 0x1 <unfinished ...>
		7 <... recvfrom resumed>"\x61\x31", 8, 0, NULL, NULL) = 2
		8 <... shutdown resumed>) = 0
		8 write(1, "\x72\x3a\x20\x32\x0a", 5) = 5
		9 close(4) = 0
	END
	diff - answers <<-'END'
		1 other recvfrom:poke_exit=@arg2=6030:when=1
		1 error shutdown:error=EXDEV:when=1
		1 error recvfrom:error=EXDEV:when=1
		1 error recvfrom:error=EAGAIN:when=1
		1 nothing shutdown:retval=0:when=1
		1 nothing recvfrom:retval=2:when=1
	END
}

@test "the answers that are forged: what comes in, and no fact of another process, nor a round of waiting" {
	forged <<-'END' | sed '/error\|nothing/d' >answers
		7 getsockopt(5, 0x6, 0xb, {tcpi_state=0x1}, [8 => 4]) = 0
		7 poll([{fd=5, events=0x2001}], 1, 0) = 1 ([{fd=5, revents=0x10}])
		7 pselect6(6, NULL, [5], NULL, NULL, NULL) = 1 (out [5])
		7 recvfrom(5, 0x7ffd, 8, 0x40, NULL, NULL) = -1 EAGAIN (Resource temporarily unavailable)
		8 write(1, "\x72\x3a\x20\x32\x0a", 5 <unfinished ...>
		7 read(3, "\x72\x3a\x20\x32\x0a", 1024) = 5
		8 <... write resumed>) = 5
		7 write(1, "\x72\x3a\x20\x32\x0a", 5) = 5
		9 clock_nanosleep(0, 0, {tv_sec=0, tv_nsec=200000}, NULL) = 0
		9 ioctl(5, 0x541b, [3]) = 0
		9 clock_nanosleep(0, 0, {tv_sec=0, tv_nsec=200000}, NULL) = 0
		9 read(4, "\x61\x20\x37\x0a", 512) = 4
		9 write(1, "\x53\x49\x47\x49\x4f\x3a\x20\x30\x0a", 9) = 9
	END
	sed -n 1,8p answers | diff - <(
		cat <<-'END'
			1 other recvfrom:retval=0:when=1
			3 other read:poke_exit=@arg2=6120360a:when=1
			3 signal read:signal=SIGIO:when=1
			1 other pselect6:poke_exit=@arg3=0000000000000000:when=1
			3 other recvfrom:retval=0:when=1
			3 signal recvfrom:signal=SIGIO:when=1
			1 other poll:retval=1:poke_exit=@arg1=0500000001203800:when=1
			3 other pselect6:poke_exit=@arg3=0000000000000000:when=1
		END
	)
	grep -x '1 other getsockopt:poke_exit=@arg4=06060606:when=1' answers
	! grep 'read.*723a\|ioctl' answers || return
}

@test "without strace there are mutants of the probe only, and it is said" {
	mkdir bin
	ln -sf /usr/sbin/* /usr/bin/* bin
	rm -f bin/strace
	probe told "(void)byte; $SO_ERROR" 'fact(error, "SO_ERROR");'
	FACTS='SO_ERROR: 0' PATH=$PWD/bin run -1 --separate-stderr ci/mutants -n 2 demo/told
	printf '%s\n' "$output" "$stderr"
	[[ $stderr == 'mutants: no strace here: no answers are forged' ]]
	[[ ${lines[0]} == *' 0 lies, 0 noticed; facts never seen to change: 1 of 1' ]]
}

@test "a behaviour of which no mutant changes a fact fails, though its scene may break" {
	probe told '(void)byte;' 'fact_text("recv", "0");'
	FACTS='recv: 0' run -1 ci/mutants demo/seen demo/told
	[[ $output == *'demo/told: '*'noticed; facts never seen to change: 1 of 1'* && $output == *'demo/seen: '*' 0 of 1'* ]]
}

@test "a mutant that hangs is noticed, and nothing stays of it" {
	probe told 'fact(recv(ends[0], &byte, 1, 0), "recv");' 'fact_text("always", "so");'
	FACTS=$'recv: 0\nalways: so' run -0 --separate-stderr ci/mutants -n 3 -v demo/told
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
