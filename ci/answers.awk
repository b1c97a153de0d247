# answers.awk - of what `strace -f -xx -X raw` saw of a probe: which answers of the kernel ci/mutants forges.
#
#   awk -f ci/answers.awk FACTS TRACE      FACTS: `NUMBER<TAB>FACT`, those that no mutant has changed
#
# Prints `NUMBER<TAB>LIE<TAB>INJECTION`, for strace's -e inject=. The calls that returned last before a
# fact was told come first, for all facts in turn. Of a call there are up to three lies,
#
#   other    what it fills in is not what the kernel filled in; a call that failed has succeeded
#   error    it has failed, with an errno that it never has
#   nothing  the kernel says the same, and has done nothing
#
# and where a fact is of a signal, that signal comes.

BEGIN {
	FS = "\t"
	for (i = 1; i < 256; i++) hex[sprintf("%c", i)] = sprintf("\\x%02x", i)
	list = "execve brk mmap munmap mremap mprotect madvise exit exit_group rt_sigreturn rt_sigaction futex " \
	       "set_robust_list set_tid_address rseq prlimit64 getrandom arch_prctl fstat newfstatat gettid getpid " \
	       "getppid clone clone3 fork vfork clock_nanosleep sched_yield restart_syscall rt_sigsuspend pause uname"
	split(list, names, " ")
	for (i in names) dull[names[i]] = 1
	CALLS = 16 # before a fact
}

FNR == NR {
	number[++facts] = $1
	text[facts] = in_hex($2 "\n")
	same[facts] = $2 ~ /: the same$/
	if (match($2, /SIG[A-Z]+/)) signal[facts] = substr($2, RSTART, RLENGTH)
	next
}

