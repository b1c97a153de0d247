# html: a report as one page that needs nothing else: the matrix, and below it what each kernel did.
# Kernels that did the same with a behaviour share one piece of evidence.
include "common";

def h: printable | @html;
def tag($name; $class): if . == "" then "" else "<\($name) class=\"\($class)\">\(.)</\($name)>" end;
# Where a long name may be broken, in a narrow column.
def breakable: h | gsub("(?<c>[-+~_.])(?=[0-9A-Za-z])"; "\(.c)<wbr>");
def seconds: if type == "number" then "\(. * 10 | round / 10) s" else . end;
def count($one; $many): "\(.) \(if . == 1 then $one else $many end)";

# --- what is shown ---------------------------------------------------------------------------

# What a diff says, without its head, which names the run.
def diff_body: .diff // "" | split("\n") | map(select(test("^(---|\\+\\+\\+) ") | not));

# A behaviour with a column a kernel, {label, entry: what it did there}, and the columns in groups
# that did the same. A column knows its group and whether it differs from the last one that ran.
def row($labels; $by_id; $absent):
  . as $behaviour |
  reduce range($labels | length) as $i (
    {columns: [], groups: [], index: {}, before: null};
    $by_id[$i][$behaviour.id] as $entry |
    if $entry == null then .columns += [{absent: $absent[$i]}]
    else
      ([$entry.outcome, $entry.reason, ($entry | normal_facts), $entry.wire, ($entry | diff_body),
        (if $entry.outcome == "broken" then $entry.stderr else "" end)] | tojson) as $key |
      (if .index[$key] then . else
        .index[$key] = (.groups | length) | .groups += [{labels: [], entry: $entry}] end) |
      .index[$key] as $group |
      .groups[$group].labels += [$labels[$i]] | .groups[$group].ms += [$entry.ms // 0] |
      .before as $before |
      .columns += [{group: $group, entry: $entry,
        differs: (if $before != null and ($entry | ran) and
            (($before.entry | word) != ($entry | word) or ($entry | same_as($before.entry) | not))
          then $before.label else null end)}] |
      if $entry | ran then .before = {label: $labels[$i], entry: $entry} else . end
    end) |
  $behaviour + {columns, groups} |
  .plain = all(.columns[]; .absent or ((.entry | word) == "ok" and (.differs | not)));

def anchor($group): "\(.id):\($group + 1)";

# --- the matrix ------------------------------------------------------------------------------

def cell($row):
  if .absent then "<td class=\"absent\">\(.absent)</td>"
  else
    (.entry.reason // "" | h) as $why |
    "<td class=\"\(.entry.outcome)\(if .entry | is_known then " known" else "" end)\(
      if .differs then " differs" else "" end)\">" +
    (if .differs then "<b title=\"not as on \(.differs | h)\">&ne;</b>" else "" end) +
    "<a href=\"#\(.group as $g | $row | anchor($g))\"\(
      if $why == "" then "" else " title=\"\($why)\"" end)>\(.entry | word)</a></td>"
  end;

def matrix_row:
  . as $row |
  "<tr id=\"row/\(.id)\"\(if .plain then " class=\"plain\"" else "" end)><th scope=\"row\"><a href=\"#\(
    .id)\">\(.id)</a>" +
  (.claim // "" | h | tag("span"; "claim")) + (.source // "" | h | tag("span"; "source")) + "</th>" +
  (.columns | map(cell($row)) | add) + "</tr>";

# The image that somebody named, if one did: that of a release is the cache's.
def own_image: .image // "" | strings | select(. != "") | split("/") as $path |
  select($path[-1] != "bzImage" or ($path[-3] != "kernels"));

# A release says more than the name of a file, which may be long.
def heading($name):
  [.kernel | own_image][0] as $image |
  "<th scope=\"col\">" +
  (if $image == null then "<span class=\"name\">\($name | breakable)</span>"
   else "<span class=\"name\">\(.kernel.release // "?" | breakable)</span><span class=\"file\" title=\"\($image | h)\">\($name | h)</span>" end) +
  (if .kernel.broken then
    "<span class=\"broken\">\(if .behaviours == [] then "did not run" else "broke off" end)</span>" else "" end) +
  (.totals | [
    (select(.failed > 0) | "<span class=\"failed\">\(.failed) FAIL</span>"),
    (select(.broken > 0) | "<span class=\"broken\">\(.broken) BROKEN</span>"),
    (select(.fault > 0) | "<span class=\"fault\">\(.fault | count("fault"; "faults"))</span>"),
    "<span class=\"ok\">\(.ok) ok</span>"] | add) + "</th>";

# Facts about the kernels, a row each; those that are the same on all of them in one.
def kernel_rows:
  ["release", "date", "seconds", "boot_seconds", "accel", "arch", "cpus"] as $first |
  ["name", "broken", "image"] as $elsewhere |
  {release: "release", date: "date", seconds: "time taken", boot_seconds: "of it, to boot",
    accel: "accelerator", arch: "architecture", cpus: "processors"} as $titles |
  [.runs[].kernel] as $kernels |
  ([$kernels[] | keys_unsorted[]] | unique - $first - $elsewhere | map(select(. != "version")) + (if $kernels[6] then [] else ["version"] end)) as $others |
  [$others[] | select(. as $key | [$kernels[][$key] | values] | unique | length == 1)] as $same |
  def title: $titles[.] // if startswith("config_") then ascii_upcase else gsub("_"; " ") end;
  def value($key):
    .[$key] | if . == null then "" elif $key | endswith("seconds") then seconds
    elif $key == "date" then tostring | sub("T"; " ") | sub(":[0-9]{2}Z$"; "Z") else . end |
    tostring | breakable;
  (($first + ($others - $same))[] | . as $key | select(any($kernels[]; .[$key] != null)) |
    "<tr class=\"fact\"><th scope=\"row\">\($key | title | h)</th>" +
    ([range($kernels | length) as $i | $kernels[$i] | value($key) |
      if $i > 0 and ($key | startswith("config_")) and
        ([$kernels[$i, $i - 1][$key] | values] | unique | length > 1)
      then "<td class=\"differs\">\(.)</td>"
      elif $key == "release" then "<td title=\"\($kernels[$i].version // "" | h)\">\(.)</td>"
      else "<td>\(.)</td>" end] | add) + "</tr>"),
  (select($same != []) | "<tr class=\"fact\"><th scope=\"row\">\(
      if $kernels[1] then "the same wherever it is known" else "besides" end)</th><td class=\"list\" colspan=\"\(
      $kernels | length)\">\([$same[] | . as $key | "\(title | h) \([$kernels[][$key] | values][0] | h)"] | join(" &middot; "))</td></tr>");

