"""docs/openrpc.json against a running node.

    openrpc.py OPENRPC NODE BROKEN GALEN WORKER WORLD

NODE is a node of a development chain on which everything that the examples name exists: WORLD is a JSON object of what an example
names to what this chain calls it. BROKEN is a node as broken_runtime.py makes them, which keeps the state of a few blocks only.
GALEN is the galen command. WORKER is the process of the hospital's worker, which is stopped (SIGSTOP) and has the job `waiting` of the
WORLD before it. Exits non-zero at the first thing that does not hold.
"""

import json
import os
import signal
import subprocess
import sys
import time

from jsonschema import Draft202012Validator
from node_rpc import Node, Refused
from substrateinterface import SubstrateInterface

openrpc_file, url, broken_url, galen, worker, world = sys.argv[1:]
doc, world = json.load(open(openrpc_file)), json.loads(world)
methods = {method["name"]: method for method in doc["methods"]}
for method in doc["methods"]:
    # Parameters that many methods have stand once in the document.
    shared = doc["components"]["contentDescriptors"]
    method["params"] = [shared[p["$ref"].rsplit("/", 1)[1]] if "$ref" in p else p for p in method["params"]]
codes = {error["code"]: name for name, error in doc["components"]["errors"].items()}
node, broken = Node(url), Node(broken_url)
chain = SubstrateInterface(url=url)
checks = 0
provoked = set()


def holds(what, condition, seen=None):
    global checks
    if not condition:
        sys.exit(f"openrpc: {what}: does not hold" + ("" if seen is None else f"; seen: {json.dumps(seen)[:2000]}"))
    checks += 1


def matches(what, value, *path):
    """`value` against the schema that stands at `path` in the document."""
    pointer = "/".join(str(step).replace("~", "~0").replace("/", "~1") for step in path)
    # The document itself is the schema's root, so that its references resolve.
    errors = list(Draft202012Validator({**doc, "$ref": f"#/{pointer}"}).iter_errors(value))
    if errors:
        worst = max(errors, key=lambda error: len(error.absolute_path))
        sys.exit(f"openrpc: {what}: {worst.message[:600]} (at {list(worst.absolute_path)})")
    holds(what, True)