# One call a line: what strace cuts in two is put together where the call returns.
{
	pid = $0; sub(/ .*/, "", pid)
	line = $0; sub(/^[0-9]+ +/, "", line)
}
line ~ /^[a-z_0-9]+\(/ {
	name = line; sub(/\(.*/, "", name)
	called[pid] = ++count[pid, name]
	if (line ~ /^write\(1, /) told(strings(line)) # before it returns to its caller it may be read
	if (sub(/ <unfinished \.\.\.>$/, "", line)) { begun[pid] = line; next }
	returned()
}
line ~ /^<\.\.\. [a-z_0-9]+ resumed>/ {
	name = line; sub(/^<\.\.\. /, "", name); sub(/ .*/, "", name)
	sub(/^<\.\.\. [a-z_0-9]+ resumed>/, "", line)
	line = begun[pid] line
	returned()
}

function returned() {
	if (!match(line, /\) += (-?[0-9]+|0x[0-9a-f]+)( [^"]*)?$/)) return
	value = substr(line, RSTART); sub(/^\) += /, "", value); sub(/ .*/, "", value)
	line = substr(line, 1, RSTART)
	if (name == "write" && line ~ /^write\([12], /) return
	# A nap ends a round of waiting, in which nothing was decided.
	if (name == "clock_nanosleep") {
		for (i = last; i > nap[pid] && nap[pid] && i > told_at; i--) if (who[i] == pid) void[i] = 1
		nap[pid] = last
	}
	# What the loader did.
	if (name == "execve") began[pid] = last
	if (name == "set_tid_address") for (i = last; i > began[pid]; i--) if (who[i] == pid) void[i] = 1
	if (name == "fcntl" && value ~ /^0x/) value = from_hex(value)
	if (name in dull || value ~ /^0x/ || (name == "rt_sigprocmask" && line !~ /NULL, \[/)) return
	if (of_proc()) return
	who[++last] = pid
	calm[last] = !nap[pid]
	call[last] = name
	nth[last] = called[pid]
	args[last] = line
	result[last] = value
	table[last] = name == "read" && proc[pid, substr(line, 6) + 0]
	if (name == "read") relayed(strings(line))
}

# Files of /proc: what is read from them is all that they answer.
function of_proc(  fd) {
	fd = line; sub(/^[a-z0-9_]+\(/, "", fd); sub(/[,)].*/, "", fd)
	if (name == "openat" && strings(line) ~ /^\\x2f\\x70\\x72\\x6f\\x63\\x2f/) return proc[pid, value] = 1
	if (!proc[pid, fd]) return 0
	if (name == "close") delete proc[pid, fd]
	return name == "close" || (name == "read" && value == 0)
}

# Facts that another process told: no answer of the kernel's about them, and told once more below.
function relayed(rest,  line) {
	while (match(rest, /\\x0a/) && passed_on[line = substr(rest, 1, RSTART + 3)]) {
		echo[last] = had[pid, line] = 1
		rest = substr(rest, RSTART + 4)
	}
}

function told(line,  i) {
	if (had[pid, line]) return
	passed_on[line] = 1
	told_at = last
	for (i = 1; i <= facts; i++) if (!at[i] && text[i] == line) { at[i] = last; return }
	for (i = 1; i <= facts; i++) # by a variant: "over IPv6: client recv: 0"
		if (!at[i] && substr(text[i], length(text[i]) - length(line) - 7) == "\\x3a\\x20" line) { at[i] = last; return }
}

function in_hex(plain,  i, out) {
	for (i = 1; i <= length(plain); i++) out = out hex[substr(plain, i, 1)]
	return out
}

# The first string of a call, `\x61\x62`.
function strings(line) { return match(line, /"(\\x[0-9a-f][0-9a-f])+"/) ? substr(line, RSTART + 1, RLENGTH - 2) : "" }

# Each byte with its lowest bit changed, which leaves a digit a digit; of a text with numbers only these.
function altered(bytes,  i, numbers, two, out) {
	numbers = bytes ~ /\\x0a/ && bytes ~ /\\x3[0-9]/
	for (i = 3; i <= length(bytes); i += 4) {
		two = substr(bytes, i, 2)
		if (two != "0a" && (!numbers || two ~ /^3[0-9]/))
			two = substr(two, 1, 1) substr("1032547698badcfe", index("0123456789abcdef", substr(two, 2)), 1)
		out = out two
	}
	return out
}

# As a state of TCP it is TIME_WAIT, which no descriptor has.
function fill(size,  out) { while (size-- > 0) out = out "06"; return out }

# Of `[ROOM => LENGTH]` or `[LENGTH]`, the last of the arguments, the smaller number.
function room(line,  n) {
	if (!match(line, /\[[0-9]+( => [0-9]+)?\][^\]]*$/)) return 0
	line = substr(line, RSTART + 1)
	n = line + 0
	return match(line, /=> [0-9]+/) && substr(line, RSTART + 3) + 0 < n ? substr(line, RSTART + 3) + 0 : n
}

function little(n, size,  out) { for (; size > 0; size--) { out = out sprintf("%02x", n % 256); n = int(n / 256) } return out }

function from_hex(digits,  i, n) {
	for (i = 3; i <= length(digits); i++) n = n * 16 + index("0123456789abcdef", substr(digits, i, 1)) - 1
	return n
}

# Every descriptor polls ERR, HUP and NVAL.
function polled(line,  out, part) {
	while (match(line, /\{fd=[0-9]+, events=0(x[0-9a-f]+)?/)) {
		part = substr(line, RSTART + 4, RLENGTH - 4)
		line = substr(line, RSTART + RLENGTH)
		out = out little(part + 0, 4); sub(/.*=/, "", part)
		out = out little(from_hex(part), 2) "3800"
	}
	return out
}

function other(i,  name, line, data, n, out) {
	name = call[i]; line = args[i]
	if (result[i] < 0) return "retval=0"
	if (name ~ /^p?select6?$/ && result[i] > 0) {
		data = line
		for (n = 2; n <= 4; n++) {
			sub(/^[^,]*, /, "", data) # a set is written as `[3 4]`
			if (data ~ /^\[/) out = out (out ? "," : "") "@arg" n "=0000000000000000"
		}
		return "poke_exit=" out
	}
	if (name == "poll" && (data = polled(line))) return "retval=1:poke_exit=@arg1=" data
	if (result[i] == 0 && name ~ /^(poll|ppoll|select|pselect6|epoll_p?wait|recv.*|read|accept4?)$/) return "retval=1"
	if (name ~ /^epoll_p?wait$/) return "poke_exit=@arg2=38000000"
	if (name ~ /^(read|pread64|recvfrom)$/ && (data = altered(strings(line)))) return "poke_exit=@arg2=" data
	n = room(line)
	if (name == "getsockopt" && n) return "poke_exit=@arg4=" fill(n)
	if (name ~ /^(getsockname|getpeername|accept4?)$/ && line !~ /NULL/)
		return "poke_exit=" (n ? "@arg2=" fill(n) "," : "") "@arg3=06000000"
	if (name == "ioctl" && line ~ /\[[0-9]+\]\)$/) return "poke_exit=@arg3=06000000 poke_exit=@arg3=06060606"
	if (name == "rt_sigprocmask") return "poke_exit=@arg3=" (line ~ /\[\]/ ? "ffffffff" : "00000000")
	if (name == "wait4" && line !~ /^wait4\([^,]*, NULL/) return "poke_exit=@arg2=00060000"
	if (name ~ /^fcntl|^send|^write|^splice|^tee/) return result[i] > 0 ? "retval=0" : "retval=1"
}

function forge(f, i, kind, how,  ways, n, w) {
	if (kind != "other" && kind != "signal" && table[i]) return
	n = split(how, ways, " ")
	for (w = 1; w <= n; w++) print number[f] "\t" kind "\t" call[i] ":" ways[w] ":when=" nth[i]
}

# The call of a distance from a fact, or 0; how often a process has made a call that it waited by is not
# the same each time, so those of before its first nap count apart.
function back(f, distance, before_naps,  i) {
	i = distance == 1 ? at[f] : place[f, distance - 1, before_naps] - 1
	while (i > 0 && (void[i] || (echo[i] && !same[f]) || (before_naps && !calm[i]))) i--
	if (i > 0 && !calm[i]) naps[f] = 1
	return place[f, distance, before_naps] = i > 0 ? i : 0
}

# Later than another answer come those that mostly break the scene.
function forge_all(f, step, before_naps,  i) {
	if (step <= CALLS && (i = back(f, step, before_naps))) {
		forge(f, i, "other", other(i))
		if (signal[f]) forge(f, i, "signal", "signal=" signal[f])
	}
	if (step > 2 && step <= CALLS + 2 && (i = place[f, step - 2, before_naps]) && result[i] >= 0) {
		forge(f, i, "error", "error=EXDEV")
		if (call[i] ~ /^(accept4?|recv.*|read)$/) forge(f, i, "error", "error=EAGAIN")
	}
	if (step > 4 && (i = place[f, step - 4, before_naps]) && result[i] >= 0) forge(f, i, "nothing", "retval=" result[i])
}

END {
	for (before_naps = 0; before_naps < 2; before_naps++)
		for (step = 1; step <= CALLS + 4; step++)
			for (f = 1; f <= facts; f++)
				if (at[f] && (!before_naps || naps[f])) forge_all(f, step, before_naps)
}
