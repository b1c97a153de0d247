# mutants.awk - what ci/mutants tries of a probe: `KIND LINE NEW-LINE`, tab-separated, spread over it.

BEGIN {
	split("SHUT_RD SHUT_WR SHUT_WR SHUT_RD SHUT_RDWR SHUT_RD CLIENT SERVER SERVER CLIENT SENDER RECEIVER " \
	      "RECEIVER SENDER true false false true SOCK_STREAM SOCK_SEQPACKET SOCK_SEQPACKET SOCK_STREAM " \
	      "SOCK_DGRAM SOCK_STREAM POLLIN POLLOUT POLLOUT POLLIN EPOLLIN EPOLLOUT EPOLLOUT EPOLLIN " \
	      "SIG_IGN SIG_DFL SIG_DFL SIG_IGN SIGKILL SIGTERM SIGTERM SIGKILL TCP_NODELAY TCP_QUICKACK " \
	      "TCP_CORK TCP_NODELAY PROCESSES THREADS THREADS PROCESSES AF_INET AF_INET6", list, " ")
	for (i = 1; i in list; i += 2) other[list[i]] = list[i + 1]
	flag = "^(MSG_|SPLICE_F_|SA_|SOCK_NONBLOCK$|O_NONBLOCK$|EPOLLET$|EPOLLONESHOT$|EPOLLEXCLUSIVE$|IOSQE_)"
	plain = ";$|[{}:]$|^$|\\*/$|else$|do$|^\t*(if|for|while) \\(.*\\)$"
}

function add(kind, text) { candidate[++count] = kind "\t" NR "\t" text }

{ text[NR] = $0 }
/over_(both_families|[a-z_]*unix_types)\(/ {
	first = "({ extern int family, unix_type_played; family != AF_INET6 && unix_type_played " \
	        (/record/ ? "!= SOCK_DGRAM" : "== SOCK_STREAM") "; })"
}
/over_connected_types\(/ { first = "({ extern int family; extern _Bool tcp_played; tcp_played && family != AF_INET6; })" }
/^static int which/ { first = "!which" }

# The comment above it, and what only declares.
!body { body = /\*\//; last = "" ; next }
/^#/ || (/^\t*(static|struct|char|int|long|bool|unsigned|const|pid_t) / && !/[(=]/) { last = ";"; next }

# A call that is a whole statement.
/^\t+[a-z_]+\(.*\);( \/\*.*\*\/)?$/ && last ~ plain && !/^\t+(_?exit|die|impossible|abort|fact_[a-z]+)\(|fact\([^(]*,/ {
	add("call", "\t;")
	if (!/^\t+fact/) guarded[count] = $0
}

/^\t+if \(.*\)( \{)?$/ && !/fork|pid|child/ {
	match($0, /if \(.*\)/)
	add("condition", substr($0, 1, RSTART + 3) "!(" substr($0, RSTART + 4, RLENGTH - 5) "))" substr($0, RSTART + RLENGTH))
}

# Constants, one by one; of what a fact is told by only flags and ends, which are the call's.
{
	if (/(^|[^a-z_])fact(_text|_errno)?\(/) telling = 1
	for (at = 1; at <= length($0);) {
		rest = substr($0, at)
		if (match(rest, /^"([^"\\]|\\.)*"|^'([^'\\]|\\.)*'|^\/\*.*\*\//)) { at += RLENGTH; continue }
		if (!match(rest, /^[A-Za-z_0-9]+/)) { at++; continue }
		word = substr(rest, 1, RLENGTH)
		new = ""
		if (word in other) new = other[word]
		else if (word ~ flag && word !~ /CLOEXEC/) new = "0"
		else if (word ~ /^[0-9]+$/ && !/fork|pid|exit|case / && (!telling || substr($0, at - 1, 1) == "["))
			new = word < 2 ? 1 - word : word + 1
		if (new != "" && !(telling && word ~ /^(true|false)$/))
			add("constant", substr($0, 1, at - 1) new substr($0, at + length(word)))
		at += length(word)
	}
	if (match($0, /fact\([a-z_0-9]+\([a-z_]+(\[[A-Za-z0-9_]+\])?[,)]/))
		bad[++bads] = "descriptor\t" NR "\t" substr($0, 1, RSTART - 1) \
		              bad_descriptor(substr($0, RSTART, RLENGTH)) substr($0, RSTART + RLENGTH)
	if (/;$/) telling = 0
	last = $0
}

END {
	n = count
	for (i = 1; i <= n; i++)
		if (first && guarded[i]) {
			split(candidate[i], part, "\t")
			candidate[++count] = "variant\t" part[2] "\tif (" first ")" guarded[i]
		}
	for (step = int(count * 0.618) + 1; gcd(step, count) != 1;) step++
	for (i = 0; i < count; i++) print candidate[1 + i * step % count]
	for (i = 1; i <= bads; i++) print bad[i] # last: it shows no more than that the fact is a call's
}

function bad_descriptor(call) { sub(/\([^(]*[,)]$/, "(-1" substr(call, length(call)), call); return call }

function gcd(a, b) { return b ? gcd(b, a % b) : a }
