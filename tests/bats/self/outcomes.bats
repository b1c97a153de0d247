#!/usr/bin/env bats
# Tests that must fail, break or be skipped, each in its way; self-outcomes.bats looks at what the
# harness says of them. Run alone they look alarming, as they should.

load ../lib/behaviour

# One connection: a byte each way, and a close from the client.
talk() {
	serve serv-iterative
	printf '1\n' | socat -u - "TCP:127.0.0.1:$PORT" >/dev/null
	stop_server
	printf 'server stopped: 0\n'
}

print_facts() { printf 'client recv: 1\nclient recv again: %s\n' "${1-ECONNRESET}"; }

@test "self/right-facts: passes" {
	observe print_facts
	expect <<-'END'
		client recv: 1
		client recv again: ECONNRESET
	END
}

@test "self/wrong-fact: fails with a diff" {
	observe print_facts
	expect <<-'END'
		client recv: 1
		client recv again: 0
	END
}

@test "self/extra-fact: fails with a diff" {
	observe print_facts
	expect <<-'END'
		client recv: 1
	END
}

@test "self/missing-fact: fails with a diff" {
	observe print_facts
	expect <<-'END'
		client recv: 1
		client recv again: ECONNRESET
		client recv at last: 0
	END
}

@test "self/in-range: passes" {
	observe print_facts
	expect <<-'END'
		client recv: 0..1
		client recv again: ECONNRESET
	END
}

@test "self/out-of-range: fails with a diff" {
	observe print_facts
	expect <<-'END'
		client recv: 2..9
		client recv again: ECONNRESET
	END
}

@test "self/word-for-range: fails with a diff" {
	observe print_facts
	expect <<-'END'
		client recv: 0..9
		client recv again: 0..9
	END
}

@test "self/right-wire: passes" {
	EXPECTATION=$BATS_TEST_DIRNAME/right.wire
	observe "$BUILD/misc/rst/linger-zero-close"
	expect <"$EVIDENCE/facts"
}

@test "self/wrong-wire: fails with a diff" {
	EXPECTATION=$BATS_TEST_DIRNAME/wrong.wire
	observe "$BUILD/misc/rst/linger-zero-close"
	expect <"$EVIDENCE/facts"
}

@test "self/missing-packet: fails with a diff" {
	EXPECTATION=$BATS_TEST_DIRNAME/missing.wire
	observe "$BUILD/misc/rst/linger-zero-close"
	expect <"$EVIDENCE/facts"
}

@test "self/dropped-rst: a firewall that drops RST fails with a diff" {
	needs program nft
	EXPECTATION=$BATS_TEST_DIRNAME/right.wire
	without_rst() {
		nft 'table inet t { chain c { type filter hook output priority 0; tcp flags & rst != 0 drop; }; }'
		"$BUILD/misc/rst/linger-zero-close"
	}
	CSDESIGN_DEADLINE=2 observe without_rst
	expect <<-'END'
		client recv: ECONNRESET
		client recv again: 0
	END
}

@test "self/bad-expectation: breaks" {
	EXPECTATION=$BATS_TEST_DIRNAME/outcomes.bats
	observe "$BUILD/misc/rst/linger-zero-close"
	expect <"$EVIDENCE/facts"
}

@test "self/hung: fails, naming what still runs" {
	hang() {
		printf 'client recv: 1\n'
		exec sleep 60
	}
	CSDESIGN_DEADLINE=1 observe hang
	expect <<-'END'
		client recv: 1
	END
}

@test "self/leaked-process: breaks, naming it" {
	leak() { sleep 60 & }
	CSDESIGN_DEADLINE=1 observe leak
	expect </dev/null
}

@test "self/dead-server: breaks, quoting it" {
	dead() { serve serv-iterative -b nonsense; }
	observe dead
	expect </dev/null
}

@test "self/server-dies-later: breaks" {
	dies() {
		serve serv-iterative
		kill -KILL "$SERVER"
		stop_server
	}
	observe dies
	expect </dev/null
}

@test "self/crash: breaks, naming the signal" {
	crash() { kill -SEGV $$; }
	observe crash
	expect </dev/null
}

@test "self/no-probe: breaks" {
	observe
	expect </dev/null
}

@test "self/probe-gives-up: breaks, quoting it" {
	gives_up() {
		printf 'probe: bind(): EADDRINUSE\n' >&2
		exit 1
	}
	observe gives_up
	expect </dev/null
}

@test "self/impossible: is skipped with the probe's reason" {
	impossible() {
		printf 'probe: no SO_WHATEVER\n' >&2
		exit 77
	}
	observe impossible
	expect </dev/null
}

@test "self/no-tcpdump: breaks" {
	EXPECTATION=$BATS_TEST_DIRNAME/right.wire
	PATH=$BATS_TEST_DIRNAME/no-tcpdump:$PATH
	observe "$BUILD/misc/rst/linger-zero-close"
	expect </dev/null
}

@test "self/unknown-need: breaks" {
	needs hovercraft 1
	observe print_facts
	expect <"$EVIDENCE/facts"
}

@test "self/unmet-need: is skipped with the reason" {
	needs linux 99.1
	observe print_facts
	expect <"$EVIDENCE/facts"
}

@test "self/met-need: passes" {
	needs linux 2.6
	needs program bash
	needs sysctl net.ipv4.tcp_rmem
	observe print_facts
	expect <"$EVIDENCE/facts"
}

@test "self/no-verdict: fails" {
	observe print_facts
}

@test "self/error-before-verdict: fails" {
	observe print_facts
	false
	expect <"$EVIDENCE/facts"
}

@test "self/variant: passes, with the reason" {
	observe print_facts 0
	expect until-2.6 "not this one (nobody)" </dev/null
	expect since-2.6 "all kernels of today (UNP)" <"$EVIDENCE/facts"
	expect <<-'END'
		never: compared
	END
}

@test "self/any-fact-of-variant: passes" {
	observe print_facts
	expect since-2.6 "all kernels of today (UNP)" <<-'END'
		client recv: 1
		client recv again: *
	END
}

@test "self/any-other-fact-of-variant: fails with a diff" {
	observe print_facts
	expect since-2.6 "all kernels of today (UNP)" <<-'END'
		client recv: 1
		client recv then: *
	END
}

@test "self/any-fact: fails with a diff" {
	observe print_facts
	expect <<-'END'
		client recv: 1
		client recv again: *
	END
}

@test "self/wrong-variant: fails" {
	observe print_facts
	expect since-2.6 "all kernels of today (UNP)" </dev/null
	expect <"$EVIDENCE/facts"
}

@test "self/unknown-variant: breaks" {
	observe print_facts
	expect sometimes "because" </dev/null
	expect <"$EVIDENCE/facts"
}

@test "self/known-fault: is skipped, and the report says fault" {
	fault since-2.6 "net: mend what was wrong"
	observe print_facts
	expect </dev/null
}

@test "self/fault-elsewhere: fails" {
	fault until-2.6 "net: mend what was wrong"
	observe print_facts
	expect </dev/null
}
