"""Training examples: the segments of generated notes with the answers expected for them."""

import random

import numpy as np

import generate
import segment

# Segments without facts and with a lone item are plenty; part of them is left out.
KEEP_EMPTY = 0.4
KEEP_SINGLE = 0.4


def separates(text, at):
    """Whether the character at `at` separates words; a point or comma within a number does not."""
    before, after = text[max(at - 1, 0):at].isdigit(), text[at + 1:at + 2].isdigit()
    c = text[at]
    return c in " ;" or (c == "." and not after) or (c in ",:" and not (before and after))


def is_boundary(text, at):
    """Whether a quote may begin or end here, by the grammar of docs/extraction.md."""
    return at in (0, len(text)) or separates(text, at - 1) or separates(text, at)


def facts_of(piece, facts):
    """The (field, status, quote) triples within a segment, or None if a fact crosses its edge."""
    found = []
    at = {offset: i for i, offset in enumerate(piece.offsets)}
    first, last = piece.offsets[0], piece.offsets[-1]
    for fact in facts:
        if fact.end <= first or fact.begin > last:
            continue
        if fact.begin < first or fact.end - 1 > last:
            return None
        begin, end = at[fact.begin], at[fact.end - 1] + 1
        assert is_boundary(piece.text, begin) and is_boundary(piece.text, end), (piece.text, piece.text[begin:end])
        found.append((fact.field, fact.status, piece.text[begin:end]))
    return found


def labelled(text, facts):
    """All (segment, triples) of a note whose facts lie within segments."""
    for piece in segment.segments(text):
        found = facts_of(piece, facts)
        if found is not None:
            yield piece, found


def examples(rng, tokenizer, layouts=generate.TRAINED):
    """Endless (token ids, length of the prompt)."""
    while True:
        _, text, facts = generate.generate(rng, layouts)
        for piece, found in labelled(text, facts):
            keep = (KEEP_EMPTY, KEEP_SINGLE)[len(found)] if len(found) < 2 else 1.0
            if rng.random() >= keep:
                continue
            prompt = tokenizer.prompt(piece)
            yield prompt + tokenizer.answer(found), len(prompt)


def batches(seed, tokenizer, rows, length, longest):
    """Endless batches: (tokens, group of each token, weight of the loss at the next token), each (rows, length).

    A row is filled with several examples; tokens see those of their own group only. `longest()` is asked at every
    example, so that the curriculum can lengthen while training runs.
    """
    rng = random.Random(seed)
    source = examples(rng, tokenizer)
    while True:
        tokens = np.zeros((rows, length), np.int32)
        groups = np.zeros((rows, length), np.int32)
        weights = np.zeros((rows, length), np.float32)
        used = [0] * rows
        count = refused = 0
        # A few examples that fit nowhere are dropped before the batch counts as full.
        while refused < 12:
            ids, prompt = next(source)
            if len(ids) > min(longest(), length):
                continue
            row = next((r for r in range(rows) if used[r] + len(ids) <= length), None)
            if row is None:
                refused += 1
                continue
            count += 1
            at = used[row]
            used[row] += len(ids)
            tokens[row, at:used[row]] = ids
            groups[row, at:used[row]] = count
            weights[row, at + prompt - 1:used[row] - 1] = 1.0
        yield tokens, groups, weights
