# scene.bash: verbs for a scene that a function plays inside its world; `observe FUNCTION` loads it.
# A scene prints facts on stdout; a verb that cannot do its work says why and ends the scene.

# A scene that breaks off takes its server along: what is told is why, not what was left behind.
SERVER=
trap '[[ ! $SERVER ]] || kill -KILL "$SERVER" 2>/dev/null' EXIT

# Every server of this project, by name.
SERVERS=("$BUILD"/bin/serv-*)
SERVERS=("${SERVERS[@]##*/}")

# lost WHY: the scene cannot go on.
lost() {
	printf 'scene: %s\n' "$1" >&2
	exit 1
}

# serve PROGRAM [ARGUMENT...]: start a server on a port of the kernel's choice and wait until it says
# `ready PORT`. Sets PORT, SERVER (its pid) and STATISTICS (a descriptor: what it prints later).
#
# Not by `< <(exec "$@")`: of one in some hundred processes that a substitution started and that have just
# ended, bash 5.2 has lost the status, and wait returns -1. Of a background job it never does.
serve() {
	local word='' pipe
	exec {pipe}<> <(:) # and so a pipe without a name
	exec {STATISTICS}<"/dev/fd/$pipe"
	"$@" -p 0 >"/dev/fd/$pipe" {pipe}>&- {STATISTICS}<&- &
	SERVER=$!
	exec {pipe}>&-
	read -r -t "$CSDESIGN_DEADLINE" word PORT <&"$STATISTICS" || :
	[[ $word == ready ]] || lost "$1 did not get ready"
}

# stop_server [SIGNAL]: end it in good order; its statistics are then in the array STATS. Fails the
# scene when it does not exit with 0.
stop_server() {
	local status=0
	kill -"${1:-TERM}" "$SERVER" 2>/dev/null || : # one that has ended already says so below
	mapfile -t STATS <&"$STATISTICS"
	wait "$SERVER" || status=$?
	exec {STATISTICS}<&-
	SERVER=
	((status == 0)) || lost "the server exited with $status"
}
