"""Train the model on generated notes.

    python train.py --out RUN --steps 2800

RUN receives checkpoints (`last.npz`; a later call goes on from there) and `curve.csv`. Runs on whatever device JAX finds.
"""

import argparse
import csv
import os
import random
import time

import jax
import jax.numpy as jnp
import numpy as np

import checkpoint
import dataset
import decode
import generate
import model
from tokenizer import Tokenizer

ROWS, LENGTH = 16, 256  # of a batch
RATE = 2e-3
WARM_UP = 150  # steps
# The curriculum: the longest example (tokens) from a step on. Copying is learned on short text first.
CURRICULUM = ((0, 96), (200, 128), (400, 176), (700, 256))
AVERAGE = 0.99
SAVE_EVERY = 25
EVALUATE_EVERY = 500
COLUMNS = ("step", "tokens", "seconds", "longest", "rate", "loss", "trained_precision", "trained_recall", "held_out_precision", "held_out_recall", "held_out_status")


def longest(step):
    """The longest example at a step."""
    return [length for start, length in CURRICULUM if step >= start][-1]


def rate(step, steps, decay):
    """Warm up, stay, and fall to nothing over the last `decay` steps."""
    return RATE * min(1.0, (step + 1) / WARM_UP, max(steps - step, 1) / decay)


def make_step(shape):
    """The compiled step of AdamW with clipping and the running mean."""

    def loss(weights, tokens, groups, places):
        # Places beyond the last are filled with -1 and count nothing.
        counts = places >= 0
        scores = model.logits(weights, tokens[:, :-1], groups[:, :-1], shape, places)
        target = tokens[:, 1:].reshape(-1)[places]
        chosen = jnp.take_along_axis(jax.nn.log_softmax(scores), target[:, None], -1)[:, 0]
        return -jnp.sum(chosen * counts) / jnp.sum(counts)

    def step(state, tokens, groups, places, lr):
        value, slope = jax.value_and_grad(loss)(state["weights"], tokens, groups, places)
        size = jnp.sqrt(sum(jnp.sum(g * g) for g in jax.tree.leaves(slope)))
        slope = jax.tree.map(lambda g: g * jnp.minimum(1.0, 1.0 / (size + 1e-9)), slope)
        count = state["count"] + 1
        first = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, state["first"], slope)
        second = jax.tree.map(lambda s, g: 0.98 * s + 0.02 * g * g, state["second"], slope)

        def update(w, m, s):
            move = (m / (1 - 0.9**count)) / (jnp.sqrt(s / (1 - 0.98**count)) + 1e-8)
            return w - lr * (move + (0.05 * w if w.ndim == 2 else 0.0))

        weights = jax.tree.map(update, state["weights"], first, second)
        # Early on the mean follows closely, or it would be mostly the initial weights.
        keep = jnp.minimum(AVERAGE, (1.0 + count) / (10.0 + count))
        mean = jax.tree.map(lambda a, w: keep * a + (1 - keep) * w, state["mean"], weights)
        return {"weights": weights, "first": first, "second": second, "mean": mean, "count": count}, value

    return jax.jit(step, donate_argnums=0)


def main():
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", required=True, help="folder for checkpoints and the curve")
    parser.add_argument("--steps", type=int, default=2800, help="steps in all, those of earlier calls included")
    parser.add_argument("--decay", type=int, default=900, help="steps at the end over which the rate falls")
    parser.add_argument("--notes", type=int, default=20, help="notes of each kind that are measured")
    options = parser.parse_args()
    os.makedirs(options.out, exist_ok=True)
    tokenizer = Tokenizer.load()
    shape = model.Shape(len(tokenizer.pieces))
    state = checkpoint.fresh(shape)
    path = os.path.join(options.out, "last.npz")
    if os.path.exists(path):
        state = checkpoint.load(path, state)
    done, seen, spent = int(state.pop("step")), int(state.pop("tokens")), float(state.pop("seconds"))
    print(f"{sum(x.size for x in jax.tree.leaves(state['weights'])):,} parameters, {len(tokenizer.pieces)} pieces, device {jax.devices()[0].platform}, from step {done}", flush=True)
    step_of = make_step(shape)
    current = {"step": done}
    # A resumed run draws other examples than the one before it.
    jax.config.update("jax_compilation_cache_dir", os.path.join(options.out, "compiled"))
    source = dataset.batches(model.SEED + done, tokenizer, ROWS, LENGTH + 1, lambda: longest(current["step"]))
    begin, losses = time.time(), []
    curve = os.path.join(options.out, "curve.csv")
    if not os.path.exists(curve):
        with open(curve, "w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerow(COLUMNS)
    for step in range(done, options.steps):
        current["step"] = step
        tokens, groups, weight = next(source)
        answer = np.flatnonzero(weight[:, :-1])[:ROWS * LENGTH * 5 // 8]
        places = np.full(ROWS * LENGTH * 5 // 8, -1, np.int32)
        places[:len(answer)] = answer
        lr = rate(step, options.steps, options.decay)
        state, value = step_of(state, tokens, groups, places, lr)
        losses.append(value)
        seen += int((groups != 0).sum())
        if (step + 1) % 25 == 0:
            losses = [float(x) for x in losses]
            print(f"step {step + 1} tokens {seen:,} loss {np.mean(losses[-25:]):.4f} seconds {spent + time.time() - begin:.0f}", flush=True)
        seconds = spent + time.time() - begin
        if (step + 1) % SAVE_EVERY == 0 or step + 1 == options.steps:
            checkpoint.save(path, {**state, "step": step + 1, "tokens": seen, "seconds": seconds})
        if (step + 1) % EVALUATE_EVERY == 0 or step + 1 == options.steps:
            arrays = jax.tree.map(np.asarray, state["mean"])
            trained = decode.score_notes(arrays, shape, tokenizer, generate.TRAINED, options.notes, 11)
            held = decode.score_notes(arrays, shape, tokenizer, generate.HELD_OUT, options.notes, 12)
            row = (step + 1, seen, round(seconds), longest(step), f"{lr:.6f}", f"{np.mean(losses):.4f}", *(f"{x:.3f}" for x in (*trained[:2], *held)))
            losses = []
            with open(curve, "a", newline="", encoding="utf-8") as file:
                csv.writer(file).writerow(row)
            print(dict(zip(COLUMNS, row)), flush=True)
            begin, spent = time.time(), seconds  # measuring is not training time


if __name__ == "__main__":
    main()
