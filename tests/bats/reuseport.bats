#!/usr/bin/env bats
# reuseport: several listeners on one port, and which of them gets a connection.

load lib/behaviour

# source: socket(7) SO_REUSEPORT; reuseport_select_sock()
@test "reuseport/distribution-and-stickiness: listeners of one port share by a hash; the same addresses and ports reach the same one" {
	observe
	expect <<-'END'
		members accepted: 400
		members without any: 0
		chi-square: 0..59
		returning clients sent elsewhere: 0
	END
}
