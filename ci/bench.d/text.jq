# Tables as text: columns as wide as what stands in them, numbers to the right.
def titles: {
	designs: "Servers, 15 clients at once, replies of 4 KiB: microseconds of processor time per connection",
	limit: "The client against the least code for one",
	large: "Replies of 1 MiB",
	book: "As UNP 30.1: 5 clients of 500 connections, 4,000 bytes; processor time beyond serv-iterative",
	idle: "Idle connections held besides: microseconds per connection, both ends",
	distribution: "Connections per child: coefficient of variation, by the number of children",
	switches: "Context switches of the server per connection, by the number of children",
	sendfile: "A file from the page cache over loopback",
	cork: "A header of 200 bytes and a body of 1,000: one response",
	peers: "Others on this machine: microseconds per connection, both ends",
	iperf3: "iperf3: processor time of both ends per GiB"
};
def pad(width): . + (" " * (width - length) // "");
def right(width): (" " * (width - length) // "") + .;
def text: .[] | ([.header] + .rows) as $lines
	| ([range(.header | length)] | map(. as $i | $lines | map(.[$i] | length) | max)) as $widths
	| "\n" + titles[.title],
	($lines[] | [range(length) as $i | .[$i] | if $i == 0 then pad($widths[$i]) else right($widths[$i]) end] | join("  "));
