"""Greedy decoding under the grammar of docs/extraction.md, in numpy, to measure a model without llama.cpp.

    python decode.py --weights RUN/last.npz --layout held-out --notes 200
    python decode.py --weights RUN/last.npz --fhir DIR      as `galen-worker evaluate` counts (without de-identification)
"""

import argparse
import base64
import collections
import json
import os
import random

import numpy as np

import dataset
import generate
import segment
from tokenizer import EOS, FIELDS, RUN, STATUSES, TYPES, Tokenizer, fold

MOST_TOKENS = 512
ASSERTED = ("present", "past", "planned")


def norm(x, weight, epsilon):
    """RMSNorm."""
    return x / np.sqrt(np.mean(x * x, -1, keepdims=True) + epsilon) * weight


class Cache:
    """A batch of sequences that grow by one token at a time."""

    def __init__(self, weights, shape, batch, room):
        self.weights, self.shape = weights, shape
        self.keys = np.zeros((shape.layers, batch, room, shape.heads, shape.head), np.float32)
        self.values = np.zeros_like(self.keys)
        turns = shape.base ** (-np.arange(0, shape.head, 2) / shape.head)
        angles = np.arange(room)[:, None] * turns[None, :]
        self.cosines, self.sines = np.cos(angles).astype(np.float32), np.sin(angles).astype(np.float32)

    def rotate(self, x, at):
        """RoPE of (rows, tokens, heads, head) at positions (rows, tokens)."""
        c, s = self.cosines[at][:, :, None, :], self.sines[at][:, :, None, :]
        out = np.empty_like(x)
        out[..., 0::2] = x[..., 0::2] * c - x[..., 1::2] * s
        out[..., 1::2] = x[..., 0::2] * s + x[..., 1::2] * c
        return out

    def feed(self, rows, tokens, at):
        """Scores after the last of (rows, tokens) that stand at positions `at` of the sequences `rows`."""
        shape = self.shape
        x = self.weights["embedding"][tokens]
        upto = int(at.max()) + 1
        hidden = np.where(np.arange(upto)[None, None, None, :] <= at[:, None, :, None], 0.0, -1e9).astype(np.float32)
        for i, layer in enumerate(self.weights["layers"]):
            y = norm(x, layer["attention_norm"], shape.epsilon)
            q, k, v = ((y @ layer[n]).reshape(*tokens.shape, shape.heads, shape.head) for n in "qkv")
            q = self.rotate(q, at)
            self.keys[i][rows[:, None], at] = self.rotate(k, at)
            self.values[i][rows[:, None], at] = v
            keys, values = self.keys[i][rows, :upto], self.values[i][rows, :upto]
            scores = np.matmul(q.transpose(0, 2, 1, 3), keys.transpose(0, 2, 3, 1)) / np.sqrt(shape.head) + hidden
            scores = np.exp(scores - scores.max(-1, keepdims=True))
            scores /= scores.sum(-1, keepdims=True)
            y = np.matmul(scores, values.transpose(0, 2, 1, 3)).transpose(0, 2, 1, 3).reshape(x.shape)
            x = x + y @ layer["o"]
            y = norm(x, layer["hidden_norm"], shape.epsilon)
            gate = y @ layer["gate"]
            x = x + (gate / (1 + np.exp(-gate)) * (y @ layer["up"])) @ layer["down"]
        return norm(x[:, -1], self.weights["norm"], shape.epsilon) @ self.weights["embedding"].T


