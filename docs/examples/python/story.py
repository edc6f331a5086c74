"""A hospital's app in Python: who the members are, a patient's key enrolled, a record anchored, a decision asked for, and the
audit entries that all this leaves. On a development chain, whose hospital is //Alice:

    pip install -r requirements.txt
    python story.py [ws://127.0.0.1:9944]
"""

import hashlib
import os
import sys

from substrateinterface import Keypair, SubstrateInterface

chain = SubstrateInterface(url=sys.argv[1] if len(sys.argv) > 1 else "ws://127.0.0.1:9944")
hospital = Keypair.create_from_uri("//Alice")


def ask(method, **params):
    """The value that a method of Galen answers, at the finalized head."""
    return chain.rpc_request(method, params)["result"]["value"]


def submit(pallet, call, **arguments):
    """Signs a call as the hospital and waits until it is final."""
    composed = chain.compose_call(pallet, call, arguments)
    receipt = chain.submit_extrinsic(chain.create_signed_extrinsic(composed, hospital), wait_for_finalization=True)
    if not receipt.is_success:
        raise SystemExit(f"the chain refused {pallet}.{call}: {receipt.error_message}")


for member in ask("consortium_members")["items"]:
    print("member", member["account"], member["name"])

# One key for each patient at each hospital; here an example's, which anyone can make.
patient = Keypair.create_from_uri("//Patient//Python").ss58_address
entries_so_far = ask("audit_state")["count"]
submit("Consent", "enrol", patient=patient)

# What goes on chain of a document is a hash under a salt that stays with the document: BLAKE2b-256 of a tag, the scheme
# (0: plain text), the salt and the bytes.
salt, text = os.urandom(32), "Mild anaemia. Iron for three months.".encode()
record = "0x" + hashlib.blake2b(b"galen:commitment:v1" + b"\0" + salt + text, digest_size=32).hexdigest()
# Confidentiality N; what else decisions need to know is not said. substrate-interface takes a bounded list as a list in a list.
facts = {"level": "N", "labels": [[]], "authored": None, "authors": [[]], "name": None, "related": [[]]}
attributes = {"patient": patient, "facts": facts}
submit("Records", "anchor", commitment=record, attributes=attributes)
print("anchored", record)

question = {
    "patient": patient,
    "custodian": hospital.ss58_address,
    "requester": hospital.ss58_address,
    "purpose": "TREAT",
    "record": {"level": "N"},
}
decision = ask("consent_decide", question=question)
print("may the hospital use it for treatment?", decision["decision"], decision["reason"])


def told(message, update, subscription):
    """One entry; what is not None ends the subscription."""
    entry = message["params"]["result"]["value"]
    print("audit entry", entry["index"], entry["kind"], "in block", entry["block"])
    return entry if entry["kind"] == "recordAnchored" and entry["subject"] == record else None


chain.rpc_request("audit_subscribeEntries", {"filter": {"patient": patient}, "cursor": entries_so_far}, told)
