#!/usr/bin/env bats
# ci/boot, ci/kernels and ci/bisect: bad input, and machines that misbehave, each get a clear line and
# the status that `git bisect run` understands. No machine is booted: self/fake-qemu stands for it.

bats_require_minimum_version 1.5.0

# A file that passes for a kernel: the header of Documentation/arch/x86/boot.rst, and zeros.
make_image() {
	{
		head -c $((0x1f1)) /dev/zero
		printf '\x01'                              # setup_sects: 2 sectors in all
		head -c 2 /dev/zero && printf '\xc0\0\0\0' # syssize: 0xc0 paragraphs, 3 KiB
		head -c $((0x1fe - 0x1f8)) /dev/zero && printf '\x55\xaa'
		head -c 2 /dev/zero && printf 'HdrS\x0f\x02' # version 2.15
		head -c $((0x236 - 0x208)) /dev/zero && printf '\x7f'
		head -c $((4096 - 0x237)) /dev/zero
	} >"$1"
}

setup_file() {
	export ROOT=${BATS_TEST_DIRNAME%/tests/bats}
	export XDG_CACHE_HOME=$BATS_FILE_TMPDIR/cache
	make_image "$BATS_FILE_TMPDIR/bzImage"
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	cp "$BATS_FILE_TMPDIR/bzImage" good
}

# What ci/boot needs, but for QEMU.
needs_programs() {
	local program
	for program in cpio kmod jq setpriv; do
		type -P "$program" >/dev/null || skip "needs program $program (make deps KERNEL=all)"
	done
	PATH=$ROOT/tests/bats/self/fake-qemu:$PATH
}

# refused IMAGE REASON: no kernel, and nothing was tried.
refused() {
	needs_programs
	run -125 "$ROOT/ci/boot" -k "$1" -o out rst
	printf 'expected: %s\n' "$2"
	[[ ${#lines[@]} == 1 && $output == "boot: out: "*"$2"* ]]
	grep -q "^broken=.*$2" out/kernel
}

@test "what is no x86-64 kernel image is refused in one line" {
	refused absent 'no such file'
	head -c 100 good >tiny
	refused tiny 'not a kernel image (only 100 bytes)'
	head -c 4096 /dev/zero >zeros
	refused zeros 'not an x86 kernel image (no bzImage header)'
	cp good small
	printf '\x7e' | dd of=small bs=1 seek=$((0x236)) conv=notrunc status=none
	refused small 'not an x86-64 kernel image'
	cp good cut
	printf '\xff' | dd of=cut bs=1 seek=$((0x1f5)) conv=notrunc status=none
	refused cut 'truncated: 4096 bytes of'
}

# play SCENARIO: ci/boot with a machine that does that.
play() {
	needs_programs
	SCENARIO=$1 run "$ROOT/ci/boot" -k good -o out rst
}

@test "a suite that ran is 0, whatever it found, and its evidence comes back" {
	play good
	((status == 0))
	[[ $output == *'not ok 2 rst/two: '* ]]
	[[ -s out/rst/one/outcome && -s out/rst/two/outcome ]]
	grep -qx 'release=6.66.6' out/kernel
}

@test "a kernel that panics, a QEMU that fails and a scene that cannot be set are 125, with the reason and the console" {
	play panic
	((status == 125))
	[[ $output == *'panicked before it reached the shell: no init'*'Linux version 6.66'* ]]
	play crash
	((status == 125))
	[[ $output == *'ok 1 rst/one'*'panicked while the suite ran: Fatal exception'* ]]
	play mute
	((status == 125))
	[[ $output == *'QEMU: qemu: no such machine'* ]]
	play no-scene
	((status == 125))
	[[ $output == *'the scene could not be set: no network namespaces'* ]]
}

@test "a test that did not end, or whose evidence is lost, is not passed over" {
	play lost-test
	((status == 125))
	[[ $output == *'only 1 of 2 tests came to an end'* ]]
	play lost-evidence
	((status == 125))
	[[ $output == *'the evidence of rst/two did not come back'* ]]
}

@test "wrong usage of boot, kernels and bisect is 2, in one line" {
	run -2 "$ROOT/ci/boot" -x
	[[ $output == 'boot: unknown option -x'* ]]
	run -2 "$ROOT/ci/boot" -k good
	[[ $output == 'boot: usage: '* ]]
	run -2 "$ROOT/ci/kernels" frobnicate
	[[ ${#lines[@]} == 1 && $output == 'kernels: '*'usage: '* ]]
	run -2 "$ROOT/ci/bisect" 6.12.43
	[[ ${#lines[@]} == 1 && $output == 'bisect: usage: '* ]]
}
