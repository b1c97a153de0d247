# pages.awk - what ci/pages prints: reads tests, and each behaviour's probe.

BEGIN {
	split(ids, list, " ")
	for (i in list) known[list[i]] = 1
	split(wires, list, " ")
	for (i in list) { sub(/\.wire$/, "", list[i]); wired[list[i]] = 1 }
	servers_n = split(servers, server, " ")
	for (i = 1; i <= servers_n; i++) sub(/\.c$/, "", server[i])
	if (what == "index") index_head()
	if (what ~ /^serv-/) { server_page(); exit }
}

FNR == 1 { area = FILENAME; sub(/.*\//, "", area); sub(/\.bats$/, "", area); head = 1; behaviours = 0 }
FNR == 2 { about = substr($0, 3); next }
head && /^#/ { if (FNR > 2 && !/^# waits: /) intro = intro substr($0, 3) "\n"; next }
head && FNR > 2 {
	head = 0
	if (what == area) area_head()
	intro = ""
}

/^# source: / { source = substr($0, 11); sourcing = 1; next }
sourcing && /^# / { source = source " " substr($0, 3); next }
{ sourcing = 0 }

/^@test "[a-z0-9-]+\/[a-z0-9-]+: / {
	title = substr($0, 8); sub(/" \{$/, "", title)
	colon = index(title, ": ")
	id = substr(title, 1, colon - 1); claim = substr(title, colon + 2)
	facts = ""; others = ""; scene = 0
	delete texts
	next
}
id == "" { next }
/^\tlocal [a-z]+=/ {
	name = $2; sub(/=.*/, "", name)
	text = $0; sub(/^[^=]*=./, "", text); sub(/.$/, "", text)
	texts["$" name] = text
}
$1 == "observe" && NF > 1 { scene = 1 }
$1 == "needs" { others = others "- Needs " ($2 == "linux" ? "Linux" : "the " $2) " " $3 ($2 == "linux" ? " or newer" : "") ".\n" }
($1 == "expect" || $1 == "fault") && $2 ~ /^(until-|since-|[0-9])/ {
	others = others "- Linux " spec($2) ($1 == "fault" ? " is wrong here; mended by: " : ": ") reason($0) ".\n"
}
$1 == "expect" && $2 == "gvisor" { others = others "- gVisor: " reason($0) ".\n" }
/expect <</ { plain = 1 }
/<<-/ { reading = 1; next }
reading && /^\t*END$/ { reading = 0; plain = 0; next }
reading { if (plain) { sub(/^\t+/, ""); facts = facts "    " $0 "\n" }; next }
/^}/ {
	if (what == "index") index_entry()
	else behaviour()
	id = source = ""
}
END { if (what == "index") index_names() }

# until-6.4: "until 6.4"; 5.13-6.2: "5.13 to 6.2".
function spec(word) {
	if (word ~ /^[0-9]/) sub(/-/, " to ", word)
	else sub(/-/, " ", word)
	return word
}

function reason(line) {
	sub(/^[\t ]*[a-z]+ [^ ]+ ./, "", line)
	sub(/. <<.*$|.$/, "", line)
	return code(line in texts ? texts[line] : line)
}

function anchor(words) { gsub(/[^a-z0-9-]/, "", words); return words }

function link(to) { return "[" to "](" substr(to, 1, index(to, "/") - 1) ".md#" anchor(to) ")" }

# Calls, constants and errors in code, behaviours as links.
function code(text,    words, n, i, word, before, after, out) {
	n = split(text, words, " ")
	for (i = 1; i <= n; i++) {
		word = words[i]; before = after = ""
		if (match(word, /^["'(]+/)) { before = substr(word, 1, RLENGTH); word = substr(word, RLENGTH + 1) }
		if (match(word, /[.,;:"')?]+$/)) {
			after = substr(word, RSTART); word = substr(word, 1, RSTART - 1)
			if (word ~ /\($/) { word = word ")"; after = substr(after, 2) }
		}
		if (word in known) word = link(word)
		else if (is_code(word)) word = "`" word "`"
		out = out (i > 1 ? " " : "") before word after
	}
	return out
}

# A claim as a sentence: what is no name begins with a capital.
function sentence(text,    first) {
	first = text; sub(/ .*/, "", first)
	if (!is_code(first) && first !~ /^(poll|epoll|select|recv|send|sendfile|splice|connect|close|accept|listen|shutdown)/)
		text = toupper(substr(text, 1, 1)) substr(text, 2)
	return code(text) "."
}

function is_code(word) {
	if (word ~ /^(TIME_WAIT|FIN_WAIT[12]?|CLOSE_WAIT|LAST_ACK|SYN_SENT|SYN_RECV|SYN_RECEIVED)$/) return 0 # states
	return word ~ /^[a-z_][a-z0-9_]*\([A-Za-z0-9_, {}]*\)$/ || word ~ /^[A-Z][A-Z0-9]*_[A-Z0-9_]+(\([A-Z_]*\))?$/ ||
		word ~ /^E[A-Z][A-Z][A-Z]+[0-9]*$/ || word ~ /^(SIG|POLL|EPOLL)[A-Z]+[0-9]*$/ || word ~ /^\/proc\//
}

function wrap(text, indent,    words, n, i, line, out) {
	n = split(text, words, " ")
	for (i = 1; i <= n; i++) {
		if (line != "" && length(line) + 1 + length(words[i]) > 118) { out = out line "\n"; line = indent }
		line = line (line == "" || line == indent ? "" : " ") words[i]
	}
	return out line "\n"
}

# The paragraphs of a comment, one a line.
function comment(path,    line, out) {
	while ((getline line < path) > 0 && line !~ /\*\//) {
		sub(/^\/\*|^ \* ?/, "", line)
		if (line == "") { if (out != "" && out !~ /\n$/) out = out "\n" }
		else out = out (out == "" || out ~ /\n$/ ? "" : " ") line
	}
	close(path)
	return out
}

function area_head(    paragraphs, n, i) {
	print "<!-- Made by ci/pages from tests/bats/" area ".bats and misc/" area "/: edit those. -->"
	colon = index(about, ": ")
	print "# " area ": " code(substr(about, colon + 2)) "\n"
	gsub(/\n\n+/, "\f", intro); gsub(/\n/, " ", intro)
	n = split(intro, paragraphs, "\f")
	for (i = 1; i <= n; i++) if (paragraphs[i] ~ /[^ ]/) print wrap(code(paragraphs[i]))
}

function behaviour(    paragraphs, n, i, text) {
	print "## " id "\n"
	print wrap("*" sentence(claim) "*")
	if (id in wired) print "![what is on the wire](img/" id ".svg)\n"
	n = split(comment("misc/" id ".c"), paragraphs, "\n")
	for (i = 2; i <= n; i++) {
		text = code(paragraphs[i])
		if (i == n) sub(/^So /, "**So** ", text)
		print wrap(text)
	}
	if (facts != "") print "What each call returns:\n\n" facts
	n = split(others, paragraphs, "\n")
	for (i = 1; i < n; i++) printf "%s", wrap(paragraphs[i], "  ")
	printf "%s", wrap("- Source: " code(source) ".", "  ")
	print wrap("- Run it: `make verify BEHAVIOUR=" id "`" \
		(scene ? "" : ", or by hand `build/bin/world build/misc/" id "`") \
		". Read [the probe](../misc/" id ".c)" \
		((id in wired) ? ", [the wire](../tests/pcap/" id ".wire)" : "") ".", "  ")
}

# Its row of the first table of docs/bench.md, under the head of that.
function costs(    line, head, row) {
	while (row == "" && (getline line < "docs/bench.md") > 0) {
		if (head == "" && line ~ /^\| server \|/) {
			head = line
			getline line < "docs/bench.md"
			head = head "\n" line "\n"
		}
		if (index(line, "| " what " |") == 1) row = line
	}
	close("docs/bench.md")
	if (row != "") print "\nWhat a connection cost on [one machine](bench.md), where the columns are explained:\n\n" head row
}

function server_page(    paragraphs, n, i, line, usage) {
	n = split(comment("src/" what ".c"), paragraphs, "\n")
	print "<!-- Made by ci/pages from src/" what ".c: edit that. -->"
	sub(/\.$/, "", paragraphs[1])
	print "# " code(paragraphs[1]) "\n"
	print "![who does what](img/" what ".svg)\n"
	for (i = 2; i <= n; i++) print wrap(code(paragraphs[i]))
	printf "%s", wrap("- Try it: `build/bin/" what " -p 2000`, then `build/bin/client -p 2000` in another terminal; ^C prints what each child or thread served, and `-h` the options.", "  ")
	printf "%s", wrap("- Read it: [src/" what ".c](../src/" what ".c), a page; what all servers share is in [src/lib](../src/lib).", "  ")
	printf "%s", wrap("- What every server is held to: [serve](serve.md), [accept](accept.md).", "  ")
	costs()
	printf "\nThe others:"
	for (i = 1; i <= servers_n; i++)
		if (server[i] != what) printf " [%s](%s.md)", server[i], server[i]
	print ""
}

function index_head(    i) {
	print "<!-- Made by ci/pages from the tests and probes. -->"
	print "# What csdesign knows\n"
	print wrap("Pages: [demonstrations](demonstrations.md), [other kernels](kernels.md)," \
		" [known differences](differences.md), [findings](findings.md), [corrections](corrections.md), [what each design costs](bench.md), [bisecting](bisect.md), [gVisor](gvisor.md), [the report](report.md), [the design](design.md), [the notation of the wire](../tests/pcap/README.md).")
	print "## Servers\n"
	for (i = 1; i <= servers_n; i++) {
		split(comment("src/" server[i] ".c"), paragraph, "\n")
		print "- [" server[i] "](" server[i] ".md): " code(substr(paragraph[1], index(paragraph[1], ": ") + 2))
	}
	print "\n## Behaviours by area\n"
}

function index_entry(    line, path, token) {
	if (!(area in listed)) {
		listed[area] = 1
		print "\n### [" area "](" area ".md): " code(substr(about, index(about, ": ") + 2)) "\n"
	}
	print "- " link(id) ": " sentence(claim)
	path = "misc/" id ".c"
	while ((getline line < path) > 0)
		while (match(line, /[A-Za-z0-9_]+\(?/)) {
			token = substr(line, RSTART, RLENGTH); line = substr(line, RSTART + RLENGTH)
			sub(/\($/, "()", token)
			if (named(token) && index(" " users[token] " ", " " id " ") == 0)
				users[token] = users[token] (users[token] == "" ? "" : " ") id
		}
	close(path)
}

# Names that a reader may look for: errors, signals, options, flags, and the system calls.
function named(token) {
	if (token ~ /\(\)$/)
		return token ~ /^(accept|accept4|bind|close|connect|dup|epoll_ctl|epoll_pwait|epoll_pwait2|epoll_wait|eventfd|execve|fcntl|fork|getpeername|getsockopt|io_uring_enter|ioctl|kill|listen|mmap|pidfd_getfd|pidfd_open|pipe|poll|ppoll|pselect|read|recv|recvmmsg|recvmsg|select|send|sendfile|sendmmsg|sendmsg|setsockopt|shutdown|signalfd|socketpair|splice|tee|vmsplice|waitid|waitpid|write|writev)\(\)$/
	return token ~ /^(SO|TCP|MSG|SCM|SHUT|EPOLL|UDP|IP|IPV6|SPLICE|SA|SOCK|FD|O|RLIMIT|SIOC|F|AF)_[A-Z0-9_]+$/ || token ~ /^EPOLL[A-Z]+$/ || error(token) || token ~ /^SIG[A-Z]+[12]?$/
}

# Of errno(3), what a socket, a pipe, a file or a signal can give.
function error(token) {
	return token ~ /^E(2BIG|ACCES|ADDRINUSE|ADDRNOTAVAIL|AFNOSUPPORT|AGAIN|ALREADY|BADF|BADFD|BADMSG|BUSY|CANCELED|CHILD|CONNABORTED|CONNREFUSED|CONNRESET|DEADLK|DESTADDRREQ|DOM|DQUOT|EXIST|FAULT|FBIG|HOSTDOWN|HOSTUNREACH|INPROGRESS|INTR|INVAL|IO|ISCONN|ISDIR|LOOP|MFILE|MLINK|MSGSIZE|NAMETOOLONG|NETDOWN|NETRESET|NETUNREACH|NFILE|NOBUFS|NODATA|NODEV|NOENT|NOEXEC|NOLCK|NOLINK|NOMEM|NOMSG|NOPROTOOPT|NOSPC|NOSYS|NOTBLK|NOTCONN|NOTDIR|NOTEMPTY|NOTSOCK|NOTTY|NXIO|OPNOTSUPP|OVERFLOW|PERM|PFNOSUPPORT|PIPE|PROTO|PROTONOSUPPORT|PROTOTYPE|RANGE|ROFS|SHUTDOWN|SOCKTNOSUPPORT|SPIPE|SRCH|TIME|TIMEDOUT|TOOMANYREFS|TXTBSY|USERS|WOULDBLOCK|XDEV)$/
}

function index_names(    names, n, i, j, used, k, line, swap) {
	print "\n## By name: calls, options, flags, errors and signals\n"
	n = 0
	for (i in users) if (i !~ /^(EXIT|SIG_|TCP_(LISTEN|CLOSE|ESTABLISHED|TIME_WAIT|FIN_WAIT[12]|CLOSE_WAIT|CLOSING|LAST_ACK|SYN_SENT|SYN_RECV)$|SOCK_CLOEXEC|AF_INET)/) names[++n] = i
	for (i = 2; i <= n; i++) {
		swap = names[i]
		for (j = i - 1; j > 0 && tolower(names[j]) > tolower(swap); j--) names[j + 1] = names[j]
		names[j + 1] = swap
	}
	for (i = 1; i <= n; i++) {
		k = split(users[names[i]], used, " ")
		if (k > 25) continue # everywhere is no place to look
		line = "- `" names[i] "`:"
		for (j = 1; j <= k; j++) line = line " " link(used[j]) (j < k ? "," : "")
		print line
	}
}
