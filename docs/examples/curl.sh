#!/usr/bin/env bash
# A hospital's script: who the members are, a patient's key enrolled, a record anchored, a decision asked for, and the audit
# entries that all this leaves. Reads with curl and jq; what is signed is signed by the galen command. On a development
# chain, whose hospital is //Alice:
#
#   docs/examples/curl.sh [ws://127.0.0.1:9944]
#
# GALEN names the galen command, if it is not in the path.
set -euo pipefail

export GALEN_NODE=${1:-ws://127.0.0.1:9944}
galen=${GALEN:-galen}

# ask METHOD PARAMS: the answer at the finalized head; an error of the node ends the script.
ask() {
  curl -fsS -H 'content-type: application/json' "${GALEN_NODE/#ws/http}" \
    -d "$(jq -nc --arg method "$1" --argjson params "$2" '{jsonrpc: "2.0", id: 1, $method, $params}')" |
    jq -ce 'if .error then "the node refused: \(.error.message)\n" | halt_error(1) else .result end'
}

ask consortium_members '{"limit": 10}' | jq -r '.value.items[] | "member \(.account) \(.name)"'
hospital=$(ask consortium_members '{}' | jq -r '.value.items[0].account')

# One key for each patient at each hospital; here 32 random bytes, whose secret nobody knows.
patient=0x$(od -An -N32 -tx1 /dev/urandom | tr -d ' \n')
entries_so_far=$(ask audit_state '{}' | jq .value.count)
"$galen" consent enrol "$patient" --key //Alice >/dev/null

# What goes on chain of a document is a hash under a salt that stays with the document: BLAKE2b-256 of a tag, the scheme
# (0: plain text), the salt and the bytes. The worker does this (`galen document put`), and keeps the salt.
record=0x$({ printf 'galen:commitment:v1\0'; head -c 32 /dev/urandom; printf 'Mild anaemia. Iron for three months.'; } |
  b2sum -l 256 | cut -d' ' -f1)
"$galen" record anchor "$record" --patient "$patient" --key //Alice >/dev/null
echo "anchored $record"

question=$(jq -nc --arg patient "$patient" --arg hospital "$hospital" \
  '{$patient, custodian: $hospital, requester: $hospital, purpose: "TREAT", record: {level: "N"}}')
ask consent_decide "{\"question\": $question}" |
  jq -r '"may the hospital use it for treatment? \(.value.decision) \(.value.reason)"'

# HTTP carries no subscriptions: pages are asked for until there is no next one.
cursor=$entries_so_far seen=''
while [ "$cursor" != null ]; do
  page=$(ask audit_entries "{\"filter\": {\"patient\": \"$patient\"}, \"cursor\": $cursor}")
  jq -r '.value.items[] | "audit entry \(.index) \(.kind) in block \(.block)"' <<<"$page"
  seen+=$(jq -r '.value.items[] | select(.kind == "recordAnchored") | .subject' <<<"$page")
  cursor=$(jq .value.next <<<"$page")
done
[ "$seen" = "$record" ]
