"""The tokenizer: learn its pieces, and encode just as llama.cpp's `llama` tokenizer does.

    python tokenizer.py            learns the pieces from generated notes and writes tokenizer.json
    python tokenizer.py --vectors  writes the token vectors of vectors.json

A piece is a run of ASCII letters, a run of digits or one other character; none but the one for a space holds a space.
So a word has the same tokens wherever it stands, and copying it is a matter of attention alone.
"""

import argparse
import collections
import json
import os
import random
import re

HERE = os.path.dirname(os.path.abspath(__file__))
PATH = os.path.join(HERE, "tokenizer.json")

FIELDS = ("problems", "medications", "allergies", "procedures", "follow_up")
STATUSES = ("present", "absent", "past", "family", "planned")
UNKNOWN, BOS, EOS, NOTE, FACTS = range(5)
CONTROL = ["<s>", "</s>", "<|note|>", "<|facts|>"]
# The parts of the answer that recur; llama.cpp matches them as whole strings before anything else.
DEFINED = [f'{{"field":"{f}",' for f in FIELDS] + [f'"status":"{s}",' for s in STATUSES] + ['"quote":"', '"},', '"}]', "[]"]
SPACE = "\u2581"
MERGES = 900
TYPES = {"normal": 1, "unknown": 2, "control": 3, "defined": 4, "byte": 6}


def fold(text):
    """ASCII lower case, which is what the model reads."""
    return "".join(chr(ord(c) + 32) if "A" <= c <= "Z" else c for c in text)


class Tokenizer:
    """Pieces with their types; the score of a learned piece falls with its rank."""

    def __init__(self, learned):
        self.pieces = ["<unk>"] + CONTROL + [f"<0x{b:02X}>" for b in range(256)] + DEFINED
        self.types = [TYPES["unknown"]] + [TYPES["control"]] * 4 + [TYPES["byte"]] * 256 + [TYPES["defined"]] * len(DEFINED)
        self.scores = [0.0] * len(self.pieces)
        characters = [SPACE] + [chr(c) for c in range(33, 127) if not chr(c).isupper()]
        for rank, piece in enumerate(learned + characters):
            self.pieces.append(piece)
            self.types.append(TYPES["normal"])
            self.scores.append(-1.0 - rank)
        self.learned = learned
        self.ids = {p: i for i, p in enumerate(self.pieces)}
        self.normal = {p: i for i, p in enumerate(self.pieces) if self.types[i] == TYPES["normal"]}
        self.byte = 5
        self.defined = sorted(DEFINED, key=len, reverse=True)
        self.cache = {}

    @classmethod
    def load(cls, path=PATH):
        """The tokenizer in a file that `train` wrote."""
        with open(path, encoding="utf-8") as file:
            return cls(json.load(file)["learned"])

    def encode(self, text):
        """Token ids of a text, special parsing off: control tokens are spelled out, the answer's parts are not."""
        fragments = [text]
        for defined in self.defined:
            split = []
            for fragment in fragments:
                if isinstance(fragment, int):
                    split.append(fragment)
                    continue
                for i, part in enumerate(fragment.split(defined)):
                    if i:
                        split.append(self.ids[defined])
                    if part:
                        split.append(part)
            fragments = split
        ids = []
        for fragment in fragments:
            if isinstance(fragment, int):
                ids.append(fragment)
                continue
            # No piece joins two of these runs, so each can be encoded, and remembered, on its own.
            for run in RUN.findall(fragment):
                known = self.cache.get(run)
                if known is None:
                    known = self.cache[run] = self.merge(run.replace(" ", SPACE))
                ids.extend(known)
        return ids

    def merge(self, run):
        """Merge the adjacent pair of the best score, the leftmost on ties, until none is left."""
        parts = list(run)
        while True:
            best, at = None, 0
            for i in range(len(parts) - 1):
                known = self.normal.get(parts[i] + parts[i + 1])
                if known is not None and (best is None or self.scores[known] > best):
                    best, at = self.scores[known], i
            if best is None:
                break
            parts[at:at + 2] = [parts[at] + parts[at + 1]]
        ids = []
        for part in parts:
            if part in self.normal:
                ids.append(self.normal[part])
            else:
                ids.extend(self.byte + b for b in part.encode("utf-8", "surrogatepass"))
        return ids

    def decode(self, ids):
        """The text of tokens; control tokens are left out."""
        data = b""
        for i in ids:
            if self.types[i] == TYPES["byte"]:
                data += bytes([i - self.byte])
            elif self.types[i] in (TYPES["normal"], TYPES["defined"]):
                data += self.pieces[i].replace(SPACE, " ").encode()
        return data.decode("utf-8", "replace")

    def prompt(self, segment):
        """The prompt `galen-extract-v1` of a segment."""
        text = fold("\n".join((segment.heading, segment.lead, segment.opening, segment.text)))
        return [BOS, NOTE] + self.encode(text) + [FACTS]

    def answer(self, facts):
        """The answer for (field, status, quote) triples, with the end of the sequence."""
        if not facts:
            return [self.ids["[]"], EOS]
        ids = [self.ids["["]]
        for i, (field, status, quote) in enumerate(facts):
            ids += [self.ids[f'{{"field":"{field}",'], self.ids[f'"status":"{status}",'], self.ids['"quote":"']]
            ids += self.encode(fold(quote).replace("\\", "\\\\").replace('"', '\\"'))
            ids.append(self.ids['"},' if i + 1 < len(facts) else '"}]'])
        return ids + [EOS]


