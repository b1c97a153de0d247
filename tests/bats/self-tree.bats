#!/usr/bin/env bats
# The tree: a behaviour's files find each other by its id, and nothing stands alone.

bats_require_minimum_version 1.5.0

setup() {
	cd "${BATS_TEST_DIRNAME%/tests/bats}" || return
	ci/list >"$BATS_TEST_TMPDIR/list"
	cut -f 1 "$BATS_TEST_TMPDIR/list" >"$BATS_TEST_TMPDIR/ids"
}

# none WHAT <LINES: fails, printing them, when there are any.
none() {
	local lines
	mapfile -t lines
	((${#lines[@]} == 0)) || {
		printf '%s: %s\n' "$1" "${lines[*]}"
		return 1
	}
}

# ids_of GLOB...: the ids that paths such as misc/AREA/STEM.c stand for.
ids_of() {
	printf '%s\n' "$@" | sed -E 's|.*/([^/]+/[^/]+)\.[a-z]+$|\1|; s|@.*||' | sort -u
}

@test "every id is there once, in the file of its area" {
	sort "$BATS_TEST_TMPDIR/ids" | uniq -d | none 'twice'
	while IFS=: read -r file id; do
		[[ $file == "tests/bats/${id%/*}.bats" ]] || printf '%s in %s\n' "$id" "$file"
	done < <(grep -oE '^@test "[a-z0-9-]+/[a-z0-9-]+:' tests/bats/*.bats | sed 's/@test "//; s/:$//') | none 'misplaced'
}

@test "every behaviour names its source" {
	awk -F '\t' '$3 == "" { print $1 }' "$BATS_TEST_TMPDIR/list" | none 'without source'
}

@test "every probe has its test, and names its id and claim first" {
	comm -23 <(ids_of misc/*/*.c) <(sort "$BATS_TEST_TMPDIR/ids") | none 'probes without a test'
	local probe id
	for probe in misc/*/*.c; do
		id=${probe#misc/}
		id=${id%.c}
		sed -n 2p "$probe" | grep -qF " * $id: " || printf '%s\n' "$probe"
	done | none 'probes whose comment does not begin with their id'
}

@test "every expectation has its test and fixture, every fixture its expectation" {
	comm -23 <(ids_of tests/pcap/*/*.wire) <(sort "$BATS_TEST_TMPDIR/ids") | none 'expectations without a test'
	comm -3 <(ids_of tests/pcap/*/*.wire) <(ids_of tests/pcap/*/*.pcap) | none 'alone'
}

@test "no behaviour of the catalogue is missing" {
	comm -23 <(grep -v '^#' tests/catalogue | sort) <(sort "$BATS_TEST_TMPDIR/ids") | none 'missing'
}

@test "every probe tells what its claim means for a program, last of all" {
	local probe
	for probe in misc/*/*.c; do
		sed -n '1,/\*\//p' "$probe" | awk '/^ \*$/ { last = ""; next } !/\*\// && last == "" { last = $0 } END { exit last !~ /^ \* So / }' ||
			printf '%s\n' "$probe"
	done | none 'no last paragraph that begins with So'
}

@test "the pages are what the tests, probes and servers say (make pages)" {
	local page
	for page in $(cut -d / -f 1 "$BATS_TEST_TMPDIR/ids" | sort -u) $(cd src && printf '%s\n' serv-*.c | sed 's/\.c$//'); do
		diff -u "docs/$page.md" <(ci/pages "$page")
	done
	diff -u docs/README.md <(ci/pages index)
}

@test "every link of the documentation leads somewhere" {
	local page link
	for page in README.md docs/*.md tests/pcap/README.md; do
		{ grep -oE '\]\([^)#:]+[)#]' "$page" || :; } | sed 's/^](//; s/.$//' | while read -r link; do
			[[ -e ${page%/*}/$link || ($page == README.md && -e $link) ]] || printf '%s -> %s\n' "$page" "$link"
		done
	done | none 'dead'
}

@test "the pictures are those of the fixtures (make pictures)" {
	local fixture id
	for fixture in tests/pcap/*/*.pcap; do
		id=${fixture#tests/pcap/}
		id=${id%.pcap}
		"${CSDESIGN_BUILD:-build}/bin/wire" ladder -e "${fixture%.pcap}.wire" "$fixture" | cmp -s - "docs/img/$id.svg" ||
			printf '%s\n' "$id"
	done | none 'out of date'
}

@test "the page of differences is what the tests say (make pages)" {
	diff -u docs/differences.md <(ci/differences)
}
