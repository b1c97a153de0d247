# common: what every rendering of a report agrees on. docs/report.md describes the document.

def schema: "csdesign-report/1";

# halt_error is given the line, with its end, and writes just that.
def refuse($why): "report: \($why)\n" | halt_error(2);

def is_report:
  type == "object" and (.runs | type) == "array" and
  all(.runs[];
    type == "object" and (.kernel | type) == "object" and (.kernel.name | type) == "string" and
    (.behaviours | type) == "array" and
    all(.behaviours[];
      type == "object" and (.id | type) == "string" and
      (.outcome | IN("ok", "failed", "broken", "skipped", "fault"))));

# One document, checked: what it is not is said in one line.
def checked($file):
  if type != "object" or (has("schema") | not) then
    refuse("\($file): not a report (no schema)")
  elif .schema != schema then
    refuse("\($file): schema \(.schema | tojson), not \(schema | tojson)")
  elif is_report | not then
    refuse("\($file): not a whole report: a run lacks its kernel or its behaviours")
  else . end;

# The one document of a slurped file.
def document($file):
  if length == 1 then .[0] | checked($file)
  else refuse("\($file): \(length) JSON documents, not one") end;

# --- kernels ---------------------------------------------------------------------------------

# A version as numbers that compare: "6.12.43+deb13" is [6,12,43,1e9], "7.3-rc2" is [7,3,0,2].
def version:
  (capture("(?<x>[0-9]+)\\.(?<y>[0-9]+)(\\.(?<z>[0-9]+))?([-~]?rc(?<rc>[0-9]+))?") //
    {x: 99999, y: 0, z: null, rc: null}) |
  [(.x, .y, .z // 0, .rc // 1e9) | tonumber];

def kernel_version:
  [.release, .version, .name] | map(strings | select(test("[0-9]\\.[0-9]"))) | .[0] // "" | version;

# By version; the running kernel after others of its version; other implementations last.
def kernel_order:
  [if .name == "gvisor" then 1 else 0 end, kernel_version, if .name == "host" then 1 else 0 end,
    .name, .arch // "", .date // ""];

def by_kernel: sort_by(.kernel | kernel_order);

# What to call the runs: the kernel's name, with the architecture and the date where it takes them
# to tell two apart.
def labels:
  map(.kernel) as $kernels |
  [$kernels[] | . as $k |
    [$kernels[] | select(.name == $k.name)] as $same |
    .name +
    (if $same | map(.arch) | unique | length > 1 then "/\($k.arch)" else "" end) +
    (if [$same[] | select(.arch == $k.arch)] | length > 1 then "/\($k.date // "?")" else "" end)];

# --- behaviours ------------------------------------------------------------------------------

def is_known: .outcome == "ok" and (.reason // "") != "";

# The word in a cell of the matrix.
def word:
  if is_known then "ok*" else
    {ok: "ok", failed: "FAIL", broken: "BROKEN", skipped: "skip", fault: "fault"}[.outcome]
  end;

# Facts so that they compare between runs: a number that may lie in a range (`NAME: LOW..HIGH` in
# the test) and does is replaced by that range.
def normal_facts:
  (.expected // []) as $expected |
  [.facts // [] | to_entries[] | .key as $i | .value as $seen |
    ($expected[$i] // $seen) as $text |
    if $text == $seen then $seen
    else
      ($text | capture("^(?<name>.*): (?<low>-?[0-9]+)\\.\\.(?<high>-?[0-9]+)$") // null) as $range |
      ($seen | capture("^(?<name>.*): (?<value>-?[0-9]+)$") // null) as $fact |
      if $range and $fact and $range.name == $fact.name and
        ($range.low | tonumber) <= ($fact.value | tonumber) and
        ($fact.value | tonumber) <= ($range.high | tonumber)
      then $text else $seen end
    end];

# Whether the kernel did the same: its facts, and the wire where it was captured in both runs.
def same_as($other):
  normal_facts == ($other | normal_facts) and
  ((.wire // "") as $is | ($other.wire // "") as $was | $is == $was or $is == "" or $was == "");

# Whether there is something that can be compared.
def ran: .outcome | IN("ok", "failed", "fault");

def totals:
  def count(f): map(select(f)) | length;
  {
    behaviours: length,
    ok: count(.outcome == "ok"),
    known: count(is_known),
    failed: count(.outcome == "failed"),
    broken: count(.outcome == "broken"),
    skipped: count(.outcome == "skipped"),
    fault: count(.outcome == "fault"),
    ms: (map(.ms // 0) | add // 0)
  };

# The id's two halves.
def area: .id | split("/")[0];
def stem: .id | split("/")[1:] | join("/");

# Every behaviour of any run, once, by area.
def all_behaviours:
  reduce (.runs[].behaviours[]) as $b ({seen: {}, list: []};
    if .seen[$b.id] then . else .seen[$b.id] = true | .list += [$b | {id, claim, source}] end) |
  .list | group_by(area) | map(.[]);

# --- text ------------------------------------------------------------------------------------

# A terminal, XML 1.0 and a line of TAP have no place for control characters.
def printable:
  tostring |
  if test("[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x{9f}\\x{fffe}\\x{ffff}]") then
    explode |
    map(if (. < 32 and . != 9 and . != 10) or (. >= 127 and . < 160) or . == 65534 or . == 65535
      then 65533 else . end) |
    implode
  else . end;

def one_line: printable | gsub("[\\n\\t]+"; " ");

def indented($by): split("\n") | map($by + .) | join("\n");

# A text of lines, without the end of its last one.
def chomped: if endswith("\n") then .[:-1] | chomped else . end;