RUN = re.compile(r"[a-z]+|[0-9]+|[^a-z0-9]")


def learn(texts, count):
    """The `count` most useful merges of letters and of digits in texts, the first learned first."""
    words = collections.Counter()
    for text in texts:
        words.update(w for w in re.findall(r"[a-z]+|[0-9]+", fold(text)) if len(w) > 1)
    parts = [[list(w), n] for w, n in words.most_common(15000)]
    pairs, where = collections.Counter(), collections.defaultdict(set)
    for k, (word, n) in enumerate(parts):
        for pair in zip(word, word[1:]):
            pairs[pair] += n
            where[pair].add(k)
    learned = []
    while len(learned) < count:
        # Ties are broken by the letters, so that the result never depends on hashing.
        pair = max(pairs, key=lambda p: (pairs[p], p))
        joined = pair[0] + pair[1]
        if joined not in learned:
            learned.append(joined)
        for k in list(where[pair]):
            word, n = parts[k]
            for old in zip(word, word[1:]):
                pairs[old] -= n
            i = 0
            while i < len(word) - 1:
                if (word[i], word[i + 1]) == pair:
                    word[i:i + 2] = [joined]
                i += 1
            for new in zip(word, word[1:]):
                pairs[new] += n
                where[new].add(k)
        pairs.pop(pair, None)
        where.pop(pair, None)
    return learned


VECTORS = [
    "", " ", "a", "metformin 500 mg oral tablet", "patient denies chest pain, nausea or vomiting.", "anemia (disorder)",
    "plan\nfollow-up\n\nreturn in two weeks", "24 hr zorvantil hydrochloride 37.5 mg extended release oral tablet [brixum xr]",
    "  two  spaces ", "Upper CASE stays as bytes", "caf\u00e9 \u7cd6\u5c3f\u75c5 \u00b5g \U0001f600", "<s></s><|note|><|facts|><unk><0x41>", "[] and \"}, and {\"field\":\"problems\",",
    '[{"field":"problems","status":"past","quote":"anemia (disorder)"},{"field":"medications","status":"present","quote":"zorvantil 5 mg"}]',
    'a \\"quoted\\" \\\\ word"}]', "tab\there", "1234567890 1000 0.625", "antidisestablishmentarianism xqzvkj", "\u2581 literal mark",
]


def main():
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--vectors", action="store_true")
    if parser.parse_args().vectors:
        tokenizer = Tokenizer.load()
        path = os.path.join(HERE, "vectors.json")
        with open(path, encoding="utf-8") as file:
            vectors = json.load(file)
        vectors["tokens"] = [{"text": t, "ids": tokenizer.encode(t)} for t in VECTORS]
        with open(path, "w", encoding="utf-8") as file:
            json.dump(vectors, file, ensure_ascii=True, indent=1)
            file.write("\n")
        return
    import generate
    rng = random.Random(20)
    learned = learn((generate.generate(rng, generate.TRAINED)[1] for _ in range(6000)), MERGES)
    with open(PATH, "w", encoding="utf-8") as file:
        json.dump({"learned": learned}, file)
        file.write("\n")
    tokenizer = Tokenizer(learned)
    for text in VECTORS:
        assert tokenizer.decode(tokenizer.encode(text)) == text.replace(SPACE, " "), text
    print(f"{len(tokenizer.pieces)} pieces")


if __name__ == "__main__":
    main()
