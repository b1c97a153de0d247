#!/usr/bin/env bats
# A scene without end, to be interrupted.

load ../lib/behaviour

@test "self/endless: goes on until it is interrupted" {
	endless() {
		sleep "$NAP" &
		printf 'begun\n' >"$BEGUN"
		sleep "$NAP"
	}
	observe endless
	expect </dev/null
}
