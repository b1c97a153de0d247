# tap: a report as TAP version 13, a point a behaviour (and a kernel, where there are several).
include "common";

def description: one_line | gsub("(?<c>[#\\\\])"; "\\\(.c)");

def comment: select(. != null and . != "") | printable | chomped | indented("# ");

def why:
  select(.outcome != "ok" and .outcome != "skipped") |
  (select(.outcome != "fault" and .reason != "") | "\(.outcome): \(.reason)" | comment),
  (.diff | comment),
  (select(.outcome == "broken") | .stderr | comment);

def points:
  (.runs | labels) as $labels |
  range(.runs | length) as $i | .runs[$i] |
  (if $labels[1] then "\($labels[$i]) " else "" end) as $name |
  (.behaviours[] |
    {
      ok: (.outcome | IN("ok", "skipped")),
      text: ("\($name)\(.id)" + if (.claim // "") == "" then "" else ": \(.claim)" end | description),
      directive: (if .outcome == "skipped" then " # SKIP \(.reason | one_line)"
        elif .outcome == "fault" then " # TODO known fault, mended by: \(.reason | one_line)"
        else "" end),
      comments: [if is_known then .reason | comment else why end]
    }),
  (select(.kernel.broken) |
    {ok: false, text: ("\($labels[$i]): the kernel runs the suite" | description), directive: "",
      comments: [.kernel.broken, (.console // [] | .[-20:] | join("\n")) | comment]});

def tap:
  [points] |
  [
    "TAP version 13", "1..\(length)",
    (to_entries[] | .value + {number: (.key + 1)} |
      "\(if .ok then "ok" else "not ok" end) \(.number) \(.text)\(.directive)", .comments[])
  ] | map("\(.)\n") | add;
