#!/usr/bin/env bats
# timewait: what is left of a connection after close(), for how long, and whom it hinders.
#
# Whoever ends a connection first keeps it for a minute: in FIN_WAIT2 until the peer has ended its direction too,
# then in TIME_WAIT, in case a segment or the last ACK comes again. No process has a descriptor of it any more, but
# its port is taken, and its memory.

load lib/behaviour
