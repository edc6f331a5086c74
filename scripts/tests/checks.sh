# What the scripts that test the programs share; sourced after servers.sh. Counts what holds in `passed`.

passed=0
ok() { passed=$((passed + 1)); say "  ok: $*"; }
# same WHAT GOT EXPECTED
same() { [ "$2" = "$3" ] && ok "$1" || die "$1: expected '$3', got '$2'"; }
# ask COMMAND...: what `galen` answers, as JSON.
ask() { "$bin/galen" --output json "$@"; }
# as ROLE COMMAND...: the same with a credential of the worker in $run/worker.
as() { ask --token-file "$run/worker/tokens/$1" "${@:2}"; }
# refuses WHAT CODE COMMAND...: COMMAND must fail with that code in its JSON error.
refuses() {
  local what=$1 code=$2
  shift 2
  if "$@" >"$run/out" 2>"$run/err"; then die "$what: was not refused"; fi
  same "$what" "$(jq -r .code "$run/err" 2>/dev/null || cat "$run/err")" "$code"
}

# nothing_on_chain WORD...: none of the words stands in any form in state, events or extrinsics of the node's chain; and the
# scan does see what is there, since it finds the word in $known.
nothing_on_chain() {
  printf '%s\n' "$@" >"$run/words"
  "$bin/galen-network" scan "$GALEN_NODE" --words "$run/words" >"$run/scan" || die "on chain: $(head -n 5 "$run/scan")"
  printf '%s\n' "$known" >"$run/words"
  if "$bin/galen-network" scan "$GALEN_NODE" --words "$run/words" >"$run/out"; then die "the scan is blind: it does not find $known"; fi
  grep -q "^\"$known\"" "$run/out" || die "the scan failed: $(cat "$run/out")"
  ok "nothing on chain tells who or what: $(tail -n 1 "$run/scan")"
}
