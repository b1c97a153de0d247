# ktap: a report as KTAP version 1 (Documentation/dev-tools/ktap.rst): kernels hold areas, areas
# hold behaviours. A test is not ok when one below it is not; diagnostics stand before their result.
include "common";

def words: one_line | gsub("#"; "");

# A tree node is {name, tests} or a leaf {name, ok, directive, comments}.
def leaf:
  {
    name: stem,
    ok: (.outcome | IN("ok", "skipped")),
    directive: ({
      ok: "", skipped: "SKIP \(.reason)", failed: .reason, broken: "ERROR \(.reason)",
      fault: "XFAIL known fault, mended by: \(.reason)"}[.outcome]),
    fine: (.outcome | IN("ok", "skipped", "fault")),
    comments: [
      (if is_known then .reason else empty end),
      (select(.outcome | IN("failed", "broken", "fault")) | .diff),
      (select(.outcome == "broken") | .stderr)]
  };

def tree:
  (.runs | labels) as $labels |
  [range(.runs | length) as $i | .runs[$i] |
    {
      name: $labels[$i],
      tests: (
        [.behaviours | group_by(area)[] | {name: (.[0] | area), tests: map(leaf)}] +
        if .kernel.broken then
          [{name: "runs-the-suite", ok: false, fine: false, directive: "ERROR \(.kernel.broken)",
            comments: [.console // [] | .[-20:] | join("\n")]}]
        else [] end)
    }];

def fine: if .tests then all(.tests[]; fine) else .fine end;

def plan:
  "KTAP version 1", "1..\(length)",
  (to_entries[] | (.key + 1) as $number | .value |
    if .tests then
      (.tests | plan | "  " + .),
      "\(if fine then "ok" else "not ok" end) \($number) \(.name | words)"
    else
      (.name as $name | .comments[] | select(. != "") | printable | chomped | split("\n")[] |
        "# \($name): \(.)"),
      "\(if .ok then "ok" else "not ok" end) \($number) \(.name | words)" +
        if .directive == "" then "" else " # \(.directive | one_line)" end
    end);

def ktap: [tree | plan] | map("\(.)\n") | add;
