# behaviour.bash: what a test of a behaviour is made of; `load lib/behaviour` in every .bats file.
#
#   # source: socket(7) SO_LINGER; RFC 9293 3.10.5 (ABORT)
#   @test "rst/linger-zero-close: close() with a zero linger time sends RST and no FIN" {
#           needs linux 5.12             # only where a need exists
#           observe                      # run build/misc/rst/linger-zero-close in a world
#           expect <<-'END'              # judge its facts, and the wire where there is
#                   client recv: 0       # a tests/pcap/rst/linger-zero-close.wire
#           END
#   }
#
# Three outcomes, three words: `failed` (the kernel differs from the claim), `broken` (the scene
# could not be set), `skipped` (not applicable here, with the reason). Each test leaves its evidence
# (outcome, facts, expected, stderr, capture.pcap, diff) in $CSDESIGN_REPORT/area/stem/.
#
# Nothing here forks but the world itself and, where a wire is judged, `wire`: under emulation a
# fork costs 20 ms.

bats_require_minimum_version 1.5.0

ROOT=${BATS_TEST_DIRNAME%/tests/bats*}
BUILD=${CSDESIGN_BUILD:-$ROOT/build}
REPORT=${CSDESIGN_REPORT:-$BUILD/report/host}
export BUILD CSDESIGN_DEADLINE=${CSDESIGN_DEADLINE:-30}
# What the probes and servers of this project are found by, in a test and in its scene.
PATH=$BUILD/bin:$PATH:/usr/sbin:/sbin # an ordinary user's does not lead to nft
NO_VERDICT='no verdict: the test ended before it came to expect'

setup() {
	ID=${BATS_TEST_DESCRIPTION%%:*}
	BEHAVIOUR=
	if [[ $ID == [a-z]*/[a-z]* && $ID != *[!a-z0-9/-]* ]]; then
		BEHAVIOUR=1
		EVIDENCE=$REPORT/$ID
	else # a test of a program
		EVIDENCE=${BATS_TEST_FILENAME##*/}
		EVIDENCE=$REPORT/${EVIDENCE%.bats}/$BATS_TEST_NUMBER
	fi
	[[ -d $EVIDENCE ]] || mkdir -p "$EVIDENCE"
	EXPECTATION=$ROOT/tests/pcap/$ID.wire
	FAULT=
	HUNG=
	JUDGED=
	STARTED=${EPOCHREALTIME/[.,]/}
	conclude broken "$NO_VERDICT"
	CONCLUDED=
}

# A test that judges nothing would pass whatever the kernel does.
teardown() {
	[[ $CONCLUDED || -z $BEHAVIOUR ]] || {
		printf 'broken: %s: %s\n' "$ID" "$NO_VERDICT"
		return 1
	}
}

# conclude OUTCOME [REASON]: what the report will say of this behaviour.
conclude() {
	local ms=$(((${EPOCHREALTIME/[.,]/} - STARTED) / 1000))
	printf '%s\t%s\t%s\n' "$1" "$ms" "${2-}" >"$EVIDENCE/outcome"
	CONCLUDED=1
}

# break_off REASON [FILE]: the scene could not be set.
break_off() {
	conclude broken "$1"
	printf 'broken: %s\n' "$1"
	[[ ! -s ${2-} ]] || printf '%s\n' "$(<"$2")"
	printf 'evidence: %s\n' "$EVIDENCE"
	return 1
}

# The running kernel's release, "6.12.43+deb13-amd64", without asking a process for it.
kernel_release() {
	[[ ${RELEASE-} ]] || IFS= read -r RELEASE </proc/sys/kernel/osrelease
}

# The version that tests compare with: the release's, but of Debian's 5.10.0-46-amd64 what uname -v
# tells, "Debian 5.10.262-1". Sets VERSION.
kernel_version() {
	local build
	[[ ! ${VERSION-} ]] || return 0
	kernel_release
	VERSION=$RELEASE
	IFS= read -r build </proc/sys/kernel/version
	if [[ $build =~ Debian\ ([0-9]+\.[0-9]+\.[0-9]+) ]]; then VERSION=${BASH_REMATCH[1]}; fi
}

# version_number X.Y[.Z]: sets NUMBER so that versions compare as numbers.
version_number() {
	local IFS=. part
	read -ra part <<<"${1%%[!0-9.]*}"
	NUMBER=$((part[0] * 1000000 + ${part[1]:-0} * 1000 + ${part[2]:-0}))
}

# kernel_is SPEC: whether the running kernel is meant by until-X.Y (all of X.Y included), since-X.Y,
# A-B (both included) or gvisor.
kernel_is() {
	local low high now spec=$1
	if [[ $spec == gvisor || ${CSDESIGN_KERNEL-} == gvisor ]]; then
		[[ $spec == "${CSDESIGN_KERNEL-}" ]]
		return
	fi
	kernel_version
	case $spec in
	until-[0-9]*) low=0 high=${spec#until-} ;;
	since-[0-9]*) low=${spec#since-} high=99999 ;;
	[0-9]*-[0-9]*) low=${spec%-*} high=${spec#*-} ;;
	*)
		break_off "'$spec' names no kernel: until-X.Y, since-X.Y, A-B or gvisor" || exit
		;;
	esac
	[[ $high == *.*.* ]] || high+=.999
	version_number "$VERSION" && now=$NUMBER
	version_number "$low" && low=$NUMBER
	version_number "$high" && high=$NUMBER
	((low <= now && now <= high))
}

