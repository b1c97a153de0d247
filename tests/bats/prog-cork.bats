#!/usr/bin/env bats
# prog-cork: the demonstration of Nagle's rule, TCP_NODELAY, TCP_CORK and MSG_MORE.

load lib/behaviour

# source: tcp(7) TCP_CORK, TCP_NODELAY; send(2) MSG_MORE; RFC 9293 3.7.4
@test "cork: five small writes become 1 + 1, 5, 0 + 1 and 1 segments" {
	observe cork -T 60
	expect <<-'END'
		Nagle        1 segment  before the ACK, 2 in all
		TCP_NODELAY  5 segments before the ACK, 5 in all
		TCP_CORK     0 segments before the ACK, 1 in all
		MSG_MORE     1 segment  before the ACK, 1 in all
	END
}

@test "cork: bad usage is one line and exit status 2" {
	run -2 cork -w none
	[[ $output == "cork: -w: 'none' is not a number from 1 to 1000" ]]
	run -2 cork more
	[[ $output == "cork: 'more': no arguments; see cork -h" ]]
}
