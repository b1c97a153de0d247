#!/usr/bin/env bats
# prog-sendfile: misc/sendfile.c, which sends a file by sendfile() or by read() and write().

load lib/behaviour

# serve_file WAY [OPTION...]: a file of 1,288,895 bytes, no two lines of it alike, to two socats.
serve_file() {
	local way=$1 i
	shift
	serve sendfile "$@" "$BATS_TEST_TMPDIR/file"
	for i in 1 2; do
		if socat -u "TCP:127.0.0.1:$PORT" STDOUT | cmp - "$BATS_TEST_TMPDIR/file"; then
			printf 'client %d by %s: the file\n' "$i" "$way"
		fi
	done
	stop_server
	printf '%s\n' "${STATS[@]}"
}
export -f serve_file

both_ways() {
	seq 200000 >"$BATS_TEST_TMPDIR/file"
	serve_file sendfile
	serve_file read -r
}

@test "sendfile sends the same bytes by sendfile() and by read() and write(), and counts its calls" {
	observe both_ways
	expect <<-'END'
		client 1 by sendfile: the file
		client 2 by sendfile: the file
		connections: 2
		bytes: 2577790
		calls: 2
		client 1 by read: the file
		client 2 by read: the file
		connections: 2
		bytes: 2577790
		calls: 80
	END
}

# The file is larger than the buffers on its way, so the server is still at it when the client goes.
client_leaves() {
	local client byte
	truncate -s 16M "$BATS_TEST_TMPDIR/file"
	serve sendfile "$BATS_TEST_TMPDIR/file"
	exec {client}<>"/dev/tcp/127.0.0.1/$PORT"
	IFS= read -r -n 1 -d '' byte <&"$client"
	exec {client}>&- # with bytes unread: the kernel sends RST
	if socat -u "TCP:127.0.0.1:$PORT" STDOUT | cmp - "$BATS_TEST_TMPDIR/file"; then
		printf 'next client: the file\n'
	fi
	stop_server
	printf '%s\n' "${STATS[0]}"
}

@test "sendfile says why a client did not get the file, and serves the next one" {
	observe client_leaves
	expect <<-'END'
		next client: the file
		connections: 2
	END
	run -0 cat "$EVIDENCE/stderr"
	[[ $output =~ ^'sendfile: after '[0-9]+' bytes: '(EPIPE|ECONNRESET)$ ]]
}

@test "sendfile prints its usage, and refuses what makes no sense in one line" {
	run -0 sendfile -h
	[[ ${lines[0]} == 'usage: sendfile '* ]]
	run -2 sendfile
	[[ $output == 'sendfile: one FILE is needed, see -h' ]]
	run -2 sendfile -p 65536 file
	[[ $output == 'sendfile: -p: '* ]]
	run -2 sendfile -x file
	[[ $output == 'sendfile: no option -x, see -h' ]]
	run -1 sendfile /does/not/exist
	[[ $output == 'sendfile: /does/not/exist: ENOENT' ]]
	conclude ok
}
