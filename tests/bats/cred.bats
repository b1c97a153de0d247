#!/usr/bin/env bats
# cred: who is at the other end of a Unix-domain socket.
#
# The kernel knows which process calls, and over a Unix-domain socket it can tell the peer: once for
# the connection (SO_PEERCRED, SO_PEERPIDFD), or message by message (SO_PASSCRED,
# SCM_CREDENTIALS). Neither can be forged. What each of them stands for, the process that
# connected, listened or wrote, is told here.

load lib/behaviour
