# json: the evidence of runs, as ci/report collects it, as a document.
include "common";

def lines: if . == "" then [] else chomped | split("\n") end;

# key=value, a line each; the last one of a key counts.
def kernel_facts:
  [lines[] | select(test("^[a-z][a-z0-9_]*=")) | index("=") as $at |
    .[:$at] as $key | .[$at + 1:] as $value |
    {($key):
      (if $key | IN("seconds", "boot_seconds", "cpus") then $value | tonumber? // $value
       else $value end)}] | add // {};

# The one line OUTCOME TAB MILLISECONDS TAB REASON.
def outcome:
  split("\t") as [$word, $ms, $reason] |
  if $word == "" or $word == null then
    {outcome: "broken", reason: "it never ran", ms: 0}
  elif $word | IN("ok", "failed", "broken", "skipped", "fault") then
    {outcome: $word, reason: ($reason // ""), ms: ($ms | tonumber? // 0)}
  else
    {outcome: "broken", reason: "its outcome is '\($word)'", ms: 0}
  end;

def behaviour($claims):
  . as [$id, $outcome, $facts, $expected, $stderr, $diff, $wire, $ladder] |
  {id: $id} + ($claims[$id] // {claim: "", source: ""}) + ($outcome | outcome) +
  {
    facts: ($facts | lines), expected: ($expected | lines), stderr: ($stderr | chomped),
    diff: ($diff | chomped), wire: ($wire // ""), ladder: ($ladder // "")
  };

def run($claims):
  .[0] as [$_, $directory, $kernel, $console] |
  (.[1:] | map(behaviour($claims))) as $behaviours |
  {name: ($directory | sub("/+$"; "") | split("/")[-1])} + ($kernel | kernel_facts) |
  if .broken then .
  elif $kernel == "" then . + {broken: "left no facts about itself"}
  elif $behaviours == [] then . + {broken: "ran no behaviour"}
  else . end |
  {kernel: ., evidence: $directory, totals: ($behaviours | totals), behaviours: $behaviours} +
  if .broken then {console: ($console | lines | .[-40:])} else {} end;

# Records end with RS, their fields are separated by US; the first of each run is its kernel's.
def records:
  ($known | split("\n") | map(split("\t") | select(length >= 2) |
    {(.[0]): {claim: .[1], source: (.[2] // "")}}) | add // {}) as $claims |
  [split("\u001e")[:-1][] | split("\u001f")] as $records |
  [$records | to_entries[] | select(.value[0] == "run") | .key] as $starts |
  {
    schema: schema,
    runs: [range($starts | length) as $i |
      $records[$starts[$i]:$starts[$i + 1]] | run($claims)] | by_kernel
  };