# needs WORD VALUE: skip, with the reason, where this machine or kernel lacks it.
#   linux X.Y        that release of the kernel, or a newer one
#   module NAME      a kernel module, loaded or built in, as /sys/module shows it
#   program NAME     something to run
#   sysctl NAME      a setting, dots as sysctl(8) has them
needs() {
	local met=
	case $1 in
	linux) kernel_is "since-$2" && met=1 ;;
	# Where none can be loaded it is built in or it is not: the probe asks.
	module) [[ -d /sys/module/$2 || ! -e /proc/modules ]] && met=1 ;;
	program) type -P "$2" >/dev/null && met=1 ;;
	sysctl) [[ -e /proc/sys/${2//.//} ]] && met=1 ;;
	*) break_off "needs: unknown need '$1': linux, module, program, sysctl" || return ;;
	esac
	[[ $met ]] || skip_because "needs $1 $2"
}

skip_because() {
	conclude skipped "$1"
	skip "$1"
}

# Whether there is a wire to judge: an expectation, and a kernel with packet sockets.
has_wire() {
	[[ -e $EXPECTATION && ${CSDESIGN_KERNEL-} != gvisor ]]
}

# observe [FUNCTION | PROGRAM [ARGUMENT...]]: let it happen, in a world of its own: this behaviour's
# probe, another program, or a function of the test, which then runs in the world with the verbs of
# scene.bash. Captures where there is an expectation of the wire.
observe() {
	local status=0 world=("$BUILD/bin/world") what=${1-$ID} said=()
	if (($# == 0)); then
		set -- "$BUILD/misc/$ID"
	elif declare -F "$1" >/dev/null; then
		export -f "${1?}"
		set -- bash -euo pipefail -c ". '$ROOT/tests/bats/lib/scene.bash'; $1"
	fi
	if has_wire; then world+=(-c "$EVIDENCE/capture.pcap"); fi
	if [[ ${CSDESIGN_KERNEL-} == gvisor ]]; then world+=(-n); fi # the sandbox is the world
	"${world[@]}" "$@" >"$EVIDENCE/facts" 2>"$EVIDENCE/stderr" 3>&- || status=$?
	case $status in
	0) ;;
	77) skip_because "not possible here: $(<"$EVIDENCE/stderr")" ;;
	124) HUNG=1 ;; # a call that does not return is the kernel's answer, too: expect judges it
	*)
		mapfile -t said <"$EVIDENCE/stderr"
		break_off "${what##*/}: exit status $status${said:+: ${said[-1]}}" "$EVIDENCE/stderr"
		;;
	esac
}

