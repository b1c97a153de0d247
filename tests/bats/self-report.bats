#!/usr/bin/env bats
# ci/report: what it makes of runs that were made by hand, and of what is no run.

bats_require_minimum_version 1.5.0

# What no rendering may be confused by: markup, the end of a CDATA section, a directive of TAP, a
# colour for the terminal, a byte that is not UTF-8.
NASTY=$'<b onclick="x">&amp; \'q\' ]]> # SKIP \\ \e[31mred\a \xff end'

# left RUN ID OUTCOME [REASON [FACTS]]: the evidence of one behaviour.
left() {
	local here=$BATS_FILE_TMPDIR/$1/$2
	mkdir -p "$here"
	printf '%s\t%d\t%s\n' "$3" 12 "${4-}" >"$here/outcome"
	printf '%s\n' "${5-client recv: 0}" >"$here/facts"
	printf '%s\n' 'client recv: 0' >"$here/expected"
	: >"$here/stderr"
	: >"$here/diff"
	if [[ $3 == failed ]]; then
		printf -- '--- expected\n+++ seen on %s\n@@ -1 +1 @@\n-client recv: 0\n+%s\n' "$1" "$5" >"$here/diff"
	fi
}

# kernel NAME RELEASE [LINE]...: what a run knows of its kernel.
kernel() {
	mkdir -p "$BATS_FILE_TMPDIR/$1"
	printf '%s\n' "name=$1" "release=$2" arch=x86_64 accel=tcg date=2026-01-02T03:04:05Z \
		seconds=7 config_hz=250 "${@:3}" >"$BATS_FILE_TMPDIR/$1/kernel"
}

setup_file() {
	local root=${BATS_TEST_DIRNAME%/tests/bats} old new
	export ROOT=$root REPORT=$root/ci/report
	export LC_ALL=C.UTF-8
	kernel old 5.10.223
	left old rst/linger-zero-close ok
	left old rst/close-unread ok 'as known for until-6.4: two SYNs (ip-sysctl.rst)'
	left old scm/max-253 fault 'scm: mend it'
	left old scm/order-bulk skipped 'needs linux 5.12' ''
	cp "$root/tests/pcap/rst/linger-zero-close.pcap" "$BATS_FILE_TMPDIR/old/rst/linger-zero-close/capture.pcap"
	kernel new 7.3.4 colour=blue
	left new rst/linger-zero-close failed 'differs: facts' "client recv: $NASTY"
	left new rst/close-unread ok
	left new scm/max-253 broken 'max-253: exit status 1' ''
	printf 'probe: bind: EADDRINUSE %s\n' "$NASTY" >"$BATS_FILE_TMPDIR/new/scm/max-253/stderr"
	left new scm/order-bulk ok
	mkdir -p "$BATS_FILE_TMPDIR/new/scm/never-ran"
	kernel dead 6.1.2 'broken=panicked before the shell'
	printf 'Kernel panic - not syncing: %s\n' "$NASTY" >"$BATS_FILE_TMPDIR/dead/console"
	kernel good 6.12.43
	left good rst/linger-zero-close ok
	left good rst/close-unread ok
	cd "$BATS_FILE_TMPDIR" || return
	for run in old new dead good; do "$REPORT" json "$run" >"$run.json"; done
	"$REPORT" json old new dead good >all.json
}

setup() {
	cd "$BATS_FILE_TMPDIR" || return
}

# is EXPECTED SEEN
is() {
	[[ $2 == "$1" ]] || {
		printf -- '-%s\n+%s\n' "$1" "$2"
		return 1
	}
}

