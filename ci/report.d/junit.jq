# junit: a report as JUnit XML: a suite a kernel, a case a behaviour. The three outcomes have words
# of their own there: failure, error, skipped. A known fault is a skipped case.
include "common";

def xml: printable | @html;
# In attributes a line's end would be read as a blank.
def attribute: printable | @html | gsub("\n"; "&#10;") | gsub("\t"; "&#9;");
def element($name): select(. != "") | "<\($name)>\(xml)</\($name)>";
def seconds: (. // 0) | tonumber? // 0;

def evidence:
  [
    (select((.source // "") != "") | "source: \(.source)"),
    (select(is_known) | .reason),
    (.facts // [] | select(. != []) | "facts:", (.[] | "  " + .)),
    (.wire // "" | select(. != "") | "wire:", (chomped | indented("  ")))
  ] | join("\n");

def verdict:
  {type: .outcome, message: (.reason // "")} as $v |
  def tag($name; $text): "<\($name) type=\"\($v.type)\" message=\"\($v.message | attribute)\">\($text | xml)</\($name)>";
  if .outcome == "failed" then tag("failure"; .diff // "")
  elif .outcome == "broken" then tag("error"; .stderr // "")
  elif .outcome == "skipped" then "<skipped message=\"\(.reason | attribute)\"/>"
  elif .outcome == "fault" then
    "<skipped message=\"\("known fault, mended by: \(.reason)" | attribute)\"/>"
  else empty end;

def case($kernel):
  "<testcase classname=\"\("\($kernel).\(area)" | attribute)\" name=\"\(
    stem + (if (.claim // "") == "" then "" else ": \(.claim)" end) | attribute)\" time=\"\((.ms // 0) / 1000)\">",
  verdict, (evidence | element("system-out")),
  (select(.outcome != "broken") | .stderr // "" | element("system-err")),
  "</testcase>";

def kernel_case($kernel):
  select(.kernel.broken) |
  "<testcase classname=\"\($kernel | attribute)\" name=\"the kernel runs the suite\" time=\"0\">",
  "<error type=\"broken\" message=\"\(.kernel.broken | attribute)\">\(.console // [] | join("\n") | xml)</error>",
  "</testcase>";

def counts($runs):
  ([$runs[].behaviours[]] | totals) as $t | ([$runs[] | select(.kernel.broken)] | length) as $dead |
  "tests=\"\($t.behaviours + $dead)\" failures=\"\($t.failed)\" errors=\"\($t.broken + $dead)\" " +
  "time=\"\([$runs[].kernel.seconds | seconds] | add // 0)\"";

def suite($kernel):
  . as $run |
  "<testsuite name=\"\($kernel | attribute)\" \([$run] | counts(.)) skipped=\"\(.totals.skipped + .totals.fault)\" hostname=\"\(.kernel.release // $kernel | attribute)\"" +
    " timestamp=\"\(.kernel.date // "1970-01-01T00:00:00Z" | rtrimstr("Z") | attribute)\">",
  "<properties>",
  (.kernel | to_entries[] | "<property name=\"\(.key | attribute)\" value=\"\(.value | attribute)\"/>"),
  "</properties>",
  (.behaviours[] | case($kernel)),
  kernel_case($kernel),
  "</testsuite>";

def junit:
  (.runs | labels) as $labels |
  [
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
    "<testsuites name=\"csdesign\" \(counts(.runs))>",
    (range(.runs | length) as $i | .runs[$i] | suite($labels[$i])),
    "</testsuites>"
  ] | map("\(.)\n") | add;