# fault SPEC TITLE: a released kernel is known to be wrong here, and TITLE's fix mends it. The claim
# stands: where it fails on such a kernel, the report says FAIL, but nobody is alarmed.
fault() {
	if kernel_is "$1"; then FAULT="$2"; fi
}

# expect [SPEC REASON] <<END: judge the facts on stdin against what was observed, and the wire
# against tests/pcap/AREA/STEM.wire. `NAME: LOW..HIGH` means a number in that range.
# With SPEC it judges only on such kernels, which rightly differ for REASON (the wire is then
# STEM@SPEC.wire, if that exists); the plain expect that follows is then passed over. There, and there
# only, `NAME: *` says that such kernels promise nothing about a fact.
expect() {
	local expected=() seen=() i difference='' reason=''
	[[ -z $JUDGED ]] || return 0
	if (($# > 0)); then
		kernel_is "$1" || return 0
		reason="as known for $1: $2"
		[[ ! -e ${EXPECTATION%.wire}@$1.wire ]] || EXPECTATION=${EXPECTATION%.wire}@$1.wire
	fi
	JUDGED=1
	mapfile -t expected
	printf '%s\n' "${expected[@]}" >"$EVIDENCE/expected"
	mapfile -t seen <"$EVIDENCE/facts"
	: >"$EVIDENCE/diff"
	if [[ $HUNG ]]; then
		difference=hung
		printf '%s\n' "$(<"$EVIDENCE/stderr")" >"$EVIDENCE/diff"
	fi
	for ((i = 0; i < ${#expected[@]} || i < ${#seen[@]}; i++)); do
		if ! same_fact "${expected[i]-}" "${seen[i]-}"; then
			differs facts
		elif [[ ${expected[i]-} != "${seen[i]-}" ]]; then
			expected[i]=${seen[i]} # in its range: no difference to show
		fi
	done
	if [[ $difference == *facts* ]]; then
		diff -u --label "expected: facts of $ID" --label "seen on ${RELEASE-this kernel}" \
			<(printf '%s\n' "${expected[@]}") "$EVIDENCE/facts" >>"$EVIDENCE/diff" || :
	fi
	if has_wire; then judge_wire || return; fi
	if [[ -z $difference ]]; then
		conclude ok "$reason"
	elif [[ $FAULT ]]; then
		conclude fault "$FAULT"
		skip "known fault, mended by: $FAULT"
	else
		conclude failed "differs: $difference"
		printf '%s\n' "$(<"$EVIDENCE/diff")"
		printf 'evidence: %s\n' "$EVIDENCE"
		return 1
	fi
}

# Parts of expect, which share its variables.
differs() {
	[[ $difference == *"$1" ]] || difference+=${difference:+, }$1
}

judge_wire() {
	local status=0
	wire match "$EXPECTATION" "$EVIDENCE/capture.pcap" >>"$EVIDENCE/diff" \
		2>>"$EVIDENCE/stderr" || status=$?
	case $status in
	0) ;;
	1) differs wire ;;
	*) break_off "wire match: exit status $status" "$EVIDENCE/stderr" ;;
	esac
}

same_fact() {
	local bounds low high value=${2##*: }
	[[ $1 != "$2" ]] || return 0
	[[ ! $reason || $1 != *': *' || ${1%: *} != "${2%: *}" ]] || return 0
	bounds=${1##*: }
	[[ $bounds =~ ^(-?[0-9]+)\.\.(-?[0-9]+)$ ]] || return 1
	low=${BASH_REMATCH[1]} high=${BASH_REMATCH[2]}
	[[ ${1%: *} == "${2%: *}" && $value =~ ^-?[0-9]+$ ]] && ((low <= value && value <= high))
}