class Grammar:
    """Which tokens may come next in the answer for one segment."""

    def __init__(self, tokenizer, text):
        self.t = tokenizer
        self.text = text
        folded = fold(text)
        self.tokens, self.starts = [], []
        # Byte pieces of one character share its place.
        at = 0
        placeholders = [m.span() for m in segment.PLACEHOLDER.finditer(text)]
        self.forbidden = set()
        for run in RUN.findall(folded):
            place = at
            for token in tokenizer.encode(run):
                self.tokens.append(token)
                self.starts.append(place)
                if tokenizer.types[token] != TYPES["byte"]:
                    place += len(tokenizer.pieces[token])
            at += len(run)
            if any(b <= at - len(run) < e for b, e in placeholders):
                self.forbidden.update(i for i, s in enumerate(self.starts) if s >= at - len(run))
        self.starts.append(len(folded))
        self.begins = {i for i in range(len(self.tokens)) if self.edge(i) and not dataset.separates(text, self.starts[i]) and i not in self.forbidden}
        self.ends = {i for i in range(1, len(self.tokens) + 1) if self.edge(i) and (text[self.starts[i] - 1] == "." or not dataset.separates(text, self.starts[i] - 1))}
        self.state, self.candidates, self.length, self.last = "start", [], 0, 0
        self.facts, self.fact = [], []

    def edge(self, i):
        """Whether a quote may begin or end before token i."""
        return (i == 0 or self.starts[i] != self.starts[i - 1]) and dataset.is_boundary(self.text, self.starts[i])

    def allowed(self):
        """Token ids that may come next."""
        ids = self.t.ids
        if self.state == "start":
            return [ids["[]"], ids["["]] if self.begins else [ids["[]"]]
        if self.state == "field":
            return [ids[f'{{"field":"{f}",'] for f in FIELDS]
        if self.state == "status":
            return [ids[f'"status":"{s}",'] for s in STATUSES]
        if self.state == "quote":
            return [ids['"quote":"']]
        if self.state == "done":
            return [EOS]
        next_tokens = {self.tokens[c] for c in self.candidates if c < len(self.tokens) and c not in self.forbidden}
        if self.length and any(c in self.ends for c in self.candidates):
            next_tokens.add(ids['"}]'])
            end = min(c for c in self.candidates if c in self.ends)
            if any(b >= end for b in self.begins):
                next_tokens.add(ids['"},'])
        return sorted(next_tokens) or [ids['"}]']]

    def take(self, token):
        """Go on with a token."""
        ids, piece = self.t.ids, self.t.pieces[token]
        if self.state == "start":
            self.state = "done" if token == ids["[]"] else "field"
        elif self.state == "field":
            self.fact = [piece.split('"')[3]]
            self.state = "status"
        elif self.state == "status":
            self.fact.append(piece.split('"')[3])
            self.state = "quote"
        elif self.state == "quote":
            self.candidates, self.length = [b for b in self.begins if b >= self.last], 0
            self.state = "span"
        elif self.state == "span":
            if token in (ids['"},'], ids['"}]']):
                ends = [c for c in self.candidates if c in self.ends]
                if ends:
                    end = min(ends)
                    self.facts.append((*self.fact, self.text[self.starts[end - self.length]:self.starts[end]]))
                    self.last = end
                self.state = "field" if token == ids['"},'] else "done"
            else:
                self.candidates = [c + 1 for c in self.candidates if c < len(self.tokens) and self.tokens[c] == token]
                self.length += 1


def extract(weights, shape, tokenizer, pieces, at_once=64):
    """The facts, (field, status, quote), of each segment."""
    order = sorted(range(len(pieces)), key=lambda i: len(pieces[i].text))
    results = [None] * len(pieces)
    for begin in range(0, len(order), at_once):
        chosen = order[begin:begin + at_once]
        prompts = [tokenizer.prompt(pieces[i]) for i in chosen]
        grammars = [Grammar(tokenizer, pieces[i].text) for i in chosen]
        # Prompts end together: shorter ones begin later and never see the places before.
        cache = Cache(weights, shape, len(chosen), max(map(len, prompts)) + MOST_TOKENS)
        scores = np.zeros((len(chosen), shape.vocabulary), np.float32)
        lengths = np.array([len(p) for p in prompts])
        for length in sorted(set(lengths)):
            rows = np.flatnonzero(lengths == length)
            tokens = np.array([prompts[r] for r in rows])
            scores[rows] = cache.feed(rows, tokens, np.tile(np.arange(length), (len(rows), 1)))
        live = np.arange(len(chosen))
        for _ in range(MOST_TOKENS):
            picked = []
            for r in live:
                allowed = grammars[r].allowed()
                token = allowed[int(np.argmax(scores[r][allowed]))]
                grammars[r].take(token)
                picked.append(token)
            keep = np.array([grammars[r].state != "done" for r in live], bool)
            live, tokens = live[keep], np.array(picked)[keep]
            if not len(live):
                break
            scores[live] = cache.feed(live, tokens[:, None], lengths[live][:, None])
            lengths[live] += 1
        for i, grammar in zip(chosen, grammars):
            results[i] = grammar.facts
    return results


