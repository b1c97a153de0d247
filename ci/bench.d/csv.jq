# The document of summary.jq as rows: section,name,load,metric,median,low,high,rounds.
def rows($section; load): .[$section][] as $entry
	| $entry | load as $load | to_entries[] | select(.value | type == "object" and has("median"))
	| [$section, $entry.name, $load, .key, .value.median, .value.low, .value.high, .value.rounds];
(rows("designs"; "15 clients, 4 KiB"), rows("large"; "15 clients, 1 MiB"), rows("book"; "5 clients, 4,000 bytes"),
	rows("idle"; "\(.idle) idle"), rows("distribution"; "\(.children) children, \(.pace)"),
	rows("sendfile"; "\(.size) bytes"), rows("cork"; "\(.header) + \(.body) bytes"), rows("peers"; "15 clients, 4 KiB"))
| @csv
