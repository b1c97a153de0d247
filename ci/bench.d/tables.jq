# The document of summary.jq as tables, for eyes: an array of {title, note, header, rows}. What is not
# there is left out; so is, of an emulated machine, every time (docs/bench.md).

def number(digits): if . == null then "" else
	(pow(10; digits)) as $scale | (. * $scale | round) as $n
	| if digits == 0 then "\($n)" else
		(if $n < 0 then "-" else "" end) + ("\($n | fabs / $scale | floor)")
		+ "." + ("\($n | fabs % $scale)" | (("0" * digits) // "")[0:(digits - length)] + .) end end;
def middle(digits): if . == null then "" else .median | number(digits) end;
def spread(digits): if . == null then "" else
	(.median | number(digits)) + " (" + (.low | number(digits)) + " to " + (.high | number(digits)) + ")" end;
def bytes: if . >= 1073741824 then "\(. / 1073741824) GiB" elif . >= 1048576 then "\(. / 1048576) MiB"
	elif . >= 1024 then "\(. / 1024) KiB" else "\(.)" end;

.machine.emulated as $emulated
| def table(title; header; rows): if (rows | length) == 0 then empty else {title: title, header: header, rows: rows} end;
def ordered: sort_by(.both_us.median);

[
table("designs";
	if $emulated then ["server", "over the bare loop", "switches", "faults"]
	else ["server", "server us", "both us", "over the bare loop", "server over its floor", "floor over bare", "user %", "floor's user %", "switches", "faults", "connections/s"] end;
	[.designs as $all | .designs | ordered[] | select(.name | startswith("serv-"))
		| ("bare:" + (.name | ltrimstr("serv-"))) as $floor
		| (.server_switches | middle(2)) as $switches | (.server_faults | middle(1)) as $faults
		| if $emulated then [.name, (.over_bare | spread(1)), $switches, $faults]
		else [.name, (.server_us | middle(1)), (.both_us | middle(1)), (.over_bare | spread(2)), (.server_over_floor | spread(2)),
			($all[] | select(.name == $floor) | .server_over_bare | middle(2)),
			(.server_user_percent | number(1)), ($all[] | select(.name == $floor) | .server_user_percent | number(1)), $switches, $faults, (.connections_per_second | middle(0))] end]),

table("limit";
	["what", "server us", "client us", "both us", "over the bare loop", "client over bare"];
	[.designs[] | select($emulated | not) | select(.name == "bare:iterative" or .name == "client")
		| [if .name == "client" then "client, bare server" else "bare client, bare server" end,
			(.server_us | middle(1)), (.client_us | middle(1)), (.both_us | middle(1)), (.over_bare | spread(2)), (.client_over_bare | spread(2))]]),

table("large";
	["server", "server us", "both us", "over the bare loop"];
	[.large | ordered[] | [.name, (.server_us | spread(0)), (.both_us | middle(0)), (.over_bare | spread(2))]]),

table("book";
	["server", "process control, s", "server us", "both us"];
	[.book | sort_by(.control_seconds.median)[] | [.name, (.control_seconds | spread(3)), (.server_us | middle(1)), (.both_us | middle(1))]]),

table("idle";
	["server, both us", "0", "10", "100", "1,000", "10,000", "MiB at 1,000"];
	[.idle | group_by(.name)[] | . as $rows
		| [.[0].name] + [(0, 10, 100, 1000, 10000) as $held | [$rows[] | select(.idle == $held) | .both_us | middle(1)][0] // ""]
		+ [[$rows[] | select(.idle == 1000) | .server_pss_kib.median / 1024 | number(1)][0] // ""]]),

table("distribution";
	["who accepts", "load", "2", "4", "8", "16", "32", "64"];
	[.distribution | group_by([.name, .pace])[] | . as $rows
		| [.[0].name, .[0].pace] + [(2, 4, 8, 16, 32, 64) as $n | [$rows[] | select(.children == $n) | .variation | middle(2)][0] // ""]]),

table("switches";
	["who accepts", "load", "2", "4", "8", "16", "32", "64"];
	[.distribution | group_by([.name, .pace])[] | . as $rows
		| [.[0].name, .[0].pace] + [(2, 4, 8, 16, 32, 64) as $n | [$rows[] | select(.children == $n) | .switches | middle(1)][0] // ""]]),

table("sendfile";
	["way", "file", "sender s/GiB", "both s/GiB", "GiB/s", "calls a file", "KiB a packet", "switches a MiB", "timers a MiB"];
	[.sendfile | sort_by([.size, .both_s_per_gib.median])[]
		| [.name, (.size | bytes), (.sender_s_per_gib | spread(3)), (.both_s_per_gib | spread(3)), (.gib_per_second | middle(2)), (.calls_per_file | number(0)),
			(.kib_per_packet | middle(0)), (.switches_per_mib | middle(1)), (.timers_per_mib | middle(1))]]),

table("cork";
	["way", "segments a response"] + if $emulated then [] else ["server us", "both us", "milliseconds"] end;
	[.cork | sort_by(.both_us.median)[]
		| [.name, (.segments | middle(2))]
		+ if $emulated then [] else [(.server_us | spread(2)), (.both_us | spread(2)), (.milliseconds | middle(3))] end]),

table("peers";
	["who", "server us", "client us", "both us", "over its bare loop", "over UNP's", "connections/s"];
	[.peers | sort_by(.both_us.median)[] | select(.both_us)
		| [.name, (.server_us | spread(1)), (.client_us | spread(1)), (.both_us | spread(1)), (.over_bare | spread(2)), (.over_unp | spread(2)), (.connections_per_second | middle(0))]]),

table("iperf3";
	["who", "both s/GiB"];
	[.peers[] | select(.both_s_per_gib) | [.name, (.both_s_per_gib | spread(3))]])
]