def matrix($labels; $rows):
  "<table class=\"matrix k\(.runs | length)\"><thead><tr><th scope=\"col\">behaviour, claim, source</th>\(
    [range(.runs | length) as $i | .runs[$i] | heading($labels[$i])] | add)</tr></thead>",
  "<tbody>", kernel_rows, "</tbody>",
  ((.runs | length + 1) as $width | $rows | group_by(area)[] |
    "<tbody>",
    "<tr class=\"area\(if all(.[]; .plain) then " plain" else "" end)\"><th colspan=\"\($width)\">\(.[0] | area) <span>\(
      length | count("behaviour"; "behaviours"))</span></th></tr>",
    (.[] | matrix_row),
    "</tbody>"),
  "</table>";

# --- the evidence ----------------------------------------------------------------------------

def diff_lines:
  split("\n") | map(h |
    if startswith("+") then "<ins>\(.)</ins>" elif startswith("-") then "<del>\(.)</del>" else . end) |
  join("\n");

def piece($title): "<div class=\"piece\"><h5>\($title)</h5>\(.)</div>";
def pre: "<pre>\(.)</pre>";

def picture:
  if length > 200000 then "<p>The picture is too large for this page: <code>wire ladder</code> draws it.</p>"
  else "<img loading=\"lazy\" alt=\"ladder diagram of the packets\" src=\"data:image/svg+xml;base64,\(@base64)\">" end;