def score_notes(weights, shape, tokenizer, layouts, count, seed):
    """Precision and recall of (field, quote) over asserted facts, and the share of right statuses among all facts found."""
    rng = random.Random(seed)
    pieces, expected = [], []
    for _ in range(count):
        _, text, facts = generate.generate(rng, layouts)
        for piece, found in dataset.labelled(text, facts):
            pieces.append(piece)
            expected.append(found)
    given = extract(weights, shape, tokenizer, pieces)
    right = predicted = true = same = found = 0
    for have, want in zip(given, expected):
        a = {(f, q) for f, s, q in have if s in ASSERTED}
        b = {(f, q) for f, s, q in want if s in ASSERTED}
        right, predicted, true = right + len(a & b), predicted + len(a), true + len(b)
        status = {(f, q): s for f, s, q in want}
        for f, s, q in have:
            if (f, q) in status:
                found += 1
                same += status[f, q] == s
    return right / max(predicted, 1), right / max(true, 1), same / max(found, 1)


def folded_words(text):
    """Case and white space folded."""
    return " ".join(text.lower().split())


def resources(folder, kind):
    """The resources of a kind in a folder of NDJSON."""
    path = os.path.join(folder, f"{kind}.ndjson")
    if os.path.exists(path):
        with open(path, encoding="utf-8") as file:
            yield from map(json.loads, filter(str.strip, file))


def score_fhir(weights, shape, tokenizer, folder, show=0):
    """Micro figures per field against the structured resources of the patients."""
    fields = {"problems": ("Condition", "code"), "medications": ("MedicationRequest", "medicationCodeableConcept"), "procedures": ("Procedure", "code"), "allergies": ("AllergyIntolerance", "code")}
    truth = {f: collections.defaultdict(set) for f in fields}
    for field, (kind, key) in fields.items():
        for resource in resources(folder, kind):
            who = (resource.get("subject") or resource.get("patient"))["reference"]
            code = resource[key]
            truth[field][who].add(folded_words(code.get("text") or code["coding"][0]["display"]))
    notes = []
    for document in resources(folder, "DocumentReference"):
        text = base64.b64decode(document["content"][0]["attachment"]["data"]).decode()
        notes.append((document["subject"]["reference"], text, segment.segments(text)))
    # Notes of one patient repeat themselves; each segment is read once.
    unique = {}
    for _, _, pieces in notes:
        for p in pieces:
            unique.setdefault((p.heading, p.lead, p.opening, p.text), p)
    print(f"{len(notes)} notes, {sum(len(n[2]) for n in notes)} segments, {len(unique)} different", flush=True)
    known = dict(zip(unique, extract(weights, shape, tokenizer, list(unique.values()))))
    counts = {f: [0, 0, 0] for f in fields}
    wrong, missed = collections.Counter(), collections.Counter()
    for who, text, pieces in notes:
        whole = folded_words(text)
        for field in fields:
            want = {t for t in truth[field][who] if t in whole}
            have = {folded_words(q) for p in pieces for f, s, q in known[p.heading, p.lead, p.opening, p.text] if f == field and s in ASSERTED}
            counts[field][0] += len(have & want)
            counts[field][1] += len(have)
            counts[field][2] += len(want)
            wrong.update((field, x) for x in have - want)
            missed.update((field, x) for x in want - have)
    total = [sum(c[i] for c in counts.values()) for i in range(3)]
    for field, (right, predicted, true) in [*counts.items(), ("micro", total)]:
        print(f"{field:12} precision {right / max(predicted, 1):.4f} recall {right / max(true, 1):.4f} ({right} right of {predicted} given, {true} true)")
    for name, table in (("wrong", wrong), ("missed", missed)):
        for (field, text), n in table.most_common(show):
            print(f"{name} {n:4} {field:12} {text}")


def main():
    """The command line."""
    import checkpoint
    import jax
    import model
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--weights", required=True, help="a checkpoint of train.py")
    parser.add_argument("--fhir", help="folder of FHIR NDJSON")
    parser.add_argument("--layout", default="held-out")
    parser.add_argument("--notes", type=int, default=200)
    parser.add_argument("--show", type=int, default=0, help="how many of the commonest errors to print")
    options = parser.parse_args()
    tokenizer = Tokenizer.load()
    shape = model.Shape(len(tokenizer.pieces))
    weights = jax.tree.map(np.asarray, checkpoint.load(options.weights, checkpoint.fresh(shape))["mean"])
    if options.fhir:
        score_fhir(weights, shape, tokenizer, options.fhir, options.show)
    else:
        print("precision %.4f recall %.4f status %.4f" % score_notes(weights, shape, tokenizer, generate.layouts(options.layout), options.notes, 13))


if __name__ == "__main__":
    main()
