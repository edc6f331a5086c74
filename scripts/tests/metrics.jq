# Which exported series PromQL expressions rely on. Arguments: $series, as [{name, labels}], what the pages export;
# $recorded, names that recording rules define. Input: [{where, expr}]. Output: one line per thing that is not there.
#
# A tokenizer, no parser: what is left of an expression without strings, selectors, ranges and label lists are names,
# functions (before a parenthesis), keywords and numbers.

def string: "\"(?:\\\\.|[^\"\\\\])*\"";

def names:
  gsub(string; "")
  | gsub("\\{[^}]*\\}"; " ")
  | gsub("\\[[^\\]]*\\]"; " ")
  | gsub("\\b(by|without|on|ignoring|group_left|group_right)\\s*\\([^)]*\\)"; " ")
  | [scan("(?<![\\w:$.])([a-zA-Z_:][\\w:]*)(\\s*\\()?") | select(.[1] == null) | .[0]]
  | map(select(IN("and", "or", "unless", "bool", "offset", "group_left", "group_right", "inf", "nan") | not))
  | unique;

# The matchers of every selector, without the labels that scraping adds and without the dashboard's variables.
def matchers:
  [scan("([a-zA-Z_:][\\w:]*)\\s*\\{((?:[^}\"]|" + string + ")*)\\}")
    | .[0] as $name
    | .[1] | scan("([a-zA-Z_]\\w*)\\s*(=~|!~|!=|=)\\s*\"((?:\\\\.|[^\"\\\\])*)\"")
    | {name: $name, label: .[0], op: .[1], value: .[2]}]
  | map(select((.label | IN("job", "instance")) or (.value | startswith("$")) | not));

# What a dashboard's variable asks for.
def variable: capture("^label_values\\((?<name>[\\w:]+)\\s*,\\s*(?<label>\\w+)\\)$").name;

($series | group_by(.name) | map({key: .[0].name, value: map(.labels)}) | from_entries) as $exported
| ($recorded + ["up"] | map({key: ., value: true}) | from_entries) as $known
| .[]
| .where as $where
| (.expr | if startswith("label_values(") then {names: [variable], matchers: []} else {names: names, matchers: matchers} end)
| (if .names == [] then "\($where): no metric in it" else empty end),
  (.names[] | select($known[.] or $exported[.] | not) | "\($where): \(.) is not exported"),
  (.matchers[]
    | select($exported[.name])
    | . as $m
    | [$exported[.name][] | .[$m.label] | values] as $values
    | if $values == [] then "\($where): \(.name) has no label \(.label)"
      elif .op == "=" and ($values | index($m.value) | not) then "\($where): \(.name) has no \(.label)=\"\(.value)\""
      elif .op == "=~" and (any($values[]; test("^(?:\($m.value))$")) | not) then "\($where): no \(.label) of \(.name) matches \(.value)"
      else empty end)
