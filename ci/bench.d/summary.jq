# The runs of raw.jsonl (jq -s) as one document: docs/bench.md says what its keys mean.

# Of several rounds: the median, the quartiles around it, how many there were.
def median: sort | if length % 2 == 1 then .[(length - 1) / 2] else (.[length / 2 - 1] + .[length / 2]) / 2 end;
def over: map(select(. != null)) | if length == 0 then null
	else {median: median, low: (sort | .[(length - 1) * 0.25 | floor]), high: (sort | .[(length - 1) * 0.75 | ceil]), rounds: length} end;

def both: .server_us + .client_us;

# The kernel splits a process's time by who runs when its clock ticks, and where no tick has met one in
# the kernel it says that all was the user's. So of processes that live shortly nothing can be said.
def user_percent:
	(map(.server_user_us + .server_system_us) | add) as $all
	| if (.[0].name | endswith(":fork") or . == "serv-fork") or ($all / length / .[0].server_tasks < 20000)
		then null else 100 * (map(.server_user_us) | add) / $all end;

# What is known of every contestant under a load of connections.
def contestant:
	{
		name: .[0].name,
		server_us: map(.server_us / .connections) | over,
		client_us: map(.client_us / .connections) | over,
		both_us: map(both / .connections) | over,
		connections_per_second: map(.connections / .seconds) | over,
		server_seconds: map(.server_us / 1e6) | over,
		server_user_percent: user_percent,
		server_switches: map((.server_voluntary + .server_involuntary) / .connections) | over,
		server_faults: map(.server_faults / .connections) | over,
		server_pss_kib: map(.server_pss_kib) | over,
		server_tasks: (map(.server_tasks) | max),
		connections: .[0].connections
	};

# The round of another contestant that stands beside this one.
def beside(runs; name): . as $run | runs[] | select(.name == name and .round == $run.round);

# Both ends, paired in the same round. What a server takes more than the least code for its design is
# taken from both ends too, and then held against that code's own time: so it does not matter to whom
# the kernel charges its work.
def ratios($runs):
	(.[0].name | ltrimstr("serv-")) as $design
	| {
		over_bare: map(both / .connections / (beside($runs; "bare:iterative") | both / .connections)) | over,
		server_over_bare: map((beside($runs; "bare:iterative")) as $bare
			| ($bare.server_us / $bare.connections + both / .connections - ($bare | both / .connections))
			/ ($bare.server_us / $bare.connections)) | over,
		server_over_floor: map((beside($runs; "bare:" + $design)) as $floor
			| ($floor.server_us / $floor.connections + both / .connections - ($floor | both / .connections))
			/ ($floor.server_us / $floor.connections)) | over
	};

def client_over_bare($runs):
	map((beside($runs; "bare:iterative")) as $bare
		| ($bare.client_us / $bare.connections + both / .connections - ($bare | both / .connections))
		/ ($bare.client_us / $bare.connections)) | over;

def loads($section): map(select(.section == $section)) as $runs
	| [$runs | group_by(.name)[] | contestant + ratios($runs)
		+ (if .[0].name == "client" then {client_over_bare: client_over_bare($runs)} else {} end)];

# UNP's process control time: beyond that of the iterative server, which has none.
def book: map(select(.section == "book")) as $runs
	| [$runs | group_by(.name)[] | contestant + {
		control_seconds: map((.server_us - (beside($runs; "serv-iterative") | .server_us)) / 1e6) | over}];

def deviation: (add / length) as $mean | (map(. - $mean | . * .) | add / length | sqrt) / $mean;

def distribution: [map(select(.section == "distribution"))
	| group_by([.name, .pace, (.children_asked | tonumber)])[]
	| {
		name: .[0].name, pace: .[0].pace, children: (.[0].children_asked | tonumber),
		connections: .[0].connections,
		counts: (map(.children) | .[0]),
		variation: map(.children | deviation) | over,
		switches: map((.server_voluntary + .server_involuntary) / .connections) | over,
		both_us: map(both / .connections) | over
	}];

def idle: [map(select(.section == "idle"))
	| group_by([.name, .idle])[] | contestant + {idle: .[0].idle}];

def sendfile: [map(select(.section == "sendfile"))
	| group_by([.size, .name])[]
	| {
		name: .[0].name, size: .[0].size,
		sender_s_per_gib: map(.sender_us / .bytes * 1073.741824) | over,
		both_s_per_gib: map((.sender_us + .receiver_us) / .bytes * 1073.741824) | over,
		gib_per_second: map(.bytes / .seconds / 1073741824) | over,
		kib_per_packet: map(.bytes / .packets / 1024) | over,
		switches_per_mib: map(.switches / .bytes * 1048576) | over,
		timers_per_mib: map(.timers / .bytes * 1048576) | over,
		calls_per_file: (.[0] | .calls * .size / .bytes),
		copied_percent: (if .[0].name == "zerocopy" then .[0] | 100 * .copied / (.calls + 1) else null end)
	}];

def cork: [map(select(.section == "cork"))
	| group_by(.name)[]
	| {
		name: .[0].name, header: .[0].header, body: .[0].body,
		segments: map(.segments / .responses) | over,
		server_us: map(.server_us / .responses) | over,
		both_us: map((.server_us + .client_us) / .responses) | over,
		milliseconds: map(.seconds * 1000 / .responses) | over
	}];

# The bare loop that speaks what this contestant speaks.
def bare_peer: if IN("bare-web", "nginx", "haproxy", "wrk", "ab") then "bare-web" else "bare" end;
# UNP's server of the same design (UNP 30.4 to 30.12).
def of_unp: {"serv-iterative": "00", "serv-fork": "01", "serv-prefork": "02", "serv-prefork-pass": "05", "serv-thread": "06",
	"serv-prethread": "08"}[.] // "" | "unp-serv" + .;
def peers: map(select(.section == "peers")) as $runs
	| [$runs | group_by(.name)[]
		| if .[0].connections < 0 then {name: .[0].name, both_s_per_gib: map(both / 1e6 / (.bytes | tonumber) * 1073741824) | over}
		else contestant + {over_bare: map((.name | bare_peer) as $bare
			| both / .connections / (beside($runs; $bare) | both / .connections)) | over,
			over_unp: map((.name | of_unp) as $unp
			| both / .connections / (beside($runs; $unp) | both / .connections)) | over} end];

{
	machine: (map(select(.section == "machine"))[0] + (map(select(.section == "end"))[0] // {} | {seconds, failed})),
	noise_percent: (map(select(.others_us) | 100 * .others_us / (.seconds * 1e6)) | over),
	designs: loads("designs"),
	large: loads("large"),
	book: book,
	idle: idle,
	distribution: distribution,
	sendfile: sendfile,
	cork: cork,
	peers: peers
}