# says TEXT...: $output has these, in this order.
says() {
	local rest=$output want
	for want; do
		[[ $rest == *"$want"* ]] || {
			printf 'not said: %s\n%s\n' "$want" "${output:0:5000}"
			return 1
		}
		rest=${rest#*"$want"}
	done
}

never_says() {
	[[ $output != *"$1"* ]] || {
		printf 'said: %s\n%s\n' "$1" "${output:0:5000}"
		return 1
	}
}

# of FILTER [FILE]: what jq reads in a report.
of() {
	jq -r "$1" "${2-all.json}"
}

# Set PATH to one without the programs of this project.
without_wire() {
	export CSDESIGN_BUILD=$BATS_TEST_TMPDIR
}

@test "json: outcome, reason, time, facts, claim and source of each behaviour, and what is known of the kernel" {
	is 'csdesign-report/1' "$(of .schema)"
	is '7.3.4 7 blue 250' "$(of '.runs[0].kernel | "\(.release) \(.seconds + 0) \(.colour) \(.config_hz)"' new.json)"
	is 'failed|differs: facts|12|1' "$(of '.runs[0].behaviours[] | select(.id == "rst/linger-zero-close") |
		"\(.outcome)|\(.reason)|\(.ms)|\(.facts | length)"' new.json)"
	is '{"behaviours":5,"ok":2,"known":0,"failed":1,"broken":2,"skipped":0,"fault":0,"ms":48}' "$(of '.runs[0].totals | tojson' new.json)"
	is "$("$ROOT/ci/list" | grep '^rst/linger-zero-close')" \
		"$(of '.runs[0].behaviours[] | select(.id == "rst/linger-zero-close") | [.id, .claim, .source] | join("\t")' old.json)"
}

@test "json: the wire and the ladder are those of the expectation; without the program they are empty" {
	is "$("${CSDESIGN_BUILD:-$ROOT/build}/bin/wire" print -e "$ROOT/tests/pcap/rst/linger-zero-close.wire" old/rst/linger-zero-close/capture.pcap)" \
		"$(of '.runs[0].behaviours[] | select(.id == "rst/linger-zero-close") | .wire' old.json)"
	is true "$(of '.runs[0].behaviours[] | select(.id == "rst/linger-zero-close") | .ladder | test("<svg") and test("sent this|RST")' old.json)"
	without_wire
	run -0 --separate-stderr "$REPORT" json old
	is 'report: no program wire: captures are not rendered' "$stderr"
	is '""' "$(jq '.runs[0].behaviours[] | select(.id == "rst/linger-zero-close") | .wire' <<<"$output")"
}

@test "json: what was announced and never ran is broken; so is an outcome that nobody knows" {
	is 'broken: it never ran' "$(of '.runs[0].behaviours[] | select(.id == "scm/never-ran") | "\(.outcome): \(.reason)"' new.json)"
	kernel odd 6.1
	left odd rst/close-unread fine
	run -0 "$REPORT" json odd
	is "broken: its outcome is 'fine'" "$(jq -r '.runs[0].behaviours[0] | "\(.outcome): \(.reason)"' <<<"$output")"
}

@test "json: a kernel that never ran the suite has its reason and its console; one without facts is such a kernel" {
	is 'panicked before the shell: 1 lines, 0 behaviours' \
		"$(of '.runs[0] | "\(.kernel.broken): \(.console | length) lines, \(.behaviours | length) behaviours"' dead.json)"
	mkdir -p "$BATS_TEST_TMPDIR/silent"
	run -0 "$REPORT" json "$BATS_TEST_TMPDIR/silent"
	is 'silent: left no facts about itself' "$(jq -r '.runs[0].kernel | "\(.name): \(.broken)"' <<<"$output")"
}

@test "json: bytes that are no text arrive as a text, whole" {
	is true "$(of '.runs[0].behaviours[] | select(.id == "rst/linger-zero-close") | .facts[0] |
		startswith("client recv: <b onclick=") and endswith("\ufffd end")' new.json)"
	kernel bytes 6.1
	left bytes rst/close-unread ok '' $'a\x1eb\x1fc'
	printf 'x\0y\n' >bytes/rst/close-unread/stderr
	run -0 "$REPORT" json bytes
	is '["a?b?c"] "x?y"' "$(jq -r '.runs[0].behaviours[0] | "\(.facts | tojson) \(.stderr | tojson)"' <<<"$output")"
}

@test "merge: runs stand in the order of their versions, each once; running kernel and gvisor have their places" {
	is 'old dead good new' "$(of '[.runs[].kernel.name] | join(" ")')"
	kernel host 6.12.43
	kernel gvisor 4.4.0
	kernel candidate 7.3.4-rc2
	kernel bzImage unknown
	for run in host gvisor candidate bzImage; do
		left "$run" rst/close-unread ok
		"$REPORT" json "$run" >"$run.json"
	done
	run -0 "$REPORT" merge gvisor.json new.json host.json all.json bzImage.json candidate.json
	is 'old dead good host candidate new bzImage gvisor' "$(jq -r '[.runs[].kernel.name] | join(" ")' <<<"$output")"
	jq ".runs[0].kernel.arch = \"aarch64\"" host.json >arm.json
	"$REPORT" merge host.json arm.json >two.json
	run -0 "$REPORT" text two.json
	says "host/aarch64: " "host/x86_64: "
}

@test "text: one kernel: what failed with its diff and evidence, what broke, the totals last, exit status 1" {
	run -1 "$REPORT" text new.json
	says 'new: 7.3.4' 'BROKEN  scm/max-253' 'exit status 1' 'EADDRINUSE' 'BROKEN  scm/never-ran' 'it never ran' \
		'FAILED  rst/linger-zero-close' 'differs: facts' '-client recv: 0' '+client recv: <b' \
		'evidence: new/rst/linger-zero-close' '5 behaviours: 2 ok, 1 FAILED, 2 BROKEN, 0 skipped'
	is '5 behaviours: 2 ok, 1 FAILED, 2 BROKEN, 0 skipped' "${lines[-1]}"
	never_says $'\e'
	never_says $'\a'
}

@test "text: known differences, known faults and skips have their reasons, and do not alarm" {
	run -0 "$REPORT" text old.json
	says 'As known' 'rst/close-unread: until-6.4: two SYNs' 'Skipped' 'needs linux 5.12: scm/order-bulk' \
		'known fault  scm/max-253' 'scm: mend it' \
		'4 behaviours: 2 ok (1 as known for this kernel), 0 failed, 0 broken, 1 skipped, 1 known fault'
}

@test "text: broken without a failure, a kernel that did not run, and a run that skips all are 125" {
	run -125 "$REPORT" text dead.json
	says 'DID NOT RUN  dead: panicked before the shell' 'Kernel panic - not syncing' '0 behaviours'
	never_says $'\e'
	kernel shaky 6.1
	left shaky rst/close-unread broken 'no tcpdump' ''
	left shaky rst/linger-zero-close ok
	"$REPORT" json shaky >shaky.json
	run -125 "$REPORT" text shaky.json
	says 'BROKEN  rst/close-unread' 'no tcpdump'
	kernel idle 6.1
	left idle rst/close-unread skipped 'needs a moon' ''
	"$REPORT" json idle >idle.json
	run -125 "$REPORT" text idle.json
	says 'nothing was tested' '1 behaviour: 0 ok, 0 failed, 0 broken, 1 skipped'
}

@test "text: several kernels: the matrix, with rows that are ok everywhere folded unless --all" {
	run -1 "$REPORT" text all.json
	says $'old   dead   good    new\n' 'rst' 'close-unread' 'ok*      -     ok     ok' \
		'linger-zero-close' 'ok      -     ok   FAIL' 'max-253' 'fault      -   n.a. BROKEN' 'order-bulk' 'skip' \
		'DID NOT RUN  dead' 'FAILED on new  rst/linger-zero-close' '4 kernels, 1 of them BROKEN, 11 behaviours: 6 ok (1 as known for their kernel), 1 FAILED, 2 BROKEN'
	"$REPORT" merge good.json old.json >two.json
	jq '(.runs[].behaviours[] | select(.id == "rst/close-unread")).reason = ""' two.json >plain.json
	run -0 "$REPORT" text plain.json
	says 'rst: 2 behaviours ok on every kernel'
	never_says 'close-unread'
	run -0 "$REPORT" text --all plain.json
	says 'close-unread' 'linger-zero-close'
	never_says 'on every kernel'
}

@test "text: twelve kernels and the longest names stay within 120 columns, and nothing is cut" {
	jq '.runs = [range(12) as $i | .runs[0] | .kernel.name = "6.12.\($i)-rc1-longname" | .kernel.date = "d\($i)" |
		.behaviours[0].id = "reuseport/distribution-and-stickiness-of-them"]' good.json >wide.json
	run -0 "$REPORT" text --all wide.json
	says 'distribution-and-stickiness-of-them' 'ok'
	for line in "${lines[@]}"; do ((${#line} <= 120)) || is 'at most 120 columns' "$line"; done
	is 12 "$(grep -v : <<<"$output" | grep -o longna | wc -l)"
}

@test "text --baseline: only what differs from it counts; numbers in their range do not" {
	run -0 "$REPORT" text --baseline old.json old.json
	says '0 changed since the baseline'
	never_says 'known fault  '
	run -1 "$REPORT" text --baseline good.json new.json
	says 'BROKEN  scm/max-253' 'in the baseline: not there' 'CHANGED  rst/linger-zero-close' 'in the baseline: ok; now: FAIL' \
		'-client recv: 0' '1 changed since the baseline'
	jq 'del(.runs[0].behaviours[] | select(.outcome == "broken"))' new.json >worse.json
	run -0 "$REPORT" text --baseline worse.json good.json
	says 'Mended since the baseline' 'rst/linger-zero-close: FAIL in the baseline, now ok'
	jq '.runs[0].behaviours[0] |= (.facts = ["n: 5"] | .expected = ["n: 1..9"])' good.json >five.json
	jq '.runs[0].behaviours[0] |= (.facts = ["n: 8"] | .expected = ["n: 1..9"])' good.json >eight.json
	jq '.runs[0].behaviours[0] |= (.facts = ["n: 10"] | .expected = ["n: 1..9"])' good.json >ten.json
	run -0 "$REPORT" text --baseline five.json eight.json
	run -1 "$REPORT" text --baseline five.json ten.json
	says '-n: 1..9' '+n: 10'
}

@test "tap: a point a behaviour, numbered, announced; known faults are TODO, skips SKIP, and text is no directive" {
	run -0 "$REPORT" tap all.json
	is 'TAP version 13' "${lines[0]}"
	is '1..12' "${lines[1]}"
	is "$(seq 12)" "$(sed -nE 's/^(not )?ok ([0-9]+) .*/\2/p' <<<"$output")"
	says 'ok 1 old rst/close-unread' '# as known for until-6.4' 'not ok 3 old scm/max-253' ' # TODO known fault, mended by: scm: mend it' \
		'ok 4 old scm/order-bulk' ' # SKIP needs linux 5.12' 'not ok 5 dead: the kernel runs the suite' '# Kernel panic' \
		$'\n# failed: differs: facts\n# --- expected' $'\n# broken: it never ran'
	never_says $'\e'
	# What is no point, no plan and no comment is only the version.
	is 'TAP version 13' "$(grep -vE '^((not )?ok |# |1\.\.)' <<<"$output")"
	jq '.runs[0].behaviours[0].claim = "a # SKIP \\ b"' good.json >hash.json
	run -0 "$REPORT" tap hash.json
	says 'a \# SKIP \\ b'
}

@test "ktap: kernels hold areas, areas behaviours; a parent is not ok when a child is not" {
	run -0 "$REPORT" ktap all.json
	is 'KTAP version 1' "${lines[0]}"
	is '1..4' "${lines[1]}"
	says $'  KTAP version 1\n  1..2\n    KTAP version 1\n    1..2\n    # close-unread: as known' $'\n    ok 1 close-unread\n    ok 2 linger-zero-close\n  ok 1 rst\n' \
		'    not ok 1 max-253 # XFAIL known fault, mended by: scm: mend it' '    ok 2 order-bulk # SKIP needs linux 5.12' \
		$'\n  ok 2 scm\nok 1 old\n' '  not ok 1 runs-the-suite # ERROR panicked before the shell' $'\nnot ok 2 dead\n' \
		$'\nok 3 good\n' 'not ok 2 linger-zero-close # differs: facts' $'\n  not ok 1 rst\n' '# ERROR max-253: exit status 1' $'\nnot ok 4 new'
	never_says $'\e'
}

@test "junit: well formed whatever the evidence holds, with a word each for failed, broken and skipped" {
	type -P xmllint >/dev/null || skip 'needs program xmllint'
	"$REPORT" junit all.json >all.xml
	xmllint --noout all.xml
	value() { xmllint --xpath "string($1)" all.xml; }
	is '12 1 3 2' "$(value '/testsuites/@tests') $(value '/testsuites/@failures') $(value '/testsuites/@errors') $(value 'sum(//testsuite/@skipped)')"
	is '12 1 3 2' "$(value 'count(//testcase)') $(value 'count(//failure)') $(value 'count(//error)') $(value 'count(//skipped)')"
	is 'differs: facts' "$(value '//testsuite[@name="new"]/testcase[starts-with(@name, "linger-zero-close")]/failure/@message')"
	is 'known fault, mended by: scm: mend it' "$(value '//testsuite[@name="old"]/testcase[starts-with(@name, "max-253")]/skipped/@message')"
	is 'panicked before the shell' "$(value '//testsuite[@name="dead"]/testcase/error/@message')"
	is '5.10.223' "$(value '//testsuite[@name="old"]/properties/property[@name="release"]/@value')"
	[[ $(value '//testsuite[@name="new"]//failure') == *"<b onclick=\"x\">&amp; 'q' ]]>"* ]]
	[[ $(value '//testsuite[@name="old"]/testcase[@classname="old.rst"][2]/system-out') == *'client recv: 0'*'wire:'*'R.'* ]]
}

@test "html: one page, nothing from outside, and evidence is text, not markup" {
	"$REPORT" html all.json >all.html
	run -0 cat all.html
	never_says '<b onclick'
	never_says $'\e'
	[[ ! $output =~ (src|href)=\"?(https?:|//|file:) ]]
	says 'Different from the claim' 'rst/linger-zero-close</a> on new' 'did not run' 'dead: panicked before the shell' \
		'Known faults of released kernels' 'scm: mend it' 'Known differences, and right' 'until-6.4: two SYNs' \
		'CONFIG_HZ' 'data:image/svg+xml;base64,' '&lt;b onclick=&quot;x&quot;&gt;&amp;amp;'
	# Every link has a target, and no name is used twice.
	is '' "$(comm -23 <(grep -o 'href="#[^"]*"' all.html | sed 's/.*#//; s/"$//' | sort -u) <(grep -o 'id="[^"]*"' all.html | sed 's/^id="//; s/"$//' | sort -u))"
	is '' "$(grep -o ' id="[^"]*"' all.html | sort | uniq -d)"
	if type -P xmllint >/dev/null; then
		run xmllint --html --noout all.html
		# Its HTML is older than some of our elements.
		is '' "$(grep ' error ' <<<"$output" | grep -v 'Tag [a-z]* invalid')"
	fi
}

@test "html: kernels that did the same share the evidence; the one that did not is marked" {
	jq '.runs = [.runs[0], (.runs[0] | .kernel.name = "b"), (.runs[0] | .kernel.name = "c" | .behaviours[0].facts = ["other: 1"])]' old.json >three.json
	run -0 "$REPORT" html three.json
	is 1 "$(grep -o 'data:image' <<<"$output" | wc -l)"
	says 'title="not as on b">&ne;'
	is 1 "$(grep -o 'title="not as on' <<<"$output" | wc -l)"
}

@test "input that is none: one line, exit status 2" {
	printf '{' >half.json
	printf '\n' >empty.json
	printf '{"schema": "other/9", "runs": []}\n' >other.json
	printf '{"schema": "csdesign-report/1", "runs": [{"kernel": {}}]}\n' >part.json
	cat good.json good.json >double.json
	local file command
	for file in half.json empty.json other.json part.json double.json absent.json; do
		for command in text merge junit; do
			run -2 --separate-stderr "$REPORT" "$command" "$file"
			is '' "$output"
			is 1 "${#stderr_lines[@]}"
			[[ $stderr == "report: "*"$file"* ]] || is "$file" "$stderr"
		done
	done
	run -2 --separate-stderr "$REPORT" merge good.json half.json
	[[ $stderr == *half.json* && $stderr != *good.json* ]]
	run -2 --separate-stderr "$REPORT" text --baseline half.json good.json
	[[ $stderr == *half.json* ]]
	run -2 --separate-stderr "$REPORT" json old absent
	is 'report: absent: no such directory' "$stderr"
	run -2 "$REPORT"
	run -2 "$REPORT" yaml good.json
	run -2 "$REPORT" text --frob good.json
}

@test "what costs time is processes: jq runs once, wire twice a capture" {
	local i program
	mkdir -p "$BATS_TEST_TMPDIR/bin"
	for program in jq wire; do
		printf '#!/bin/sh\necho %s >>"%s"\n' $program "$BATS_TEST_TMPDIR/calls" >"$BATS_TEST_TMPDIR/bin/$program"
	done
	printf 'exec %s "$@"\n' "$(type -P jq)" >>"$BATS_TEST_TMPDIR/bin/jq"
	chmod +x "$BATS_TEST_TMPDIR/bin/"*
	kernel twenty 6.1
	for ((i = 0; i < 20; i++)); do left twenty "rst/behaviour-$i" ok; done
	cp old/rst/linger-zero-close/capture.pcap twenty/rst/behaviour-7/
	CSDESIGN_BUILD=$BATS_TEST_TMPDIR "$REPORT" json twenty >twenty.json
	is 20 "$(of '.runs[0].behaviours | length' twenty.json)"
	is 'jq wire wire' "$(sort "$BATS_TEST_TMPDIR/calls" | xargs)"
}
