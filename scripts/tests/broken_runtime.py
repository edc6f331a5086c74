"""Makes of a raw chain spec one whose runtime lacks a function, and mistakes others for one another.

    broken_runtime.py SPEC >BROKEN

What the runtime exports is renamed, by names of the same length: FederatedApi_round is gone, and whoever asks for
ConsentApi_decide gets RecordsApi_record, for AuditApi_entries AuditApi_holders, and the other way round; none of which
can read what it is given.
"""

import json
import sys

import zstandard

CODE = "0x3a636f6465"
# What sp-maybe-compressed-blob puts before a compressed runtime, and the most that it reads.
COMPRESSED = bytes([82, 188, 83, 118, 70, 219, 142, 5])
LIMIT = 50 << 20


def export(name):
    """An exported function as wasm writes it: length, name, kind 0."""
    return bytes([len(name)]) + name.encode() + b"\0"


def replace(code, old, new):
    assert len(old) == len(new) and code.count(export(old)) == 1, f"{old} is not exported once"
    return code.replace(export(old), export(new))


spec = json.load(open(sys.argv[1]))
top = spec["genesis"]["raw"]["top"]
code = bytes.fromhex(top[CODE][2:])
if code.startswith(COMPRESSED):
    code = zstandard.ZstdDecompressor().decompress(code[len(COMPRESSED) :], max_output_size=LIMIT)
code = replace(code, "FederatedApi_round", "FederatedApi_r0und")
for one, other in [("ConsentApi_decide", "RecordsApi_record"), ("AuditApi_entries", "AuditApi_holders")]:
    nobody = "x" * len(one)
    for old, new in [(one, nobody), (other, one), (nobody, other)]:
        code = replace(code, old, new)
top[CODE] = "0x" + code.hex()
json.dump(spec, sys.stdout)