# The wire, and its picture, unless an earlier group of this behaviour had the same.
def wire_pieces($row; $number):
  .wire as $wire | [range($row.groups[:$number] | length) as $i | select($row.groups[$i].entry.wire == $wire) | $i][0] as $same |
  if $wire == "" or $wire == null then empty
  elif $same != null then "<p><a href=\"#\($row | anchor($same))\">as on \($row.groups[$same].labels[0] | h)</a></p>" | piece("wire")
  else
    ($wire | chomped | h | pre | piece("wire")),
    (.ladder // "" | select(. != "") | picture | piece("ladder"))
  end;

def badge: "<span class=\"badge \(.outcome)\(if is_known then " known" else "" end)\">\(word)</span>";

def explanation:
  if is_known then "A known difference, and right: \(.reason | ltrimstr("as known for ") | h)"
  elif .outcome == "fault" then "A known fault of this kernel, mended by: <cite>\(.reason | h)</cite>"
  elif .outcome == "broken" then "The scene could not be set: \(.reason | h)"
  elif .outcome == "skipped" then "Not applicable here: \(.reason | h)"
  elif .outcome == "failed" then "The kernel differs from the claim (\(.reason | h))"
  else "" end;

def group($row; $number):
  .labels as $labels | (.ms | if min == max then "\(min) ms" else "\(min) to \(max) ms" end) as $ms | .entry |
  "<details\(if (.outcome | IN("failed", "broken", "fault")) or is_known then " open" else "" end)><summary>\(badge) " +
    "\($labels | map(h) | join(" &middot; ")) <small>\($ms)</small></summary>" +
    "<div class=\"evidence\" id=\"\($row | anchor($number))\">" +
    (explanation | tag("p"; "why")) +
    ([
      (.diff // "" | select(. != "") | diff_lines | pre | piece("what differs")),
      (.facts // [] | select(. != []) | join("\n") | h | pre | piece("facts")),
      wire_pieces($row; $number),
      (select(.outcome != "ok") | .stderr // "" | select(. != "") | h | pre | piece("stderr"))
    ] | add // "<p>No evidence was left.</p>") +
    "</div></details>";

def evidence:
  . as $row |
  "<article id=\"\(.id)\"><h3><a href=\"#row/\(.id)\" title=\"back to the matrix\">\(.id)</a></h3>",
  (.claim // "" | h | tag("p"; "claim")), (.source // "" | h | tag("p"; "source")),
  (range(.groups | length) as $i | .groups[$i] | group($row; $i)),
  "</article>";

# --- the summary -----------------------------------------------------------------------------

def items($rows; f):
  [$rows[] | . as $row | range(.groups | length) as $i | .groups[$i] | select(.entry | f) |
    "<li>\(.entry | badge) <a href=\"#\($row | anchor($i))\">\($row.id)</a> on \(
      .labels | map(h) | join(", ")): \(.entry.reason | ltrimstr("as known for ") | ltrimstr("gvisor: ") | h)</li>"];

def listed($title): select(. != []) | "<h2>\($title)</h2>", "<ul>", .[], "</ul>";

def dead($labels):
  [range(.runs | length) as $i | .runs[$i] | select(.kernel.broken) |
    "<li><span class=\"badge broken\">\(if .behaviours == [] then "did not run" else "broke off" end)</span> \(
      $labels[$i] | h): \(.kernel.broken | h)\(
      .console // [] | if . == [] then "" else join("\n") | h | pre end)</li>"];

def summary($labels; $rows):
  (items($rows; .outcome == "failed") | listed("Different from the claim")),
  (dead($labels) + items($rows; .outcome == "broken") | listed("Broken: no verdict")),
  (items($rows; .outcome == "fault") | listed("Known faults of released kernels")),
  (items($rows; is_known) | listed("Known differences, and right"));

def total_line:
  ([.runs[] | select(.kernel.broken)] | length) as $dead |
  [.runs[].behaviours[]] | totals |
  "\(.behaviours | count("behaviour"; "behaviours")): \(.ok) ok\(
    if .known > 0 then " (\(.known) as known)" else "" end), \(.failed) failed, \(.broken) broken, \(.skipped) skipped\(
    if .fault > 0 then ", \(.fault | count("known fault"; "known faults"))" else "" end)\(
    if $dead > 0 then "; \($dead | count("kernel"; "kernels")) did not run to the end" else "" end)";

def legend:
  "<p class=\"legend\">" + ([
    ["ok", "as claimed"], ["ok known", "ok*", "differs from other kernels, as known and right"],
    ["failed", "FAIL", "differs from the claim"], ["fault", "differs: a known fault, mended since"],
    ["broken", "BROKEN", "the scene could not be set"], ["skipped", "skip", "not applicable"],
    ["absent", "n.a.", "not part of that run"], ["absent", "-", "the kernel did not get there"]
  ] | map("<span><span class=\"badge \(.[0])\">\(if .[2] then .[1] else .[0] end)</span> \(.[-1])</span>") | join(" ")) +
  " <span><b class=\"ne\">&ne;</b> facts, wire or outcome are not those of the kernel to the left</span></p>";

def html:
  (.runs | labels) as $labels |
  [.runs[] | [.behaviours[] | {(.id): .}] | add // {}] as $by_id |
  [.runs[] | if .kernel.broken then "-" else "n.a." end] as $absent |
  [all_behaviours[] | row($labels; $by_id; $absent)] as $rows |
  [
    "<!DOCTYPE html>",
    "<html lang=\"en\"><head><meta charset=\"utf-8\">",
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">",
    "<meta name=\"color-scheme\" content=\"light dark\">",
    "<title>csdesign: \($labels | join(", ") | h)</title>",
    "<style>\n\($style)</style></head><body>",
    "<h1>What \(if $labels[1] then "these kernels do" else "this kernel does" end) with sockets</h1>",
    "<p class=\"totals\">\(if $labels[1] then "\($labels | length) kernels, " else "" end)\(total_line)</p>",
    summary($labels; $rows),
    "<h2 id=\"matrix\">Every behaviour</h2>",
    legend,
    "<form class=\"filter\"><label><input type=\"checkbox\" id=\"odd\"> only rows that are not plain ok</label>",
    "<label id=\"search\" hidden>filter <input type=\"search\" placeholder=\"id, claim or source\"></label></form>",
    matrix($labels; $rows),
    "<h2>Evidence</h2>",
    ($rows[] | evidence),
    "<script>\n\($script)</script>",
    "</body></html>"
  ] | map("\(.)\n") | add;
