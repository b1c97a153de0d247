# text: a report for the terminal. Its first line is the exit status, for ci/report.
include "common";

def paint($code): if $color then "\u001b[\($code)m\(.)\u001b[0m" else . end;
def bad: paint("1;31");
def odd: paint("33");
def faint: paint("2");

# --- what counts -----------------------------------------------------------------------------

# A finding is a behaviour of one kernel with what is to be said of it: `what`, its heading;
# `counts`, the exit status that it asks for; and with a baseline `before`, the word for it there.
def judged:
  . + if .outcome == "failed" then {what: "FAILED", counts: 1}
  elif .outcome == "broken" then {what: "BROKEN", counts: 125}
  elif .outcome == "fault" then {what: "known fault", counts: 0}
  elif .outcome == "skipped" then {what: "skipped", counts: 0}
  elif is_known then {what: "known", counts: 0}
  else {what: "ok", counts: 0} end;

# How facts and wire differ from those of an earlier run.
def change($old):
  normal_facts as $is | ($old | normal_facts) as $was | (.wire // "") as $wire |
  [
    ($was - $is | .[] | "-" + .),
    ($is - $was | .[] | "+" + .),
    (if $was != $is and ($was - $is) + ($is - $was) == [] then "the same facts, in another order:",
      ($is[] | " " + .) else empty end),
    (if (.wire // "") != "" and ($old.wire // "" | IN("", $wire) | not) then
      "on the wire there was", ($old.wire | chomped | indented("  ")),
      "and is", (.wire | chomped | indented("  ")) else empty end)
  ] | join("\n");

def judged_against($old):
  if $old == null then judged + {before: "not there"}
  elif .outcome == $old.outcome and ((ran | not) or same_as($old)) then
    . + {what: "same", counts: 0}
  elif .outcome == "broken" then judged + {before: ($old | word)}
  elif .outcome == "ok" and $old.outcome == "skipped" then . + {what: "same", counts: 0}
  elif .outcome == "ok" and $old.outcome != "ok" then
    . + {what: "mended", counts: 0, before: ($old | word)}
  else
    . + {what: "CHANGED", counts: 1, before: ($old | word)} +
    if ran and ($old | ran) then {change: change($old)} else {} end
  end;

# The run of a baseline to compare with: of this name (and architecture), else the nearest version
# that is not newer, else the oldest.
def counterpart($kernel):
  ($kernel | kernel_version) as $version |
  [.runs[] | select(.behaviours != [])] |
  map(select(.kernel.name == $kernel.name)) as $same |
  map(select((.kernel | kernel_version) <= $version)) as $older |
  [($same[] | select(.kernel.arch == $kernel.arch)), $same[], $older[-1], .[0]] |
  map(select(. != null)) | .[0];

def behaviours_by_id: [.behaviours[]? | {(.id): .}] | add // {};

def findings($base):
  (.runs | labels) as $labels |
  [range(.runs | length) as $i | .runs[$i] | .evidence as $directory |
    (if $base then .kernel as $kernel | $base | counterpart($kernel) else {} end |
      behaviours_by_id) as $before |
    .behaviours[] |
    (if $base then judged_against($before[.id]) else judged end) +
    {label: $labels[$i], evidence: "\($directory // ".")/\(.id)"}];

# --- prose -----------------------------------------------------------------------------------

# Findings that say the same of several kernels are said once. What a diff says of the kernel is
# below its head, which names the run.
def groups:
  group_by([.id, .what, .reason, .change, .before,
    (.diff | split("\n") | map(select(test("^(---|\\+\\+\\+) ") | not)))])[];

def kernels($many): if $many then " on " + (map(.label) | join(", ")) else "" end;

def explained($many):
  groups | kernels($many) as $where | map(.evidence) as $evidence | .[0] |
  (.what | if IN("FAILED", "BROKEN", "CHANGED") then bad else odd end) + $where +
    "  \(.id): \(.claim // "" | one_line)",
  ([
    (select(.before) | "in the baseline: \(.before); now: \(word)"),
    .reason,
    (.change // "" | select(. != "")) // .diff,
    (select(.outcome == "broken") | .stderr),
    "evidence: \($evidence | join("  "))"
  ] | map(select(. != null and . != "") | printable | indented("    "))[]),
  "";

def listed($many):
  groups | "  \(.[0].id)\(kernels($many)): \(.[0].reason | ltrimstr("as known for ") | one_line)";

def mended($many):
  groups | "  \(.[0].id)\(kernels($many)): \(.[0].before) in the baseline, now ok";

def skips:
  group_by(.reason)[] | "  \(.[0].reason | one_line): \(map(.id) | unique | join(", "))";

def section($title; f): [f] | select(. != []) | ($title | odd), .[], "";

def seconds: if type == "number" then "\(. * 10 | round / 10) s" else . end;

def about_kernel:
  [.release // empty, .arch // empty, .accel // empty, .date // empty, (.seconds // empty | seconds),
    (.boot_seconds // empty | "boot \(seconds)")] | map(one_line | select(. != "")) | join("  ");

def did_not_finish($name):
  (if .behaviours == [] then "DID NOT RUN" else "BROKE OFF" end | bad) +
    "  \($name): \(.kernel.broken | one_line)",
  (.console // [] | .[-20:][] | "    " + printable),
  "    evidence: \(.evidence)",
  "";

# --- the matrix ------------------------------------------------------------------------------

def cell: 7; # the width of a column: BROKEN and a blank

# A name in lines that fit into a column, broken after punctuation where possible.
def heading:
  if length < cell then [.]
  else
    ([range(cell - 1; 1; -1) as $at | select(.[$at - 1:$at] | test("[.+_/-]")) | $at][0] //
      cell - 1) as $at |
    [.[:$at]] + (.[$at:] | heading)
  end;

def right: " " * (cell - length) + .;

def coloured:
  if IN("FAIL", "BROKEN") then right | bad
  elif IN("fault", "ok*") then right | odd
  else right | faint end;

# The words of some runs for the behaviours that any run has.
def matrix($behaviours; $labels):
  map({absent: (if .kernel.broken then "-" else "n.a." end),
    words: ([.behaviours[] | {(.id): word}] | add // {})}) as $columns |
  ([($behaviours[] | stem | length + 3), 20] | max) as $wanted |
  ([$wanted, $width - ($columns | length) * cell] | min) as $left |
  ($labels | map(heading)) as $headings | ($headings | map(length) | max) as $height |
  (range($height) as $line |
    " " * $left + ($headings | map(.[length - $height + $line | select(. >= 0)] // "" | right) | add)),
  ($behaviours | group_by(area)[] |
    (.[0] | area) as $area |
    (map({stem: stem, row: (.id as $id | [$columns[] | .words[$id] // .absent])}) |
      map(select(($all | not) and (.row | unique - ["-", "n.a."] == ["ok"]))) as $folded |
      $area + ($folded | if . == [] then "" else
        ": \(length) behaviour\(if length == 1 then "" else "s" end) ok \(
          if any(.[].row[]; . == "n.a.") then "wherever they ran" else "on every kernel" end)" | faint end),
      (. - $folded | .[] |
        (if .stem | length + 3 > $left then "  \(.stem)\n\(" " * $left)"
         else "  \(.stem)" + " " * ($left - 2 - (.stem | length)) end) +
        (.row | map(coloured) | add))));

# As many kernels side by side as there is room for.
def matrices($labels):
  . as $report | all_behaviours as $behaviours | (($width - 36) / cell | floor) as $room |
  range(0; .runs | length; $room) as $from |
  ($report.runs[$from:$from + $room] | matrix($behaviours; $labels[$from:$from + $room])), "";

# --- all of it -------------------------------------------------------------------------------

def totals_line($many):
  "\(.behaviours) behaviour\(if .behaviours == 1 then "" else "s" end): \(.ok) ok" +
  (if .known == 0 then "" else " (\(.known) as known for \(if $many then "their" else "this" end) kernel)" end) +
  ", \(if .failed > 0 then "\(.failed) FAILED" | bad else "0 failed" end)" +
  ", \(if .broken > 0 then "\(.broken) BROKEN" | bad else "0 broken" end)" +
  ", \(.skipped) skipped" +
  (if .fault == 0 then "" else ", \(.fault) known fault\(if .fault == 1 then "" else "s" end)" end);

def text:
  (if $baseline_file == "/dev/null" then null else $baseline | document($baseline_file) end) as $base |
  (.runs | labels) as $labels | (.runs | length > 1) as $many |
  findings($base) as $findings |
  def of($what): [$findings[] | select(.what == $what)];
  [.runs[] | select(.kernel.broken)] as $broken_off |
  [.runs[] | behaviours_by_id | keys[]] as $here |
  (([$base | .runs[]? | .behaviours[].id] | unique) - $here) as $gone |
  (if any($findings[]; .counts == 1) then 1
   elif any($findings[]; .counts == 125) or $broken_off != [] then 125
   elif any($findings[]; ran) then 0
   else 125 end) as $status |
  [
    $status,
    (range(.runs | length) as $i | .runs[$i] |
      "\($labels[$i]): \(.kernel | about_kernel)" +
      if .kernel.broken and .behaviours == [] then "\n    \("did not run" | bad)"
      elif $many then "\n    \(.totals | totals_line(false))" else "" end),
    "",
    (if $many then matrices($labels) else empty end),
    section("As known, and right:"; of("known") | listed($many)),
    section("Skipped:"; of("skipped") | skips),
    section("Mended since the baseline:"; of("mended") | mended($many)),
    (of("known fault") | explained($many)),
    (of("BROKEN") | explained($many)),
    (range(.runs | length) as $i | .runs[$i] | select(.kernel.broken) | did_not_finish($labels[$i])),
    (of("CHANGED"), of("FAILED") | explained($many)),
    (if $gone != [] then "\($gone | length) of the baseline were not run: \($gone[:5] | join(", "))\(
      if $gone[5] then ", ..." else "" end)", "" else empty end),
    (if any($findings[]; ran) then empty else "nothing was tested" | bad end),
    (if $many then "\(.runs | length) kernels\(
        $broken_off | length | if . > 0 then ", \(.) of them \("BROKEN" | bad)" else "" end), " else "" end) +
      ([.runs[].behaviours[]] | totals | totals_line($many)) +
      if $base then "; \(of("CHANGED") | length) changed since the baseline" else "" end
  ] | map("\(.)\n") | add;