def here(value):
    """An example's value, as this chain has it."""
    if isinstance(value, dict):
        return {name: here(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [here(inner) for inner in value]
    return world.get(value, value) if isinstance(value, str) else value


def given(method):
    """The parameters of a method's example, as this chain has them."""
    return {param["name"]: here(param["value"]) for param in method["examples"][0]["params"]}


def refuses(what, asked, code, method, params):
    """The request must be refused with that code, which the document must name for the method."""
    try:
        answer = asked.ask(method, params)
    except Refused as refused:
        holds(f"{what}: code {code}", refused.code == code, [refused.code, refused.message])
        listed = [error["$ref"].rsplit("/", 1)[1] for error in methods[method]["errors"]]
        holds(f"{what}: {method} lists {code}", codes[code] in listed)
        provoked.add(code)
        return refused
    sys.exit(f"openrpc: {what}: was answered: {json.dumps(answer)[:600]}")


def run_galen(*arguments):
    """What the galen command prints, as JSON."""
    done = subprocess.run([galen, "--node", url, "--output", "json", *arguments], capture_output=True, text=True)
    holds(f"galen {arguments[0]} {arguments[1]}", done.returncode == 0, done.stderr)
    return json.loads(done.stdout)


def every_item(method, params, **more):
    """All items of a list, page by page."""
    items, cursor = [], None
    while True:
        page = node.ask(method, {**params, **more, **({} if cursor is None else {"cursor": cursor})})["value"]
        items += page["items"]
        cursor = page["next"]
        if cursor is None:
            return items


# ---- the document and the node name the same methods
namespaces = {name.split("_")[0] for name in methods}
served = {name for name in node.ask("rpc_methods")["methods"] if name.split("_")[0] in namespaces}
holds("methods of the node and of the document", served == set(methods), sorted(served ^ set(methods)))
for name, method in methods.items():
    subscription = method.get("x-subscription")
    holds(f"{name}: its end is described", not subscription or subscription["unsubscribe"] in methods)
    holds(f"{name}: errors exist", all(e["$ref"].split("/")[-1] in doc["components"]["errors"] for e in method["errors"]))

# ---- lists of codes are those of the runtime
types = chain.get_metadata().portable_registry["types"].value
variants = {
    "::".join(kind["type"]["path"]): [variant["name"] for variant in kind["type"]["def"]["variant"]["variants"]]
    for kind in types
    if "variant" in kind["type"]["def"]
}
for name, schema in doc["components"]["schemas"].items():
    if "x-scale" in schema:
        runtime = [code.lower() for code in variants[schema["x-scale"]]]
        holds(f"codes of {name}", [code.lower() for code in schema["enum"]] == runtime, runtime)

# ---- every example: the document's own values, then the node's, by name and by position
for index, (name, method) in enumerate(methods.items()):
    example = method["examples"][0]
    positions = {param["name"]: at for at, param in enumerate(method["params"])}
    for param in example["params"]:
        where = ("methods", index, "params", positions[param["name"]], "schema")
        matches(f"{name}: example of {param['name']}", param["value"], *where)
    matches(f"{name}: example's result", example["result"]["value"], "methods", index, "result", "schema")
    by_name = given(method)
    by_position = [by_name.get(param["name"]) for param in method["params"]]
    asked = [by_position] if method["paramStructure"] == "by-position" else [by_name, by_position]
    for params in asked:
        answer = node.ask(name, params)
        matches(f"{name}: answer", answer, "methods", index, "result", "schema")
        if "x-subscription" in method:
            told = node.next(method["x-subscription"]["notification"], answer)
            matches(f"{name}: notification", told, "methods", index, "x-subscription", "item")
            holds(f"{name}: final", told["block"]["finalized"])
            # Of jobs that are all settled nothing more is told.
            lives = told["value"].get("open") != 0
            holds(f"{name}: ends", node.ask(method["x-subscription"]["unsubscribe"], [answer]) is lives)
    listed = next((p for p in method["params"] if p["name"] == "limit"), None)
    if listed:
        whole = every_item(name, by_name, limit=256)
        holds(f"{name}: has items", whole)
        holds(f"{name}: page by page", every_item(name, by_name, limit=1) == whole)
        refuses(f"{name}: a page of none", node, -32602, name, {**by_name, "limit": 0})
        refuses(f"{name}: a page of too many", node, -32602, name, {**by_name, "limit": 257})
        refuses(f"{name}: a cursor that was not given", node, -32602, name, {**by_name, "cursor": "x"})

# ---- blocks
finalized = node.ask("chain_getFinalizedHead")
genesis = node.ask("chain_getBlockHash", [0])
answer = node.ask("audit_state", {"at": genesis})
holds("at a block", answer["block"] == {"hash": genesis, "number": 0, "finalized": True}, answer)
holds("as it was there", answer["value"]["count"] == 0, answer)
answer = node.ask("audit_state")
number = int(node.ask("chain_getHeader", [answer["block"]["hash"]])["number"], 16)
holds("the head is named by hash and number", number == answer["block"]["number"], answer)
deadline = time.time() + 30
while node.ask("audit_state", {"at": node.ask("chain_getBlockHash")})["block"]["finalized"]:
    holds("a best block that is not final is said to be none", time.time() < deadline)
consents = given(methods["consent_consents"])
first = node.ask("consent_consents", {**consents, "limit": 1})
other = {"limit": 1, "cursor": first["value"]["next"], "at": genesis}
refuses("a cursor of another block", node, -32602, "consent_consents", {**consents, **other})

# ---- accounts: both forms are one
patient = consents["patient"]
hexadecimal = "0x" + chain.ss58_decode(patient)
pair = [node.ask("consent_consents", {"patient": form})["value"] for form in (patient, hexadecimal)]
holds("SS58 and hexadecimal are one account", pair[0] == pair[1] and pair[0]["items"], pair)
pair = [every_item("audit_entries", {"filter": {"patient": form}}) for form in (patient, hexadecimal)]
holds("also within objects", pair[0] == pair[1] and pair[0], pair)

# ---- errors, each at least once
unknown = "0x" + "00" * 32
for name in ("lim", "At", "question"):
    refuses(f"a parameter {name} that is none", node, -32602, "audit_entries", {name: 1})
refuses("a parameter that is missing", node, -32602, "records_record", {})
refuses("too many parameters", node, -32602, "audit_state", [None, None])
refuses("an account that is none", node, -32602, "consent_patient", {"patient": "Alice"})
question = given(methods["consent_decide"])["question"]
refuses("too many labels", node, -32602, "consent_decide", {"question": {**question, "record": {"labels": [unknown] * 17}}})
refuses("a purpose that is none", node, -32602, "consent_decide", {"question": {**question, "purpose": "FUN"}})
deep = json.loads("[" * 120 + "]" * 120)
refuses("a question 120 deep", node, -32602, "consent_decide", {"question": deep})
refuses("a block that nobody knows", node, -32101, "audit_state", {"at": unknown})
refuses("a cursor of a block that nobody knows", node, -32101, "consortium_members", {"cursor": "00" * 36})
absent = {"consent_patient": "patient", "consortium_member": "account"}
absent |= {"records_batch": "root", "records_erasedLeaf": "commitment", "custody_item": "id", "custody_steps": "id"}
absent |= {"records_record": "id", "summaries_job": "id", "summaries_check": "id", "federated_model": "hash"}
for name, param in absent.items():
    refused = refuses(f"{name} of nothing", node, -32103, name, {param: unknown})
    matches(f"{name} of nothing: block", refused.data["block"], "components", "schemas", "Block")
refuses("no such round", node, -32103, "federated_round", {"id": 4294967295})
refuses("following a job that is not there", node, -32103, "summaries_subscribeJobs", {"jobs": [unknown]})
refuses("following no job", node, -32602, "summaries_subscribeJobs", {"jobs": []})
refuses("a runtime without the function", broken, -32104, "federated_round", {"id": 0})
refuses("a runtime that traps", broken, -32100, "consent_decide", {"question": question})
subscription = broken.ask("audit_subscribeEntries", {"cursor": 0})
try:
    broken.next(methods["audit_subscribeEntries"]["x-subscription"]["notification"], subscription)
    sys.exit("openrpc: a subscription at a runtime that traps goes on")
except Refused as refused:
    holds("a subscription that cannot go on says why, and ends", refused.code == -32100, refused.message)
genesis_of_broken = broken.ask("chain_getBlockHash", [0])
deadline = time.monotonic() + 120
while (number := broken.ask("audit_state")["block"]["number"]) < 8:
    if time.monotonic() > deadline:
        sys.exit(f"openrpc: waited 120 s for block 8 at the broken node, which has {number}")
    time.sleep(0.5)
refuses("pruned state", broken, -32102, "audit_state", {"at": genesis_of_broken})
holds("every error was provoked", provoked == set(codes), sorted(set(codes) - provoked))

# ---- entries: each once, in order, only final; from where the client was
entry_name = methods["audit_subscribeEntries"]["x-subscription"]["notification"]
known = every_item("audit_entries", {})
listener = Node(url)
subscription = listener.ask("audit_subscribeEntries", {"cursor": 0})
half = len(known) // 2
seen = [listener.next(entry_name, subscription) for _ in range(half)]
listener.close()
fresh = "0x" + f"{int(time.time()):064x}"
run_galen("consent", "enrol", fresh, "--key", "//Alice", "--wait", "best")
listener = Node(url)
subscription = listener.ask("audit_subscribeEntries", {"cursor": seen[-1]["value"]["index"] + 1})
# Some of the rest may not have been final above.
while len(seen) <= len(known):
    seen.append(listener.next(entry_name, subscription))
entries = [told["value"] for told in seen]
holds("entries: each once and in order", [entry["index"] for entry in entries] == list(range(len(entries))), entries)
holds("entries: what the pages say", entries[: len(known)] == known)
holds("entries: the new one", entries[-1]["patient"] == chain.ss58_encode(fresh), entries[-1])
holds("entries: final", all(told["block"]["finalized"] and told["value"]["block"] <= told["block"]["number"] for told in seen))
only = listener.ask("audit_subscribeEntries", {"cursor": 0, "filter": {"kind": "consentGranted"}})
matching = [entry for entry in known if entry["kind"] == "consentGranted"]
holds("entries: filtered", [listener.next(entry_name, only)["value"] for _ in matching] == matching)
to_come = listener.ask("audit_subscribeEntries")
run_galen("consent", "enrol", fresh[:-4] + "ffff", "--key", "//Alice", "--wait", "best")
told = listener.next(entry_name, to_come)["value"]
holds("entries: those to come", told["index"] == len(entries), told)

# ---- jobs: as they are, then settled, and that is the end
waiting, settled = world["waiting"], given(methods["summaries_job"])["id"]
changed = methods["summaries_subscribeJobs"]["x-subscription"]["notification"]
subscription = listener.ask("summaries_subscribeJobs", {"jobs": [waiting, settled]})
told = [listener.next(changed, subscription) for _ in range(2)]
os.kill(int(worker), signal.SIGCONT)
told.append(listener.next(changed, subscription))
for change in told:
    matches("jobs: notification", change, "methods", list(methods).index("summaries_subscribeJobs"), "x-subscription", "item")
holds("jobs: told of those that were asked for", {t["value"]["id"] for t in told[:2]} == {waiting, settled}, told)
stories = {id: [t["value"]["job"]["status"] for t in told if t["value"]["id"] == id] for id in (waiting, settled)}
holds("jobs: the settled one once", [list(status) for status in stories[settled]] == [["done"]], stories)
holds("jobs: the open one twice", stories[waiting][0] == "open" and list(stories[waiting][1]) == ["done"], stories)
holds("jobs: none is left", told[-1]["value"]["open"] == 0 and told[0]["value"]["open"] > 0, told)
holds("jobs: that was the end", listener.ask("summaries_unsubscribeJobs", [subscription]) is False)

print(f"openrpc: {len(methods)} methods, {checks} checks hold")
